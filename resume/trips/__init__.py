"""Trips: from the exit at the compound to the entry at the plant, who is under way, and who is overdue."""
