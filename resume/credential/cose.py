"""COSE_Sign1 with ES256 in one strict shape, for tokens, key lists and status lists.

RFC 9052 and RFC 8949 4.2.1, narrowed so that one message has one encoding: exactly
`[protected, {}, payload, signature]`, no tag, `alg` and `kid` in the protected header and nothing
else there (but `typ`, RFC 9596, where the caller expects one), shortest forms, low S. A verifier
that is laxer accepts messages whose bytes were changed, and a pass that exists in several
encodings cannot be found by its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NoReturn

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ALG: Final = 1
KID: Final = 4
TYP: Final = 16
ES256: Final = -7
KID_LENGTH: Final = 8
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256

ECDSA: Final = ec.ECDSA(SHA256())
_MAX_DEPTH = 8
# Every tag cbor2 gives a meaning to; none has one here, and some are costly to decode.
_TAGS_OF_CBOR2 = (
    0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799,
)  # fmt: skip


class Malformed(ValueError):
    """The bytes are not a message of this profile."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private P-256 key and the id its public certificate is known by."""

    kid: bytes
    private_key: ec.EllipticCurvePrivateKey

    def __post_init__(self) -> None:
        if len(self.kid) != KID_LENGTH:
            raise ValueError("a kid has 8 bytes")
        if not isinstance(self.private_key.curve, ec.SECP256R1):
            raise ValueError("ES256 needs a key on P-256")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message of the right shape whose signature nobody has verified yet."""

    kid: bytes
    protected: bytes
    payload: bytes
    signature: bytes


def protected_header(kid: bytes, typ: str | None = None) -> bytes:
    """The one encoding of the protected header for this key and type."""
    header: dict[int, int | bytes | str] = {ALG: ES256, KID: kid}
    if typ is not None:
        header[TYP] = typ
    return cbor2.dumps(header)


class Sealer:
    """Signs payloads under one key and type; what all messages share is encoded once."""

    def __init__(self, signer: Signer, typ: str | None = None) -> None:
        protected = cbor2.dumps(protected_header(signer.kid, typ))
        self._key = signer.private_key
        self._prefix = b"\x84" + protected + b"\xa0"
        self._to_sign = b"\x84" + cbor2.dumps("Signature1") + protected + b"\x40"

    def seal(self, payload: bytes) -> bytes:
        """The COSE_Sign1 message, with low S."""
        wrapped = cbor2.dumps(payload)
        return self._prefix + wrapped + b"\x58\x40" + raw_signature(self._key, self._to_sign + wrapped)


def raw_signature(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """The ES256 signature of `data`: r and a low s, 32 bytes each."""
    r, s = decode_dss_signature(key.sign(data, ECDSA))
    return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


def open_envelope(message: bytes, *, limit: int, typ: str | None = None) -> Envelope:
    """The parts of a message of at most `limit` bytes, or `Malformed`.

    The algorithm is pinned here, before any key is looked up, and a high S is refused here.
    """
    if len(message) > limit:
        raise Malformed(f"longer than {limit} bytes")
    match decode_strict(message):
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)] if not unprotected:
            pass
        case _:
            raise Malformed("not [protected, {}, payload, signature]")
    header = decode_strict(protected)
    kid = header.get(KID) if isinstance(header, dict) else None
    if not isinstance(kid, bytes) or len(kid) != KID_LENGTH or protected != protected_header(kid, typ):
        raise Malformed("the protected header is not exactly the one of this profile")
    if len(signature) != 64 or not is_canonical(signature):
        raise Malformed("the signature is not r and a low s, 32 bytes each")
    return Envelope(kid, protected, payload, signature)


def is_signed_by(envelope: Envelope, public_key: ec.EllipticCurvePublicKey) -> bool:
    """True when the key (on P-256) made the signature of this envelope."""
    to_sign = cbor2.dumps(["Signature1", envelope.protected, b"", envelope.payload])
    r, s = _integers(envelope.signature)
    try:
        public_key.verify(encode_dss_signature(r, s), to_sign, ECDSA)
    except InvalidSignature:
        return False
    return True


def decode_strict(encoded: bytes) -> Any:
    """The value of `encoded`, or `Malformed` unless it re-encodes to the same bytes.

    Refused: indefinite lengths, tags, duplicate keys, longer forms than needed, bytes left over,
    deep nesting; floats and all simple values but false, true and null; keys other than integers
    and texts. (To Python 1, 1.0 and True are one key and equal values; to a browser they are not.)
    The order of map keys is not looked at here: whoever knows the map compares against its one
    encoding.
    """
    try:
        value = cbor2.loads(
            encoded,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            max_depth=_MAX_DEPTH,
            semantic_decoders=_NO_TAGS,
            tag_hook=_refuse_tag,
        )
        same = cbor2.dumps(value) == encoded
    except (cbor2.CBORError, ValueError, TypeError) as error:
        raise Malformed("not CBOR of this profile") from error
    if not same or not _is_plain(value):
        raise Malformed("not the deterministic encoding of plain values")
    return value


def _is_plain(value: Any) -> bool:
    if type(value) is dict:
        return all(type(key) in (int, str) and _is_plain(item) for key, item in value.items())
    if type(value) is list:
        return all(map(_is_plain, value))
    return value is None or type(value) in (int, str, bytes, bool)


def _refuse_tag(*_: Any) -> NoReturn:
    raise ValueError("tags have no place here")


_NO_TAGS = dict.fromkeys(_TAGS_OF_CBOR2, _refuse_tag)


def _integers(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def is_canonical(signature: bytes) -> bool:
    """True for an r in its range and a low s: of the two signatures that verify, the one we take."""
    r, s = _integers(signature)
    return 0 < r < ORDER and 0 < s <= ORDER // 2
