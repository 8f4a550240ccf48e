"""Who applies: firms and their plants."""
