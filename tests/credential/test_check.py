from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from resume.credential.check import LAYERS, PHONE_LAYERS, check
from resume.credential.codes import TEXTS, Code
from resume.credential.keys import KeyEntry, KeySet, KeyState
from resume.credential.status import StatusBits
from resume.credential.token import mint
from resume.credential.views import EvidenceAnswer, GateView, PassStatus, TripView
from tests.credential import make_vectors
from tests.credential.samples import ACTIVE, CLAIMS, KEYS, STRANGER, claims_with, signer

DOCUMENT = json.loads(
    (Path(__file__).parents[1] / "vectors" / "token-check.json").read_text(encoding="utf-8")
)


def key_set(document: dict[str, Any]) -> KeySet:
    return KeySet(
        document["issuer"],
        tuple(
            KeyEntry(
                x509.load_pem_x509_certificate(row["certificate"].encode()).public_bytes(Encoding.DER),
                KeyState(row["state"]),
                datetime.fromisoformat(row["since"]),
                row["purpose"],
            )
            for row in document["keys"]
        ),
    )


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def gate_view(raw: dict[str, Any]) -> GateView:
    places = {key: frozenset(raw[key]) for key in ("building_ids", "plant_ids")}
    return GateView(**raw | places)


def evidence_answer(raw: dict[str, Any] | None) -> EvidenceAnswer | None:
    return None if raw is None else EvidenceAnswer(raw["outcome"], tuple(raw["codes"]))


def answer_of(vector: dict[str, Any]):
    return check(
        vector["token"],
        key_set(DOCUMENT),
        at=datetime.fromisoformat(vector["at"]),
        gate=gate_view(vector["gate"]),
        status_of=lambda _: None if vector["status"] is None else PassStatus(vector["status"]),
        status_as_of=moment(vector["status_as_of"]),
        evidence=lambda _: evidence_answer(vector["evidence"]),
        trip=TripView(**{key: moment(value) for key, value in vector["trip"].items()}),
        antigen=vector["antigen"],
        ask_phone=vector["ask_phone"],
    )


@pytest.mark.parametrize("vector", DOCUMENT["vectors"], ids=lambda vector: vector["name"])
def test_the_answer_is_the_vectors(vector):
    answer = answer_of(vector)
    assert {
        "verdict": answer.verdict,
        "code": answer.code,
        "reasons": list(answer.reasons),
        "claims": answer.claims is not None,
        "advice": answer.advice,
    } == vector["expect"]
    is_bound = answer.claims is not None and answer.claims.phone_key is not None
    assert tuple(answer.layers) == (PHONE_LAYERS if is_bound or "phone" in answer.layers else LAYERS)


def test_the_vector_files_are_the_ones_their_maker_writes():
    for file, text in make_vectors.rendered().items():
        written, made = json.loads(file.read_text(encoding="utf-8")), json.loads(text)
        if file.stem == "token-statuslists":  # another build of zlib packs the same list into other bytes
            for vector in (*written["vectors"], *made["vectors"]):
                del vector["message"]
        assert written == made, file.name


def test_every_code_of_the_pass_is_in_a_vector_and_has_its_sentences():
    used = {code for vector in DOCUMENT["vectors"] for code in [vector["expect"]["code"]]}
    assert used >= set(Code)
    assert set(TEXTS) == set(Code)
    assert all(set(texts) == {"zh", "en"} and all(texts.values()) for texts in TEXTS.values())


def test_the_keys_of_the_file_agree_with_each_other():
    for row, entry in zip(DOCUMENT["keys"], key_set(DOCUMENT).entries, strict=True):
        assert row["kid"] == entry.kid.hex()
        assert base64.b64decode(row["spki"]) in entry.certificate


TOKENS = [
    mint(claims_with(specimen=specimen), signer(scalar))
    for specimen in (False, True)
    for scalar in (ACTIVE, STRANGER)
]
moments = st.sampled_from([CLAIMS.iat, CLAIMS.exp, CLAIMS.payload.good_until, make_vectors.NOON]).map(
    lambda value: value + make_vectors.SECOND
)
maybe = st.none() | moments


@given(
    token=st.sampled_from(TOKENS),
    at=moments,
    gate=st.sampled_from(["COMPOUND", "PLANT", "ANY", "TESTING_PLANT"]),
    status=st.none() | st.sampled_from(PassStatus),
    as_of=maybe,
    evidence=st.none()
    | st.builds(EvidenceAnswer, st.sampled_from(["eligible", "not_eligible", "not_known"])),
    trip=st.builds(TripView, maybe, maybe, maybe),
    antigen=st.sampled_from([None, "negative", "positive"]),
)
def test_green_only_when_everything_is_known_and_good(
    token, at, gate, status, as_of, evidence, trip, antigen
):
    view = gate_view(getattr(make_vectors, gate))
    answer = check(
        token,
        KEYS,
        at=at,
        gate=view,
        status_of=lambda _: status,
        status_as_of=as_of,
        evidence=lambda _: evidence,
        trip=trip,
        antigen=antigen,
    )
    assert (answer.verdict == "green") is (answer.reasons == ()) is (answer.code == "OK")
    assert answer.reasons == () or answer.reasons[0] == answer.code
    if answer.verdict == "green":
        assert token == TOKENS[0]
        assert CLAIMS.nbf <= at < CLAIMS.exp
        assert status is PassStatus.ACTIVE
        assert evidence.outcome == "eligible" if evidence else at <= CLAIMS.payload.good_until
        assert not (view.kind == "compound" and trip.out_at)
        assert trip.in_at is None
        assert antigen != "positive"
        assert antigen == "negative" or not view.antigen_required
    if answer.claims is None:
        assert token in (TOKENS[1], TOKENS[3])


def test_what_a_list_says_of_a_pass():
    assert PassStatus.of_bits(StatusBits.VALID) == "active"
    assert PassStatus.of_bits(StatusBits.INVALID) == "revoked"
    assert PassStatus.of_bits(StatusBits.SUSPENDED) == "suspended"
    assert PassStatus.of_bits(None) is None


def test_fractions_of_a_second_are_cut():
    almost = CLAIMS.payload.good_until.replace(microsecond=999_999)
    answer = check(
        TOKENS[0],
        KEYS,
        at=almost,
        gate=GateView("RTW"),
        status_of=lambda _: PassStatus.ACTIVE,
    )
    assert answer.verdict == "green"
