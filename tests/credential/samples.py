"""Test keys, certificates, claims: invented, fixed, and good for nothing else.

Signatures here are deterministic (RFC 6979) so that the vector files come out the same each time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from resume.credential.cose import Signer
from resume.credential.keys import KeyEntry, KeySet, KeyState, kid_of
from resume.credential.number import pass_number
from resume.credential.payload import Claims, PassPayload
from resume.credential.phone import PhoneKey

ISSUER = "SH"
PUBLIC_URL = "http://127.0.0.1:8000"
STATUS_URI = "http://127.0.0.1:8000/s/0"
ISSUED = datetime.fromisoformat("2022-04-22T10:15:00+08:00").astimezone(UTC)


class RepeatableKey:
    """A P-256 key whose signatures are the same at each call; `scalar` is the whole secret."""

    def __init__(self, scalar: int) -> None:
        self.key = ec.derive_private_key(scalar, ec.SECP256R1())
        self.curve = self.key.curve

    def sign(self, data: bytes, _: Any) -> bytes:
        return self.key.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True))


@cache
def certificate(scalar: int) -> bytes:
    """A self-signed certificate (DER) of the key with this scalar."""
    key = RepeatableKey(scalar).key
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"test key {scalar}")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(scalar)
        .not_valid_before(datetime(2022, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2042, 1, 1, tzinfo=UTC))
        .sign(key, SHA256(), ecdsa_deterministic=True)
        .public_bytes(Encoding.DER)
    )


def signer(scalar: int) -> Signer:
    key = cast(ec.EllipticCurvePrivateKey, RepeatableKey(scalar))
    return Signer(kid_of(certificate(scalar)), key)


ACTIVE, RETIRED, DISTRUSTED, STATUS, STRANGER, RIDER = 11, 12, 13, 14, 15, 16
ANCHOR = 21
PHONE, OTHER_PHONE = 31, 32


def phone(scalar: int) -> ec.EllipticCurvePrivateKey:
    """The key in a phone."""
    return cast(ec.EllipticCurvePrivateKey, RepeatableKey(scalar))


PHONE_KEY = PhoneKey.of(RepeatableKey(PHONE).key.public_key())


def entry(scalar: int, state: KeyState, since: datetime, purpose: str = "RTW") -> KeyEntry:
    return KeyEntry(certificate(scalar), state, since, purpose)


LONG_AGO = ISSUED - timedelta(days=30)
KEYS = KeySet(
    ISSUER,
    (
        entry(ACTIVE, KeyState.ACTIVE, LONG_AGO),
        entry(RETIRED, KeyState.RETIRED, ISSUED),
        entry(DISTRUSTED, KeyState.DISTRUSTED, LONG_AGO),
        entry(STATUS, KeyState.ACTIVE, LONG_AGO, "status"),
        entry(RIDER, KeyState.ACTIVE, LONG_AGO, "RIDER"),
    ),
)

PAYLOAD = PassPayload(
    profile="RTW",
    number=pass_number("310115", 17),
    name="王小明",
    document_type="resident_id",
    last_four="123X",
    firm="浦江精工",
    origin_id=4021,
    origin_name="锦绣苑12号",
    destination_id=77,
    destination_name="张江一厂",
    pcr_sampled_at=ISSUED - timedelta(hours=15, minutes=15),
    good_until=ISSUED - timedelta(hours=15, minutes=15) + timedelta(hours=48),
    building_clear_from=date(2022, 4, 20),
)

CLAIMS = Claims(
    iss=ISSUER,
    cti=bytes.fromhex("0190a2b3c4d5e6f70819202122232425"),
    iat=ISSUED,
    nbf=ISSUED,
    exp=ISSUED + timedelta(hours=168),
    status_idx=70001,
    status_uri=STATUS_URI,
    payload=PAYLOAD,
)


def claims_with(**changes: Any) -> Claims:
    """CLAIMS with other values; names of the payload's fields and of the claims alike.

    A pass on a phone is bound to the sample phone unless another key is given.
    """
    ours = {key: value for key, value in changes.items() if key in Claims.__dataclass_fields__}
    inner = {key: value for key, value in changes.items() if key not in ours}
    if inner.get("medium") == "phone":
        ours.setdefault("phone_key", PHONE_KEY)
    return replace(CLAIMS, payload=replace(CLAIMS.payload, **inner), **ours)
