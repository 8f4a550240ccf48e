"""Vectors of key lists, status lists and typed numbers; written by `make_vectors`.

`expect` is what opening comes to: `failed` names the refusal, else what the list says.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from resume.credential.claims import CHANGES
from resume.credential.cose import ORDER, Sealer
from resume.credential.keys import KEY_LIST_TYPE, KEYS, KeySet, KeyState, kid_of, mint_key_list
from resume.credential.status import STATUS_LIST_TYPE, compress, mint_status_list, pack
from tests.credential.samples import (
    ACTIVE,
    ANCHOR,
    ISSUED,
    ISSUER,
    LONG_AGO,
    STATUS,
    STATUS_URI,
    STRANGER,
    certificate,
    entry,
    signer,
)
from tests.credential.samples import KEYS as SAMPLE_KEYS

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NOW = ISSUED + 2 * HOUR
RETIRED_STATUS, DISTRUSTED_STATUS = 17, 18
#: The sample keys, and two more for lists: one retired when the sample pass was issued, one distrusted.
LIST_KEYS = KeySet(
    ISSUER,
    (
        *SAMPLE_KEYS.entries,
        entry(RETIRED_STATUS, KeyState.RETIRED, ISSUED, "status"),
        entry(DISTRUSTED_STATUS, KeyState.DISTRUSTED, LONG_AGO, "status"),
    ),
)
MALFORMED, NOT_GENUINE = {"failed": "Malformed"}, {"failed": "NotGenuine"}


def base64_of(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def anchor_spki() -> str:
    key = entry(ANCHOR, KeyState.ACTIVE, ISSUED, "keys").public_key
    return base64_of(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def key_lists() -> Iterator[dict[str, Any]]:
    """Vectors of `open_key_list`: message, issuer asked for, moment, outcome."""

    def vector(name: str, message: bytes, expect: Any, *, issuer: str = ISSUER, at: datetime = NOW) -> Any:
        return {"name": name, "message": base64_of(message), "issuer": issuer, "at": at, "expect": expect}

    end = ISSUED + timedelta(days=7)
    whole = mint_key_list(LIST_KEYS, issued_at=ISSUED, expires_at=end, signer=signer(ANCHOR))
    none = mint_key_list(KeySet(ISSUER, ()), issued_at=ISSUED, expires_at=end, signer=signer(ANCHOR))
    good = {"issued_at": ISSUED, "changes": 0, "keys": [key.kid.hex() for key in LIST_KEYS.entries]}
    later = mint_key_list(LIST_KEYS, issued_at=ISSUED, expires_at=end, changes=7, signer=signer(ANCHOR))
    yield vector("good", whole, good)
    yield vector("after seven changes", later, good | {"changes": 7})
    yield vector("good, no keys", none, good | {"keys": []})
    yield vector("last second", whole, good, at=end - SECOND)
    yield vector("at its end", whole, NOT_GENUINE, at=end)
    yield vector("a clock that lags behind the list", whole, good, at=ISSUED - HOUR)
    yield vector("another issuer", whole, NOT_GENUINE, issuer="BJ")
    by_pass_key = mint_key_list(LIST_KEYS, issued_at=ISSUED, expires_at=end, signer=signer(ACTIVE))
    yield vector("signed by a key of passes", by_pass_key, NOT_GENUINE)
    flipped = whole[:-1] + bytes([whole[-1] ^ 1])
    yield vector("one bit of the signature", flipped, NOT_GENUINE)
    yield vector("a purpose changed under it", whole.replace(b"RIDER", b"MOVER"), NOT_GENUINE)
    yield from _of_messages(whole, vector)
    for name, (claims, is_good) in _key_claims().items():
        expect = good | {"keys": [kid_of(certificate(ACTIVE)).hex()]} if is_good else MALFORMED
        yield vector(name, Sealer(signer(ANCHOR), KEY_LIST_TYPE).seal(cbor2.dumps(claims)), expect)


def _of_messages(whole: bytes, vector: Any) -> Iterator[dict[str, Any]]:
    """What no list of any kind may be, as a message."""
    protected, _, payload, signature = cbor2.loads(whole)
    r, s = signature[:32], int.from_bytes(signature[32:], "big")
    high = cbor2.dumps([protected, {}, payload, r + (ORDER - s).to_bytes(32, "big")])
    without_type = cbor2.dumps([cbor2.dumps({1: -7, 4: cbor2.loads(protected)[4]}), {}, payload, signature])
    other_type = cbor2.dumps(
        [cbor2.dumps(cbor2.loads(protected) | {16: "application/cwt"}), {}, payload, signature]
    )
    messages = {
        "nothing": b"",
        "cut short": whole[:-1],
        "a byte more": whole + b"\0",
        "tag 18": b"\xd2" + whole,
        "high s": high,
        "no type": without_type,
        "another type": other_type,
        "HTML": b"<!doctype html><title>502</title>",
    }
    for name, message in messages.items():
        yield vector(name, message, MALFORMED)


def _key_claims() -> dict[str, tuple[Any, bool]]:
    """Claims that the anchor signed, and whether they are a key list."""
    der = certificate(ACTIVE)
    one = {1: kid_of(der), 2: der, 3: 0, 4: 0, 5: "RTW"}
    claims = {1: ISSUER, 4: 2**31, 6: int(ISSUED.timestamp()), KEYS: [one]}

    def holding(other: bytes) -> dict[int, Any]:
        return claims | {KEYS: [one | {1: kid_of(other), 2: other}]}

    return {
        "one key": (claims, True),
        "more claims, more fields": (claims | {3: "x", KEYS: [one | {6: "x"}], "z": []}, True),
        "a float among them": (claims | {3: 1.5}, False),
        "undefined among them": (claims | {3: cbor2.undefined}, False),
        "nested too deeply": (claims | {3: [[[[[[[[0]]]]]]]]}, False),
        "changes past 32 bits": (claims | {CHANGES: 2**32}, False),
        "changes below zero": (claims | {CHANGES: -1}, False),
        "changes that are true": (claims | {CHANGES: True}, False),
        "no issuer": ({key: value for key, value in claims.items() if key != 1}, False),
        "no end": ({key: value for key, value in claims.items() if key != 4}, False),
        "an end past 2106": (claims | {4: 2**32}, False),
        "an array of claims": ([claims], False),
        "keys as a map": (claims | {KEYS: {}}, False),
        "keys as text": (claims | {KEYS: "RTW"}, False),
        "a key as an array": (claims | {KEYS: [[0, one[1], der, 0, 0, "RTW"]]}, False),
        "a key twice": (claims | {KEYS: [one, one | {5: "status"}]}, False),
        "a state of tomorrow": (claims | {KEYS: [one | {3: 3}]}, False),
        "a state before the first": (claims | {KEYS: [one | {3: -1}]}, False),
        "a state that is true": (claims | {KEYS: [one | {3: True}]}, False),
        "since before 1970": (claims | {KEYS: [one | {4: -1}]}, False),
        "a purpose that is no text": (claims | {KEYS: [one | {5: 1}]}, False),
        "the kid of another": (claims | {KEYS: [one | {1: b"12345678"}]}, False),
        "a kid that is no bytes": (claims | {KEYS: [one | {1: 5}]}, False),
        "a certificate that is no bytes": (claims | {KEYS: [one | {2: 2**40}]}, False),
        "a certificate cut short": (holding(der[:-1]), False),
        "a certificate with more behind it": (holding(der + b"\0"), False),
        "no certificate at all": (holding(b"no"), False),
        "a key on P-384": (holding(_on_p384()), False),
        "an RSA key": (holding(_RSA), False),
    }


@cache
def _on_p384() -> bytes:
    """A certificate of a key that ES256 cannot use."""
    key = ec.derive_private_key(7, ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test key P-384")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2022, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2042, 1, 1, tzinfo=UTC))
        .sign(key, SHA256(), ecdsa_deterministic=True)
        .public_bytes(Encoding.DER)
    )


def status_lists() -> Iterator[dict[str, Any]]:
    """Vectors of `open_status_list`: message, address asked for, moment, outcome."""
    end = ISSUED + 24 * HOUR
    values = {70001: 2, 5: 1, 9: 3, 131_071: 1}
    said = {
        "70001": "suspended",
        "5": "revoked",
        "6": "active",
        "9": None,
        "131071": "revoked",
        "131072": None,
    }

    def vector(name: str, message: bytes, expect: Any, *, uri: str = STATUS_URI, at: datetime = NOW) -> Any:
        return {"name": name, "message": base64_of(message), "uri": uri, "at": at, "expect": expect}

    def minted(by: int = STATUS, issued_at: datetime = ISSUED, **more: Any) -> bytes:
        return mint_status_list(
            values, uri=STATUS_URI, issued_at=issued_at, expires_at=end, ttl=14400, signer=signer(by), **more
        )

    def good(issued_at: datetime = ISSUED, statuses: Any = said, changes: int = 0) -> Any:
        told = {"issued_at": issued_at, "expires_at": end, "ttl": 14400}
        return told | {"changes": changes, "statuses": statuses}

    whole, older = minted(), ISSUED - 12 * HOUR
    yield vector("good", whole, good())
    yield vector("after 2^32 - 1 changes", minted(changes=2**32 - 1), good(changes=2**32 - 1))
    yield vector("an older version, still in time", minted(issued_at=older), good(older))
    yield vector("names where all lists are", minted(aggregation_uri="http://127.0.0.1:8000/s"), good())
    yield vector("first second", whole, good(), at=ISSUED)
    yield vector("of a time to come", whole, NOT_GENUINE, at=ISSUED - SECOND)
    yield vector("last second", whole, good(), at=end - SECOND)
    yield vector("at its end", whole, NOT_GENUINE, at=end)
    yield vector("another address", whole, NOT_GENUINE, uri=STATUS_URI + "1")
    yield vector("one bit of the signature", whole[:-1] + bytes([whole[-1] ^ 1]), NOT_GENUINE)
    yield vector("signed by a key of passes", minted(ACTIVE), NOT_GENUINE)
    yield vector("signed by a key nobody knows", minted(STRANGER), NOT_GENUINE)
    yield vector("signed by the key of key lists", minted(ANCHOR), NOT_GENUINE)
    yield vector("retired key, list of its time", minted(RETIRED_STATUS), good())
    yield vector("retired key, list made later", minted(RETIRED_STATUS, ISSUED + SECOND), NOT_GENUINE)
    yield vector("distrusted key", minted(DISTRUSTED_STATUS), NOT_GENUINE)
    yield from _of_messages(whole, vector)
    claims = {
        2: STATUS_URI,
        4: int(end.timestamp()),
        6: int(ISSUED.timestamp()),
        65533: {"lst": compress(pack(values)), "bits": 2},
        65534: 14400,
    }
    for name, changes in _status_claims(claims).items():
        message = Sealer(signer(STATUS), STATUS_LIST_TYPE).seal(cbor2.dumps(claims | changes))
        yield vector(name, message, MALFORMED)
    eight = compress(bytes([0b0110]) + bytes(7))
    beginning = {"0": "suspended", "1": "revoked", "2": "active", "31": "active", "32": None}
    for name, lst in {"a short list": eight, "stored": zlib.compress(bytes([0b0110]) + bytes(7), 0)}.items():
        message = Sealer(signer(STATUS), STATUS_LIST_TYPE).seal(
            cbor2.dumps(claims | {65533: {"lst": lst, "bits": 2}})
        )
        yield vector(name, message, good(statuses=beginning))


def _status_claims(claims: dict[int, Any]) -> dict[str, dict[int, Any]]:
    """Changes of claims that a status key signed, and that are no status list."""
    lst = claims[65533]["lst"]
    flipped = lst[:-1] + bytes([lst[-1] ^ 1])
    with_dictionary = zlib.compressobj(zdict=b"abcd")
    lists: dict[str, Any] = {
        "zlib: nothing": b"",
        "zlib: something else": b"no zlib data",
        "zlib: cut short": lst[:-1],
        "zlib: cut before its sum": lst[:-4],
        "zlib: followed by something": lst + b"\0",
        "zlib: twice": lst + lst,
        "zlib: a wrong sum": flipped,
        "zlib: a place more than a shard": compress(bytes(2**15 + 1)),
        "zlib: a bomb": zlib.compress(bytes(10**6)),
        "zlib: raw": lst[2:-4],
        "zlib: with a dictionary": with_dictionary.compress(bytes(64)) + with_dictionary.flush(),
        "lst as text": "eNo",
    }
    changes: dict[str, dict[int, Any]] = {
        name: {65533: {"lst": value, "bits": 2}} for name, value in lists.items()
    }
    for bits in (1, 4, 2.0, True, "2", None):
        changes[f"bits {bits!r}"] = {65533: {"lst": lst, "bits": bits}}
    return changes | {
        "no lst": {65533: {"bits": 2}},
        "no bits": {65533: {"lst": lst}},
        "a list of lists": {65533: [lst]},
        "changes past 32 bits": {CHANGES: 2**32},
        "changes below zero": {CHANGES: -1},
        "changes as text": {CHANGES: "1"},
        "sub as bytes": {2: STATUS_URI.encode()},
        "sub null": {2: None},
        "issued before 1970": {6: -1},
        "ends past 2106": {4: 2**32},
        "ttl of nothing": {65534: None},
        "ttl below zero": {65534: -1},
        "ttl past 32 bits": {65534: 2**32},
        "ttl with a fraction": {65534: 0.5},
    }


#: As it is typed, and the number that is meant; None where it is no number.
NUMBERS: dict[str, str | None] = {
    "310115000017Z": "310115000017Z",
    "3101 1500 0017 Z": "310115000017Z",
    "310115-000017-z": "310115000017Z",
    "３１０１１５００００１７Ｚ": "310115000017Z",
    "3101·1500·0017·Z": "310115000017Z",
    "3101\u20131500\u20150017.Z": "310115000017Z",
    "\u3000310115000017Z\u00a0\r\n": "310115000017Z",
    "\x1c310115\x85000017\u2028Z\t": "310115000017Z",
    "31011500001⑦Z": "310115000017Z",
    "": None,
    "310115000017": None,
    "310115000017ZZ": None,
    "310115000017A": None,
    "310115000071Z": None,
    "3IO115000017Z": None,
    "\ufeff310115000017Z": None,
    "310115\u200b000017Z": None,
    "٣١٠١١٥٠٠٠٠١٧Z": None,
    "310115_000017_Z": None,
    "310115000017\u00df": None,
    "310115000017Z\u0301": None,
}


#: A certificate with an RSA key, made once: such signatures cannot be made again from a small secret.
_RSA = base64.b64decode(
    "MIIBojCCAQugAwIBAgIBBzANBgkqhkiG9w0BAQsFADAXMRUwEwYDVQQDDAx0ZXN0IGtleSBSU0EwHhcNMjIwMTAxMDAwMDAw"
    "WhcNNDIwMTAxMDAwMDAwWjAXMRUwEwYDVQQDDAx0ZXN0IGtleSBSU0EwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAK3R"
    "KXsFiMCrnbc941klhKXDO3Psc9MqSBsacZzXEV+29FkxdJK+q449iV7Yb9dGZ5nHqFAklp4lmtIg3zpyOpfBgh/TroXKxRnd"
    "mtW7Z/Eu8Pm3Hq87M1VHJIUgbkPz8Q8Fwvt1tannIeIvWrqDgs88Md1KaUNJK2Jt0ARWUo1fAgMBAAEwDQYJKoZIhvcNAQEL"
    "BQADgYEAczcMUImjUqx/+/eBPLKWbbjuZ/3OCU8YKklJsg5dJtwfd35My6/k9J3S4VaHxamCIleboEExlsGYtEvvNV2eZGnH"
    "kockOxltCQjTGJGL+zFmUk4cTPFyxaZ0/QseQAg412iWuMUSIr7Qqvbyxq8Al6ACNmfcmLHAKOESBjfxx/A="
)
