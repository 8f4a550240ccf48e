"""Which key may sign what, and the signed list of keys a checker carries.

A key has one purpose: the profile of the passes it signs, or `status` for lists. Not knowing a
key, knowing that it was retired and knowing that it leaked are three answers: the first may be an
old list, the second spares the passes it signed in its time, the third spares none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from resume.credential.claims import (
    CHANGES,
    EXP,
    IAT,
    ISS,
    count_of,
    from_seconds,
    map_of,
    octets_of,
    text_of,
    to_seconds,
    whole_of,
)
from resume.credential.codes import Code
from resume.credential.cose import (
    KID_LENGTH,
    Malformed,
    Sealer,
    Signer,
    decode_strict,
    is_signed_by,
    open_envelope,
)

STATUS_PURPOSE = "status"
KEY_LIST_TYPE = "application/vnd.resume.keylist+cwt"
KEY_LIST_LIMIT = 256 * 1024  # bytes
KEYS = -65538  # private claim: array of {1 kid, 2 certificate DER, 3 state, 4 since, 5 purpose}


class KeyState(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"
    DISTRUSTED = "distrusted"


_STATE_NUMBERS = {KeyState.ACTIVE: 0, KeyState.RETIRED: 1, KeyState.DISTRUSTED: 2}
_STATE_OF = {number: state for state, number in _STATE_NUMBERS.items()}


class NotGenuine(ValueError):
    """A list that its key did not sign, or that names another issuer or address, or is out of date."""


def kid_of(certificate: bytes) -> bytes:
    """First 8 bytes of SHA-256 over the certificate's DER."""
    return sha256(certificate).digest()[:KID_LENGTH]


@dataclass(frozen=True)
class KeyEntry:
    """One public key: `certificate` is X.509 DER with a P-256 key, `since` when `state` began."""

    certificate: bytes
    state: KeyState
    since: datetime
    purpose: str

    @cached_property
    def kid(self) -> bytes:
        return kid_of(self.certificate)

    @cached_property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Raises `ValueError` unless the certificate can be read and holds a key on P-256."""
        key = x509.load_der_x509_certificate(self.certificate).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("the certificate holds no key on P-256")
        return key


@dataclass(frozen=True)
class KeySet:
    """The keys of one issuer, several valid at a time. Raises `ValueError` for a key listed twice."""

    issuer: str
    entries: tuple[KeyEntry, ...]

    def __post_init__(self) -> None:
        if len(self._by_kid) != len(self.entries):
            raise ValueError("a key is listed twice: a key has one state and one purpose")

    @cached_property
    def _by_kid(self) -> Mapping[bytes, KeyEntry]:
        return {entry.kid: entry for entry in self.entries}

    def find_entry(self, kid: bytes) -> KeyEntry | None:
        return self._by_kid.get(kid)

    def judge(self, kid: bytes, *, issuer: str, purpose: str, issued_at: datetime) -> Code:
        """May this key speak for `issuer` in this purpose at that moment?

        `OK`, `KEY_UNKNOWN` (no such key, or not for this issuer or purpose), `KEY_DISTRUSTED`, or
        `KEY_RETIRED` (issued after its retirement; what it signed until then stays good).
        """
        entry = self.find_entry(kid)
        if entry is None or issuer != self.issuer or purpose != entry.purpose:
            return Code.KEY_UNKNOWN
        if entry.state is KeyState.DISTRUSTED:
            return Code.KEY_DISTRUSTED
        if entry.state is KeyState.RETIRED and issued_at > entry.since:
            return Code.KEY_RETIRED
        return Code.OK


@dataclass(frozen=True, slots=True)
class KeyList:
    """A key list whose signature was verified. Of two that of the later (`issued_at`, `changes`) holds."""

    keys: KeySet
    issued_at: datetime
    changes: int = 0


def plain_key_list(keys: KeySet) -> list[dict[str, str]]:
    """The list as it is written to `keys.json`: `kid` in hex, `certificate` in PEM, `state`."""
    return [
        {
            "kid": entry.kid.hex(),
            "certificate": x509.load_der_x509_certificate(entry.certificate)
            .public_bytes(Encoding.PEM)
            .decode(),
            "state": entry.state.value,
        }
        for entry in keys.entries
    ]


def mint_key_list(
    keys: KeySet, *, issued_at: datetime, expires_at: datetime, signer: Signer, changes: int = 0
) -> bytes:
    """`keys.cwt`: a CWT with iss, exp, iat and the keys, signed by the key checkers hold in advance.

    `changes` is how many changes of keys it was made after: times are whole seconds.
    """
    claims = {
        ISS: keys.issuer,
        EXP: to_seconds(expires_at),
        IAT: to_seconds(issued_at),
        KEYS: [_encode_entry(entry) for entry in keys.entries],
        CHANGES: changes,
    }
    return Sealer(signer, KEY_LIST_TYPE).seal(cbor2.dumps(claims))


def open_key_list(message: bytes, anchor: ec.EllipticCurvePublicKey, *, issuer: str, at: datetime) -> KeyList:
    """The verified list.

    `anchor` is the public key the checker was given when it was set up. Raises `Malformed`, or
    `NotGenuine` when the anchor did not sign it, it is another issuer's, or `at` is past its end.
    """
    envelope = open_envelope(message, limit=KEY_LIST_LIMIT, typ=KEY_LIST_TYPE)
    if not is_signed_by(envelope, anchor):
        raise NotGenuine("the key list is not signed by the key this checker holds")
    payload = decode_strict(envelope.payload)
    try:
        claims = map_of(payload)
        keys = KeySet(text_of(claims[ISS]), tuple(_entries_of(claims[KEYS])))
        found = KeyList(keys, from_seconds(claims[IAT]), count_of(claims.get(CHANGES, 0)))
        expires_at = from_seconds(claims[EXP])
    except (LookupError, TypeError, ValueError) as error:
        raise Malformed("not a key list") from error
    if keys.issuer != issuer:
        raise NotGenuine("the key list of another issuer")
    if at >= expires_at:
        raise NotGenuine("the key list is out of date")
    return found


def _encode_entry(entry: KeyEntry) -> dict[int, bytes | int | str]:
    return {
        1: entry.kid,
        2: entry.certificate,
        3: _STATE_NUMBERS[entry.state],
        4: to_seconds(entry.since),
        5: entry.purpose,
    }


def _entries_of(encoded: Any) -> Iterable[KeyEntry]:
    if type(encoded) is not list:
        raise TypeError("a list of keys expected")
    for raw in map(map_of, encoded):
        state = _STATE_OF[whole_of(raw[3])]
        entry = KeyEntry(octets_of(raw[2]), state, from_seconds(raw[4]), text_of(raw[5]))
        if entry.kid != raw[1] or entry.public_key is None:
            raise ValueError("a kid that is not its certificate's")
        yield entry
