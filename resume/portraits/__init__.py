"""Photographs of documents that a firm gives: a guard compares a face with a face."""
