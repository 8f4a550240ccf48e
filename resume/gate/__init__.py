"""The gate: verify, record, refuse; medical exits."""
