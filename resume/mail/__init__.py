"""Letters: written in their reader's language, queued with what caused them, delivered once by the worker."""
