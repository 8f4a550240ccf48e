"""Doors of the gate, by what is done there."""
