"""Objections (异议): a person says that what is known of him is wrong; a case with a clock and an answer."""
