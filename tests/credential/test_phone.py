from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from resume.credential.check import check
from resume.credential.phone import PhoneKey, phone_text, sign_proof, step_of
from resume.credential.token import mint
from resume.credential.views import GateView, PassStatus
from tests.credential.samples import (
    ACTIVE,
    KEYS,
    OTHER_PHONE,
    PHONE,
    PHONE_KEY,
    PUBLIC_URL,
    STRANGER,
    claims_with,
    phone,
    signer,
)

CLAIMS = claims_with(medium="phone")
AT = CLAIMS.iat + timedelta(hours=1)


def shown(by=PHONE, made_at=AT, minted_by=ACTIVE) -> str:
    return phone_text(PUBLIC_URL, mint(CLAIMS, signer(minted_by)), sign_proof(phone(by), CLAIMS.cti, made_at))


def answer_to(presented, **given):
    return check(presented, KEYS, at=AT, gate=GateView("v"), status_of=lambda _: PassStatus.ACTIVE, **given)


@pytest.mark.parametrize(
    ("presented", "given", "code", "layer"),
    [
        (shown(), {}, "OK", "good"),
        (shown(made_at=AT - timedelta(minutes=2)), {}, "PHONE_STALE", "refused"),
        (mint(CLAIMS, signer(ACTIVE)), {}, "PHONE_STALE", "refused"),
        (mint(CLAIMS, signer(ACTIVE)), {"ask_phone": False}, "OK", "unchecked"),
        (shown(by=OTHER_PHONE), {}, "FORGED", "broken"),
        (shown(by=OTHER_PHONE), {"ask_phone": False}, "FORGED", "broken"),
        (shown(minted_by=STRANGER), {}, "KEY_UNKNOWN", "unchecked"),
    ],
)
def test_what_the_layer_of_the_phone_says(presented, given, code, layer):
    answer = answer_to(presented, **given)
    assert (answer.code, answer.layers["phone"]) == (code, layer)


def test_a_forged_proof_leaves_the_issuers_signature_good_and_shows_nothing():
    answer = answer_to(shown(by=OTHER_PHONE))
    assert answer.claims is None
    assert answer.layers["signature"] == "good"
    assert answer.layers["time"] == "unchecked"


def test_a_pass_on_paper_has_no_layer_for_a_phone():
    assert "phone" not in answer_to(mint(claims_with(), signer(ACTIVE))).layers


def test_a_proof_is_good_for_its_step_and_the_ones_beside_it():
    proofs = {step: shown(made_at=AT + timedelta(seconds=30 * step)) for step in range(-3, 4)}
    good = {step for step, text in proofs.items() if answer_to(text).code == "OK"}
    assert good == {-1, 0, 1}
    assert step_of(AT) == int(AT.timestamp()) // 30


def test_a_claims_set_names_a_key_exactly_on_a_phone():
    with pytest.raises(ValueError, match="phone"):
        claims_with(phone_key=PHONE_KEY)
    with pytest.raises(ValueError, match="phone"):
        claims_with(medium="phone", phone_key=None)


def test_a_key_is_a_point_on_the_curve():
    assert PHONE_KEY.public_key == phone(PHONE).key.public_key()
    for x, y in ((PHONE_KEY.y, PHONE_KEY.x), (PHONE_KEY.x, PHONE_KEY.y[1:]), (b"\xff" * 32, PHONE_KEY.y)):
        with pytest.raises(ValueError):
            PhoneKey(x, y)
    with pytest.raises(ValueError, match="P-256"):
        PhoneKey.of(ec.generate_private_key(ec.SECP384R1()).public_key())
