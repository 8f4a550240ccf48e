"""Escalations (上报处置): good passes that a gate refused, and medical exits; the street's desk answers."""
