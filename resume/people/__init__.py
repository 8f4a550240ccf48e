"""A person's identity: document, sealed number, blind index."""
