"""The pass on its bearer's own phone: `/p`, a code that changes every thirty seconds, with or without network."""
