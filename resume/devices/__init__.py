"""Phones of gates: enrolled by a code that opens once, known by a token, revocable."""
