"""A worker's own key: what opens his pages `/w` and `/p`, made from the id of his row and stored nowhere.

The row's id (random, 122 bits) goes through one block of AES under a key that is derived for nothing else.
So HR can be shown the same key again, the database holds none, and nobody can make one up; every key that was
once handed out stays good while its person is with that firm (docs/adr/0018-the-key-to-ones-own-page.md).
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from flask import current_app

from resume.sealing import sealer
from resume.settings import Settings

LENGTH = 26  # characters of base32 for 16 bytes
GROUP = 5
_BLOCK = 16
_SEPARATORS = re.compile(r"[\s\-‐-―·.]+")
_SHAPE = re.compile(rf"[A-Z2-7]{{{LENGTH}}}")
#: Base32 has neither 0 nor 1 nor 8: whoever types one meant the letter.
_MEANT = str.maketrans("018", "OIB")


def own_keys(worker_ids: Sequence[UUID]) -> list[str]:
    """The key of each row, as it is printed: `ABCDE-FGHIJ-…`, 26 characters in groups of five."""
    encryptor = _cipher().encryptor()
    blocks = encryptor.update(b"".join(each.bytes for each in worker_ids))
    return [_printed(blocks[at : at + _BLOCK]) for at in range(0, len(blocks), _BLOCK)]


def worker_id_of(typed: str) -> UUID | None:
    """The row that a key as people type it was made for; None for what has not its shape.

    A key that somebody made up gives an id that no row has.
    """
    text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_MEANT)
    if not _SHAPE.fullmatch(text):
        return None
    try:
        block = base64.b32decode(text + "======")
    except binascii.Error:
        return None
    return UUID(bytes=_cipher().decryptor().update(block)) if _compact(block) == text else None


def looks_like_key(typed: str) -> bool:
    """Whether this is meant as a key; what is shorter is a pass number."""
    return len(_SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))) >= LENGTH - 4


def own_link(key: str) -> str:
    """The address to hand on. The key stands behind #: no server, log or proxy is told of it."""
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    return f"{settings.public_url}/w#{key}"


def phone_link(key: str) -> str:
    """The address that puts the pass on the phone which opens it, with the same key."""
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    return f"{settings.public_url}/p#{key}"


def _printed(block: bytes) -> str:
    text = _compact(block)
    return "-".join(text[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def _compact(block: bytes) -> str:
    return base64.b32encode(block).decode().rstrip("=")


def _cipher() -> Cipher[modes.ECB]:
    # One block each, and no two alike: what makes ECB unsafe for texts cannot happen.
    return Cipher(algorithms.AES(sealer().index("own-key", "1")), modes.ECB())  # noqa: S305
