"""Decide and sign off."""
