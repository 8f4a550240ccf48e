"""Changes by hand: proposed with a reference, confirmed by a second person, taken in like a feed."""
