"""Asking for sets, as resume/sets.py does it."""

from resume.sets import dialect, packed, within, within_named

__all__ = ["dialect", "packed", "within", "within_named"]
