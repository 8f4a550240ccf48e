"""HTTP that is no slice's own: pages and fragments, language, headers, errors, the request log."""
