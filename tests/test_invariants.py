"""The whole life of some passes, and after each step every invariant; and that each of them can be broken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from resume.applications.models import Batch, Decision
from resume.db import transaction
from resume.gate.models import Scan
from resume.gate.operations.scans import check_scan, let_through
from resume.intake.operations import take_in
from resume.jobs import Job, work_once
from resume.passes.models import Pass, Sheet
from resume.passes.operations import release, revoke
from resume.passes.sheets import token_text
from resume.review.operations import approve_withheld, sign_off
from resume.roles import WORKER
from resume.roster.models import WorkerList
from tests.gate.conftest import MakeWay, Way, city_of, guard_of, way_of
from tests.invariants import broken
from tests.passes.city import REVIEWER, SIGNER, add_negative
from tests.passes.test_foresight import case
from tests.review.test_second_case import second_case

__all__ = ["city_of", "way_of"]


def pass_a_gate(way: Way, found: Pass, gate_id: int, nonce: int, at: datetime) -> None:
    check_scan(token_text(found), nonce=UUID(int=nonce), by=guard_of(gate_id), at=at)
    let_through(UUID(int=nonce), antigen="negative", by=guard_of(gate_id), at=at)


def test_they_hold_after_every_step(way_of: MakeWay, at: datetime) -> None:
    way = way_of(workers=5, without_test=[4])
    assert broken(at=at) == []
    first, second, third, *_rest = way.passes()
    work_once()  # some sheets are made
    pass_a_gate(way, first, way.home, 1, at)
    pass_a_gate(way, second, way.home, 2, at)
    pass_a_gate(way, first, way.plant, 3, at + timedelta(hours=1))
    revoke(third.id, reason="离职", by=REVIEWER, at=at)
    assert broken(at=at + timedelta(hours=1)) == []
    now = at + timedelta(hours=2)
    take_in("cases", case("C1", now), "c.csv", by=WORKER, at=now)
    assert broken(at=now) == []
    take_in("cases", case("C2", now, excluded="corrected", supersedes="C1"), "c.csv", by=WORKER, at=now)
    with transaction():
        add_negative(way.city, 4, sampled_at=at - timedelta(hours=1))
    assert approve_withheld(way.city.application_id, by=SIGNER, at=now).approved == 2  # also the revoked one
    assert broken(at=now) == []
    sign_off(second_case(way.city, now), revision=2, by=SIGNER, at=now + timedelta(minutes=1))
    take_in("cases", case("C3", now), "c.csv", by=WORKER, at=now + timedelta(minutes=2))
    release([row.id for row in way.passes()], by=REVIEWER, at=now + timedelta(minutes=3))
    assert broken(at=now + timedelta(minutes=3)) == []


BREAKAGES: list[tuple[Any, str]] = [
    (update(Pass).values(is_live=False), "live False"),
    (update(Pass).values(good_until=Pass.expires_at), "says something else"),
    (update(Pass).values(is_suspended=True), "marked suspended"),
    (update(Sheet).values(sha256="0" * 64), "not the file"),
    (delete(Job), "neither sheet nor job"),
    (update(Decision).values(is_approved=False), "approved False, passes 1"),
    (update(Decision).values(at=Decision.at), ""),
    (update(Batch).values(approved=7), "says 7"),
    (update(WorkerList).values(good_count=7), "7 good"),
    (delete(Scan), "without its scan"),
]


@pytest.mark.parametrize(("statement", "said"), BREAKAGES, ids=[said or "nothing" for _, said in BREAKAGES])
def test_each_can_be_broken(way_of: MakeWay, at: datetime, statement: Any, said: str) -> None:
    way = way_of(workers=18)
    work_once()
    pass_a_gate(way, way.passes()[0], way.home, 1, at)
    with transaction() as session:
        session.execute(statement)
    found = broken(at=at)
    assert bool(found) is bool(said)
    assert all(said in line for line in found) or said in " ".join(found)


def test_a_decision_outside_the_policy_is_found(way_of: MakeWay, at: datetime) -> None:
    way_of()
    with transaction() as session:
        session.execute(update(Decision).values(at=at + timedelta(hours=60)))
    assert any("approved outside the policy" in line for line in broken(at=at))
