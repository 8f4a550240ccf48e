"""P3: tokens minted a second on one core, beside raw ES256 signatures of `cryptography`.

The obvious way is the floor nobody gets below: one signature over bytes of the same length, with
nothing encoded, cut, made low-S or packed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from bench.measurement import Measurement, seconds
from resume.credential.cose import Signer
from resume.credential.number import pass_number
from resume.credential.payload import Claims, PassPayload
from resume.credential.token import mint_all

TOKENS = 5_000
TARGET = 1 / 5
ISSUED = datetime(2022, 4, 22, 2, 15, tzinfo=UTC)
NAMES = ("王小明", "阿卜杜拉·买买提", "欧阳建国", "Alexander Montgomery")


def measure() -> Iterator[Measurement]:
    """Raw and minted, in turns of one run."""
    key = ec.generate_private_key(ec.SECP256R1())
    batch = [claims(serial) for serial in range(1, TOKENS + 1)]
    minted = seconds(lambda: mint_all(batch, Signer(bytes(8), key)))
    message, algorithm = bytes(260), ec.ECDSA(SHA256())
    raw = seconds(lambda: [key.sign(message, algorithm) for _ in batch])
    yield Measurement("P3 tokens minted", "tokens/s", TOKENS / minted, TOKENS / raw, TARGET)


def claims(serial: int) -> Claims:
    """The claims of one invented pass; every fourth has a name that must be cut."""
    sampled = ISSUED - timedelta(hours=15)
    payload = PassPayload(
        profile="RTW",
        number=pass_number("310115", serial),
        name=NAMES[serial % len(NAMES)],
        document_type="resident_id",
        last_four=f"{serial % 10_000:04d}",
        firm="浦江精工",
        origin_id=serial % 20_000,
        origin_name="锦绣苑12号",
        destination_id=serial % 300,
        destination_name="张江一厂",
        pcr_sampled_at=sampled,
        good_until=sampled + timedelta(hours=48),
        building_clear_from=date(2022, 4, 20),
    )
    return Claims(
        iss="SH",
        cti=serial.to_bytes(16, "big"),
        iat=ISSUED,
        nbf=ISSUED,
        exp=ISSUED + timedelta(hours=168),
        status_idx=serial,
        status_uri="http://127.0.0.1:8000/s/0",
        payload=payload,
    )


if __name__ == "__main__":
    for line in measure():
        print(f"{line.name}: {line.ours:,.0f} {line.unit}; raw {line.obvious:,.0f}; ratio {line.ratio:.2f}")
