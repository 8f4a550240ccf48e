"""Feeds come in and act."""
