"""The pass sheet: rendered, signed, read back."""
