"""Doors of the machine interface, by what is done there."""
