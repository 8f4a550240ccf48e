"""What is known, from whom, since when: an append-only ledger of records, and facts read from it."""
