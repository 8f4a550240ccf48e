"""The text of a token: `rsm_`, the row's id, and 256 random bits.

A random secret of that length cannot be guessed, so a plain SHA-256 keeps it: a slow hash is for passwords,
which people choose. The id finds the row; the hash is compared in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from uuid import UUID

_TEXT = re.compile(r"rsm_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


def new_secret() -> str:
    """256 random bits in base64url, without padding."""
    return secrets.token_urlsafe(32)


def token_text(token_id: UUID, secret: str) -> str:
    """What the party is given, once."""
    return f"rsm_{token_id.hex}_{secret}"


def read_token(text: str) -> tuple[UUID, str] | None:
    """The row's id and the secret of what was presented, or None for what is no token of ours."""
    found = _TEXT.fullmatch(text)
    return None if found is None else (UUID(found[1]), found[2])


def hashed(secret: str) -> bytes:
    """What is stored of a secret, 32 bytes."""
    return hashlib.sha256(secret.encode()).digest()


def is_secret(secret: str, stored: bytes) -> bool:
    """Whether a secret is the one that was stored, in constant time."""
    return hmac.compare_digest(hashed(secret), stored)
