"""A firm's second case: what it may do to passes of the first, and what the first may still do."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from resume.applications.models import Application
from resume.credential.views import Verdict
from resume.db import new_id, reading, transaction
from resume.gate.operations.scans import check_scan, let_through
from resume.passes.models import Pass
from resume.passes.sheets import token_text
from resume.refusals import Conflict
from resume.review.operations import approve_withheld, sign_off
from resume.roster.models import WorkerList
from tests.gate.conftest import MakeWay, Way, guard_of, way_of
from tests.passes.city import REVIEWER, SIGNER, City, add_negative
from tests.passes.conftest import MakeCity

__all__ = ["way_of"]


def second_case(city: City, at: datetime, *, list_id: UUID | None = None) -> UUID:
    """Another case of the same firm, recommended: by default with the very same list."""
    with transaction() as session:
        first = session.get_one(Application, city.application_id)
        case = Application(
            firm_id=city.firm_id,
            number=first.number + 1,
            district_code=first.district_code,
            plan_version_id=first.plan_version_id,
            list_id=list_id or first.list_id,
            worker_count=first.worker_count,
            state="recommended",
            revision=2,
            created_at=at,
            submitted_at=at,
            recommended_at=at,
            recommended_by=REVIEWER.account_id,
        )
        session.add(case)
        session.flush()
        return case.id


def empty_list(city: City, at: datetime) -> UUID:
    """A submitted list of the firm on which nobody stands."""
    with transaction() as session:
        made = WorkerList(
            id=new_id(), firm_id=city.firm_id, state="submitted", file_name="新名单.xlsx", uploaded_at=at
        )
        session.add(made)
        session.flush()
        return made.id


def let_out(way: Way, at: datetime) -> None:
    check_scan(way.token(), nonce=UUID(int=1), by=guard_of(way.home), at=at)
    let_through(UUID(int=1), by=guard_of(way.home), at=at)


def enter(way: Way, token: str, at: datetime) -> Verdict:
    check_scan(token, nonce=UUID(int=2), by=guard_of(way.plant), at=at)
    return let_through(UUID(int=2), antigen="negative", by=guard_of(way.plant), at=at).answer.verdict


def test_who_is_under_way_keeps_the_pass_he_left_with(way_of: MakeWay, at: datetime) -> None:
    way = way_of(workers=2)
    let_out(way, at)
    carried, later = way.token(), at + timedelta(hours=1)
    batch = sign_off(second_case(way.city, later), revision=2, by=SIGNER, at=later)
    assert batch.approved == 1  # the other one is issued anew
    assert [found.replaced_at for found in way.passes()] == [None, later, None]
    assert enter(way, carried, later) is Verdict.GREEN


def test_who_leaves_while_a_batch_is_made_keeps_his_pass(
    way_of: MakeWay, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from resume.review import operations

    way, later = way_of(workers=2), at + timedelta(hours=1)
    case_id, prepare = second_case(way.city, later), operations.prepare
    has_left: list[bool] = []

    def leaves_meanwhile(*args, **options):
        prepared = prepare(*args, **options)
        if not has_left:
            has_left.append(True)
            let_out(way, at + timedelta(minutes=59))
        return prepared

    monkeypatch.setattr(operations, "prepare", leaves_meanwhile)
    assert sign_off(case_id, revision=2, by=SIGNER, at=later).approved == 1
    assert way.first().replaced_at is None


def test_a_trip_that_was_never_finished_does_not_keep_a_pass_alive(way_of: MakeWay, at: datetime) -> None:
    way = way_of(workers=1, sampled=timedelta(hours=7))
    let_out(way, at)
    later = at + timedelta(hours=30)
    assert sign_off(second_case(way.city, later), revision=2, by=SIGNER, at=later).approved == 1
    assert way.first().replaced_at == later


def test_a_case_that_was_followed_by_another_issues_nothing_more(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    city = city_of(workers=2, without_test=[0])
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    later = at + timedelta(hours=1)
    follower = second_case(city, later, list_id=empty_list(city, later))
    sign_off(follower, revision=2, by=SIGNER, at=later)
    with transaction():
        add_negative(city, 0, sampled_at=at - timedelta(hours=2))
    with pytest.raises(Conflict):
        approve_withheld(city.application_id, by=SIGNER, at=later)
    issued = reading().scalars(select(Pass.person_key)).all()
    assert city.person_keys[0] not in issued


def test_the_token_of_a_replaced_pass_is_red(way_of: MakeWay, at: datetime) -> None:
    way = way_of()
    old, later = token_text(way.first()), at + timedelta(hours=1)
    sign_off(second_case(way.city, later), revision=2, by=SIGNER, at=later)
    for place, gate_id in enumerate((way.home, way.plant)):
        answer = check_scan(old, nonce=UUID(int=10 + place), by=guard_of(gate_id), at=later).answer
        assert (answer.verdict, answer.code) == (Verdict.RED, "REPLACED")
