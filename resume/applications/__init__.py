"""A plan version and a worker list submitted together as one case."""
