"""The token: claims in a strict COSE_Sign1, and its text in the QR."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from resume.credential.base32 import from_base32, to_base32
from resume.credential.claims import decode_claims, encode_claims
from resume.credential.cose import Envelope, Malformed, Sealer, Signer, open_envelope
from resume.credential.payload import NAMES_BUDGET, Claims, cut_person, shorten, size
from resume.credential.phone import Proof, parse_proof

TOKEN_BUDGET = 310  # bytes of COSE that we mint on paper: QR version 15-M at most
PHONE_TOKEN_BUDGET = 390  # bytes: a screen shows finer modules than a printer at a firm
TOKEN_LIMIT = 1024  # bytes of COSE that we read
_AROUND_PAYLOAD = 84  # bytes of COSE around a payload of 24 to 255 bytes
_PAYLOAD_BUDGET = TOKEN_BUDGET - _AROUND_PAYLOAD
_PHONE_KEY = 78  # bytes of the claim `cnf`; names are cut the same with and without it
_LEAST_FOR_NAMES = 24  # bytes; with less, off line nobody can tell whose pass it is
_TEXT_LIMIT = 4096

_TEXT = re.compile(r"(?:https?://[^\s#]+/v#)?(?P<base32>[A-Z2-7]+)(?:\.(?P<proof>[A-Z2-7]+))?")


class TooLong(ValueError):
    """Issuer, status URI and ids leave no room for names within the budget."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the right shape; its signature is not verified yet, nor is its phone's proof."""

    envelope: Envelope
    claims: Claims
    proof: Proof | None = None

    @property
    def kid(self) -> bytes:
        return self.envelope.kid


class Minter:
    """Mints many tokens under one key; the parts they share are encoded once."""

    def __init__(self, signer: Signer) -> None:
        self._sealer = Sealer(signer)

    def mint(self, claims: Claims) -> bytes:
        """COSE_Sign1 of at most 310 bytes, 390 on a phone; names are cut to fit (see `fit`).

        Raises `TooLong`.
        """
        return self._sealer.seal(_encode_within_budget(claims)[0])


def mint(claims: Claims, signer: Signer) -> bytes:
    """One token, as a `Minter` mints it. Raises `TooLong`."""
    return Minter(signer).mint(claims)


def mint_all(batch: Iterable[Claims], signer: Signer) -> list[bytes]:
    """Tokens in the order of `batch`, all under one key. Raises `TooLong`."""
    minter = Minter(signer)
    return [minter.mint(claims) for claims in batch]


def fit(claims: Claims) -> Claims:
    """The claims as a token says them: the names NFC and cut.

    Together they take at most 95 bytes of UTF-8, and less where issuer, status URI and ids leave
    less of the budget. Raises `TooLong`.
    """
    return _encode_within_budget(claims)[1]


def qr_parts(public_url: str, token: bytes) -> tuple[str, str]:
    """The two segments of the QR: the address (byte mode) and the base32 (alphanumeric mode)."""
    return f"{public_url.rstrip('/')}/v#", to_base32(token)


def qr_text(public_url: str, token: bytes) -> str:
    """The whole text of the QR: `<public URL>/v#<base32>`."""
    return "".join(qr_parts(public_url, token))


def parse(presented: str | bytes) -> Token:
    """The token in a QR's text, in its base32 alone, or in raw COSE bytes; else `Malformed`.

    White space around a text is forgiven, nothing else is. A text may end in `.` and the proof of
    the phone, where the pass is on one.
    """
    message, proof = (presented, None) if isinstance(presented, bytes) else _parts_of(presented)
    envelope = open_envelope(message, limit=TOKEN_LIMIT)
    claims = decode_claims(envelope.payload)
    if proof is not None and claims.phone_key is None:
        raise Malformed("the proof of a phone beside a pass on paper")
    return Token(envelope, claims, proof)


def _parts_of(text: str) -> tuple[bytes, Proof | None]:
    match = _TEXT.fullmatch(text.strip()) if len(text) <= _TEXT_LIMIT else None
    if match is None:
        raise Malformed("not the text of a pass")
    proof = match["proof"]
    return from_base32(match["base32"]), None if proof is None else parse_proof(proof)


def _encode_within_budget(claims: Claims) -> tuple[bytes, Claims]:
    most = _PAYLOAD_BUDGET + (0 if claims.phone_key is None else _PHONE_KEY)
    encoded = encode_claims(claims)
    if len(encoded) <= most and _are_short(claims.payload.names):
        return encoded, claims
    budget = NAMES_BUDGET
    while budget >= _LEAST_FOR_NAMES:
        shortened = replace(claims, payload=claims.payload.with_names(shorten(claims.payload.names, budget)))
        encoded = encode_claims(shortened)
        excess = len(encoded) - most
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
