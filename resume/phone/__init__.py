"""The pass on its bearer's own phone: `/p`, a code of each half minute, with or without network."""
