"""Firms that register themselves: received from anybody, decided by the district or an administrator."""
