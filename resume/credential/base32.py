"""Base32 as it stands in a QR: upper case, no padding, one spelling for the same bytes."""

from __future__ import annotations

import base64
import re
from typing import Final

from resume.credential.cose import Malformed

_TEXT: Final = re.compile(r"[A-Z2-7]*")
#: Our digits as Python writes numbers to the base of 32: as one number a text is read ten times as fast.
_AS_DIGITS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHIJKLMNOPQRSTUV")
#: Whole bytes never end with these numbers of characters in the last eight.
_NO_LENGTHS: Final = frozenset([1, 3, 6])


def to_base32(octets: bytes) -> str:
    """The text of these bytes."""
    return base64.b32encode(octets).decode().rstrip("=")


def from_base32(text: str) -> bytes:
    """The bytes of a text over A-Z and 2-7, or `Malformed`."""
    if _TEXT.fullmatch(text) is None or len(text) % 8 in _NO_LENGTHS:
        raise Malformed("not base32")
    if not text:
        return b""
    length, spare = divmod(5 * len(text), 8)
    number = int(text.translate(_AS_DIGITS), 32)
    # The last character may carry bits that belong to no byte: one token, one text.
    if number & ((1 << spare) - 1):
        raise Malformed("not the one base32 text of these bytes")
    return (number >> spare).to_bytes(length, "big")
