"""The token: claims in a strict COSE_Sign1, and its text in the QR."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from resume.credential.claims import decode_claims, encode_claims
from resume.credential.cose import Envelope, Malformed, Sealer, Signer, open_envelope
from resume.credential.payload import NAMES_BUDGET, Claims, cut_person, shorten, size

TOKEN_BUDGET = 310  # bytes of COSE that we mint: QR version 15-M at most
TOKEN_LIMIT = 1024  # bytes of COSE that we read
_AROUND_PAYLOAD = 84  # bytes of COSE around a payload of 24 to 255 bytes
_PAYLOAD_BUDGET = TOKEN_BUDGET - _AROUND_PAYLOAD
_LEAST_FOR_NAMES = 24  # bytes; with less, off line nobody can tell whose pass it is
_TEXT_LIMIT = 4096

_TEXT = re.compile(r"(?:https?://[^\s#]+/v#)?(?P<base32>[A-Z2-7]+)")


class TooLong(ValueError):
    """Issuer, status URI and ids leave no room for names within 310 bytes."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the right shape; its signature is not verified yet."""

    envelope: Envelope
    claims: Claims

    @property
    def kid(self) -> bytes:
        return self.envelope.kid


class Minter:
    """Mints many tokens under one key; the parts they share are encoded once."""

    def __init__(self, signer: Signer) -> None:
        self._sealer = Sealer(signer)

    def mint(self, claims: Claims) -> bytes:
        """COSE_Sign1 of at most 310 bytes; names are cut to fit (see `fit`). Raises `TooLong`."""
        return self._sealer.seal(_encode_within_budget(claims)[0])


def mint(claims: Claims, signer: Signer) -> bytes:
    """One token: COSE_Sign1 of at most 310 bytes; names are cut to fit. Raises `TooLong`."""
    return Minter(signer).mint(claims)


def mint_all(batch: Iterable[Claims], signer: Signer) -> list[bytes]:
    """Tokens in the order of `batch`, all under one key. Raises `TooLong`."""
    minter = Minter(signer)
    return [minter.mint(claims) for claims in batch]


def fit(claims: Claims) -> Claims:
    """The claims as a token says them: the names NFC and cut.

    Together they take at most 95 bytes of UTF-8, and less where issuer, status URI and ids leave
    less of the 310. Raises `TooLong`.
    """
    return _encode_within_budget(claims)[1]


def qr_parts(public_url: str, token: bytes) -> tuple[str, str]:
    """The two segments of the QR: the address (byte mode) and the base32 (alphanumeric mode)."""
    return f"{public_url.rstrip('/')}/v#", base64.b32encode(token).decode().rstrip("=")


def qr_text(public_url: str, token: bytes) -> str:
    """The whole text of the QR: `<public URL>/v#<base32>`."""
    return "".join(qr_parts(public_url, token))


def parse(presented: str | bytes) -> Token:
    """The token in a QR's text, in its base32 alone, or in raw COSE bytes; else `Malformed`.

    White space around a text is forgiven, nothing else is.
    """
    message = presented if isinstance(presented, bytes) else _message_of(presented)
    envelope = open_envelope(message, limit=TOKEN_LIMIT)
    return Token(envelope, decode_claims(envelope.payload))


@lru_cache(maxsize=64)  # a check reads its text twice: for the pass it names, and for the proof
def _message_of(text: str) -> bytes:
    match = _TEXT.fullmatch(text.strip()) if len(text) <= _TEXT_LIMIT else None
    if match is None:
        raise Malformed("not the text of a pass")
    digits = match["base32"]
    try:
        message = base64.b32decode(digits + "=" * (-len(digits) % 8))
    except ValueError as error:
        raise Malformed("not base32") from error
    # The last character may carry bits that belong to no byte: one token, one text.
    if base64.b32encode(message).decode().rstrip("=") != digits:
        raise Malformed("not the one base32 text of these bytes")
    return message


def _encode_within_budget(claims: Claims) -> tuple[bytes, Claims]:
    encoded = encode_claims(claims)
    if len(encoded) <= _PAYLOAD_BUDGET and _are_short(claims.payload.names):
        return encoded, claims
    budget = NAMES_BUDGET
    while budget >= _LEAST_FOR_NAMES:
        shortened = replace(claims, payload=claims.payload.with_names(shorten(claims.payload.names, budget)))
        encoded = encode_claims(shortened)
        excess = len(encoded) - _PAYLOAD_BUDGET
        if excess <= 0:
            return encoded, shortened
        budget = min(budget, sum(map(size, shortened.payload.names))) - excess
    raise TooLong(f"no room for names: shorten iss {claims.iss!r} or the status URI {claims.status_uri!r}")


def _are_short(names: tuple[str, str, str, str]) -> bool:
    return (
        sum(map(size, names)) <= NAMES_BUDGET
        and cut_person(names[0]) == names[0]
        and all(unicodedata.is_normalized("NFC", name) for name in names)
    )
