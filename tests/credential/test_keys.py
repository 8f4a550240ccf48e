from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from resume.credential.cose import Malformed, Sealer, Signer
from resume.credential.keys import (
    KEY_LIST_TYPE,
    KeyList,
    KeySet,
    KeyState,
    NotGenuine,
    kid_of,
    mint_key_list,
    open_key_list,
    plain_key_list,
)
from resume.credential.keys import (
    KEYS as KEYS_CLAIM,
)
from tests.credential.samples import (
    ACTIVE,
    ANCHOR,
    DISTRUSTED,
    ISSUED,
    ISSUER,
    KEYS,
    RETIRED,
    RIDER,
    STRANGER,
    certificate,
    entry,
    signer,
)

ANCHOR_KEY = entry(ANCHOR, KeyState.ACTIVE, ISSUED, "keys").public_key
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("scalar", "issued_at", "code"),
    [
        (ACTIVE, ISSUED, "OK"),
        (RETIRED, ISSUED, "OK"),
        (RETIRED, ISSUED + SECOND, "KEY_RETIRED"),
        (DISTRUSTED, ISSUED - timedelta(days=60), "KEY_DISTRUSTED"),
        (STRANGER, ISSUED, "KEY_UNKNOWN"),
        (RIDER, ISSUED, "KEY_UNKNOWN"),
    ],
)
def test_three_different_answers(scalar, issued_at, code):
    kid = kid_of(certificate(scalar))
    assert KEYS.judge(kid, issuer=ISSUER, purpose="RTW", issued_at=issued_at) == code


def test_a_key_does_not_speak_for_another_issuer():
    kid = kid_of(certificate(ACTIVE))
    assert KEYS.judge(kid, issuer="BJ", purpose="RTW", issued_at=ISSUED) == "KEY_UNKNOWN"


def minted(keys=KEYS, by=ANCHOR) -> bytes:
    return mint_key_list(keys, issued_at=ISSUED, expires_at=ISSUED + timedelta(days=7), signer=signer(by))


def test_the_signed_list_is_read_back():
    assert open_key_list(minted(), ANCHOR_KEY, issuer=ISSUER, at=ISSUED) == KeyList(KEYS, ISSUED, 0)


def test_a_list_of_another_signer_issuer_or_time_is_not_genuine():
    with pytest.raises(NotGenuine):
        open_key_list(minted(by=ACTIVE), ANCHOR_KEY, issuer=ISSUER, at=ISSUED)
    with pytest.raises(NotGenuine):
        open_key_list(minted(replace(KEYS, issuer="BJ")), ANCHOR_KEY, issuer=ISSUER, at=ISSUED)
    with pytest.raises(NotGenuine):
        open_key_list(minted(), ANCHOR_KEY, issuer=ISSUER, at=ISSUED + timedelta(days=7))


def test_every_changed_byte_of_a_key_list_is_found():
    message = minted()
    for position in range(0, len(message), 3):
        changed = message[:position] + bytes([message[position] ^ 0x10]) + message[position + 1 :]
        with pytest.raises((Malformed, NotGenuine)):
            open_key_list(changed, ANCHOR_KEY, issuer=ISSUER, at=ISSUED)


@pytest.mark.parametrize(
    "listed",
    [
        [{1: b"12345678", 2: certificate(ACTIVE), 3: 0, 4: 0, 5: "RTW"}],
        [{1: kid_of(b"no"), 2: b"no", 3: 0, 4: 0, 5: "RTW"}],
        [{1: kid_of(certificate(ACTIVE)), 2: certificate(ACTIVE), 3: 9, 4: 0, 5: "RTW"}],
        [{1: kid_of(certificate(ACTIVE)), 2: certificate(ACTIVE), 3: True, 4: 0, 5: "RTW"}],
        [["", kid_of(certificate(ACTIVE)), certificate(ACTIVE), 0, 0, "RTW"]],
        [{1: bytes(8), 2: 2**40, 3: 0, 4: 0, 5: "RTW"}],
        {},
        [[]],
        5,
    ],
)
def test_impossible_entries_are_malformed(listed):
    claims = {1: ISSUER, 4: 2**31, 6: 0, KEYS_CLAIM: listed}
    message = Sealer(signer(ANCHOR), KEY_LIST_TYPE).seal(cbor2.dumps(claims))
    with pytest.raises(Malformed):
        open_key_list(message, ANCHOR_KEY, issuer=ISSUER, at=ISSUED)


def test_the_plain_list():
    plain = plain_key_list(KEYS)
    assert [row["state"] for row in plain] == ["active", "retired", "distrusted", "active", "active"]
    for row, key in zip(plain, KEYS.entries, strict=True):
        assert set(row) == {"kid", "certificate", "state"}
        assert bytes.fromhex(row["kid"]) == key.kid
        assert x509.load_pem_x509_certificate(row["certificate"].encode()).public_key() == key.public_key


def test_only_keys_on_p256_sign():
    with pytest.raises(ValueError, match="P-256"):
        Signer(b"12345678", ec.generate_private_key(ec.SECP384R1()))
    with pytest.raises(ValueError, match="8 bytes"):
        Signer(b"1234", ec.generate_private_key(ec.SECP256R1()))


def test_a_key_has_one_purpose():
    with pytest.raises(ValueError, match="twice"):
        KeySet(
            ISSUER, (entry(ACTIVE, KeyState.ACTIVE, ISSUED), entry(ACTIVE, KeyState.ACTIVE, ISSUED, "status"))
        )
