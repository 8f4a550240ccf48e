"""Base32 as it stands in a QR: upper case, no padding, one spelling for the same bytes."""

from __future__ import annotations

import base64

from resume.credential.cose import Malformed


def to_base32(octets: bytes) -> str:
    """The text of these bytes."""
    return base64.b32encode(octets).decode().rstrip("=")


def from_base32(text: str) -> bytes:
    """The bytes of a text over A-Z and 2-7, or `Malformed`."""
    try:
        octets = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError as error:
        raise Malformed("not base32") from error
    # The last character may carry bits that belong to no byte: one token, one text.
    if to_base32(octets) != text:
        raise Malformed("not the one base32 text of these bytes")
    return octets
