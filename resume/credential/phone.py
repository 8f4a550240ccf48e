"""The pass on a phone: its key, and the proof that changes every thirty seconds.

A picture of a QR can be sent to anybody. So the token of a pass on a phone names a key that never
leaves that phone (claim 8 `cnf`, RFC 8747), and beside the token stands what this key signed for
the present step of thirty seconds: `<public URL>/v#<token>.<proof>`, both in base32. A checker
needs no network for it, only a clock that is right to half a minute or so.

    proof       4 bytes step (big-endian) + 64 bytes ES256 signature, r and a low s
    signed      deterministic CBOR of ["resume-phone-1", cti, step]
    step        floor(seconds since 1970 / 30)

Off by one step either way is forgiven: the second it takes to hold up a phone, and two clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from resume.credential.base32 import from_base32, to_base32
from resume.credential.cose import ECDSA, Malformed, is_canonical, raw_signature

STEP: Final = 30  # seconds
TOLERANCE: Final = 1  # steps, either way
_CONTEXT = "resume-phone-1"
_PROOF_LENGTH = 4 + 64
_P: Final = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF  # field of P-256
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B  # its constant


@dataclass(frozen=True, slots=True)
class PhoneKey:
    """The public key of a phone: a point on P-256, 32 bytes each. Raises `ValueError` for another."""

    x: bytes
    y: bytes

    def __post_init__(self) -> None:
        if len(self.x) != 32 or len(self.y) != 32:
            raise ValueError("a coordinate has 32 bytes")
        x, y = int.from_bytes(self.x, "big"), int.from_bytes(self.y, "big")
        if x >= _P or y >= _P or (y * y - x * x * x + 3 * x - _B) % _P:
            raise ValueError("not a point on P-256")

    @classmethod
    def of(cls, key: ec.EllipticCurvePublicKey) -> PhoneKey:
        """From a public key; `ValueError` for another curve."""
        if not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("a phone's key is on P-256")
        numbers = key.public_numbers()
        return cls(numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"))

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        x, y = int.from_bytes(self.x, "big"), int.from_bytes(self.y, "big")
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof of the right shape that nobody has verified yet."""

    step: int
    signature: bytes = field(repr=False)

    def is_made_by(self, key: PhoneKey, cti: bytes) -> bool:
        """True when this phone signed this pass for this step."""
        r, s = (int.from_bytes(half, "big") for half in (self.signature[:32], self.signature[32:]))
        try:
            key.public_key.verify(encode_dss_signature(r, s), _signed(cti, self.step), ECDSA)
        except InvalidSignature:
            return False
        return True

    def is_of(self, at: datetime) -> bool:
        """True when its step is the one of `at` (aware), or next to it."""
        return abs(self.step - step_of(at)) <= TOLERANCE


def step_of(at: datetime) -> int:
    """The step a moment falls into."""
    if at.tzinfo is None:
        raise ValueError("a moment without an offset")
    return int(at.timestamp() // STEP)


def sign_proof(private_key: ec.EllipticCurvePrivateKey, cti: bytes, at: datetime) -> bytes:
    """The 68 bytes that a phone shows at `at`. What the phone does itself; here for tests and demo."""
    step = step_of(at)
    return step.to_bytes(4, "big") + raw_signature(private_key, _signed(cti, step))


def parse_proof(text: str) -> Proof:
    """From its base32; `Malformed` unless it is a step and a canonical signature in their one text."""
    octets = from_base32(text)
    if len(octets) != _PROOF_LENGTH or not is_canonical(octets[4:]):
        raise Malformed("not the proof of a phone")
    return Proof(int.from_bytes(octets[:4], "big"), octets[4:])


def phone_text(public_url: str, token: bytes, proof: bytes) -> str:
    """The whole text of the QR on a phone."""
    return f"{public_url.rstrip('/')}/v#{to_base32(token)}.{to_base32(proof)}"


def _signed(cti: bytes, step: int) -> bytes:
    return cbor2.dumps([_CONTEXT, cti, step])
