"""What a firm sees at a glance; lost cover."""
