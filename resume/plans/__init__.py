"""One firm, one plan, its versions."""
