"""Issuing: who gets a pass, what is stored, what a second issue replaces, what it costs in statements."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume.applications.models import Application, Decision
from resume.credential.token import parse
from resume.db import reading, transaction
from resume.evidence.watermark import bump
from resume.jobs import count_open
from resume.passes.issue import EvidenceMoved, prepare, write
from resume.passes.keys import key_set
from resume.passes.models import Pass
from resume.passes.queries import get_pass, status_of
from resume.passes.sheets import token_of
from resume.policy import decide, facts_from_json
from resume.review.operations import approve_withheld, sign_off
from resume.review.queries import list_workers
from resume.sealing import sealer
from tests.passes.city import SIGNER, add_negative
from tests.passes.conftest import MakeCity


def passes() -> list[Pass]:
    return list(reading().scalars(select(Pass).order_by(Pass.number)))


def test_only_the_eligible_with_a_plant_get_a_pass(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=5, without_test=[1], without_site=[3])
    batch = sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    assert (batch.approved, batch.withheld) == (3, 2)
    codes = reading().scalars(select(Decision.code).where(Decision.is_approved.is_(False)))
    assert sorted(codes) == ["NOT_LISTED", "PCR_NONE"]
    assert {found.worker_id for found in passes()} == {city.worker_ids[place] for place in (0, 2, 4)}
    assert count_open("sheet") == 3


def test_a_token_says_what_the_pass_is(city_of: MakeCity, at: datetime) -> None:
    city_of(workers=1)
    city = reading().scalars(select(Application)).one()
    sign_off(city.id, revision=2, by=SIGNER, at=at)
    found = passes()[0]
    token = parse(token_of(found))
    claims = token.claims
    assert claims.cti == found.id.bytes
    assert claims.iat == claims.nbf == found.issued_at == at
    assert claims.exp - claims.iat == timedelta(hours=168)
    assert claims.payload.number == found.number
    assert claims.payload.name == "王小明"
    assert claims.payload.good_until == found.good_until == at - timedelta(hours=10) + timedelta(hours=48)
    assert (claims.status_idx, claims.status_uri[-2:]) == (found.status_index, f"/{found.shard}")
    assert key_set().judge(token.kid, issuer=claims.iss, purpose="RTW", issued_at=at) == "OK"


def test_a_decision_can_be_replayed(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=2, without_test=[1])
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    for decision in reading().scalars(select(Decision)):
        stored = sealer().open(decision.sealed, place=f"decision:sealed:{decision.id}")
        verdict = decide(facts_from_json(stored["facts"]), profile="RTW", at=decision.at)
        assert verdict.outcome == stored["outcome"]
        assert (verdict.outcome == "eligible") == decision.is_approved


def test_withheld_ones_are_approved_by_a_later_batch(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=3, without_test=[1])
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    later = at + timedelta(hours=3)
    with transaction():
        add_negative(city, 1, sampled_at=at)
    batch = approve_withheld(city.application_id, by=SIGNER, at=later)
    assert (batch.approved, batch.withheld) == (1, 0)
    assert len(passes()) == 3
    assert reading().get_one(Application, city.application_id).withheld == 0


def test_a_new_issue_replaces_the_live_pass(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    old = passes()[0].number
    later = at + timedelta(hours=1)
    case = reading().get_one(Application, city.application_id)
    prepared = prepare(list_workers(case), application=case, at=later)
    with transaction():
        write(prepared, by=SIGNER)
    numbers = {found.number for found in passes()}
    new = (numbers - {old}).pop()
    assert status_of(get_pass(old), at=later) == "replaced"
    assert status_of(get_pass(old), at=at) == "active"
    assert status_of(get_pass(new), at=later) == "active"
    assert get_pass(old).status_index != get_pass(new).status_index


def test_evidence_that_moved_in_between_stops_the_writing(city_of: MakeCity, at: datetime) -> None:
    city = city_of(workers=2)
    case = reading().get_one(Application, city.application_id)
    prepared = prepare(list_workers(case), application=case, at=at)
    with transaction():
        bump()
    with pytest.raises(EvidenceMoved), transaction():
        write(prepared, by=SIGNER)
    assert passes() == []
    assert reading().scalar(select(func.count()).select_from(Decision)) == 0
    assert count_open("sheet") == 0


@pytest.mark.parametrize("workers", [3, 60])
def test_the_number_of_statements_is_fixed(
    app: Flask, city_of: MakeCity, statements: list[str], at: datetime, workers: int
) -> None:
    city = city_of(workers=workers, buildings=2)
    statements.clear()
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    assert len(statements) <= 67, "\n".join(statements)
    assert len(passes()) == workers
