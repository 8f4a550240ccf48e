"""Taking a passage back: by whom, until when, and what it takes back with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from resume.db import new_id, reading
from resume.gate.models import PassageConflict, Scan
from resume.gate.operations.scans import (
    AlreadyActed,
    AnnulFollowed,
    AnnulTooLate,
    annul,
    check_scan,
    let_through,
)
from resume.passes.lifecycle import Status
from resume.passes.models import Observation, Pass
from resume.passes.queries import status_of
from resume.refusals import NotFound
from resume.review.operations import sign_off
from resume.roles import Role
from resume.trips.models import Trip
from tests.conftest import SignIn
from tests.gate.conftest import Way, guard_of
from tests.gate.test_doors import audited, suspend_by_case
from tests.gate.uploading import event, upload
from tests.invariants import broken
from tests.passes.city import SIGNER
from tests.review.test_second_case import second_case

MINUTE = timedelta(minutes=1)


def go(way: Way, gate_id: int, at: datetime, name: str = "guard-1") -> Any:
    nonce, guard = new_id(), guard_of(gate_id, name)
    check_scan(way.token(), nonce=nonce, by=guard, at=at)
    let_through(nonce, antigen="negative" if gate_id == way.plant else None, by=guard, at=at)
    return nonce


def first(way: Way) -> Pass:
    query = select(Pass).order_by(Pass.issued_at, Pass.number).execution_options(populate_existing=True)
    return reading().scalars(query).all()[0]


def test_an_exit_is_taken_back_with_its_trip(way: Way, at: datetime) -> None:
    nonce = go(way, way.home, at)
    for wrong in (guard_of(way.home, "guard-2"), guard_of(way.elsewhere)):
        with pytest.raises(NotFound):
            annul(nonce, by=wrong, at=at + MINUTE)
    with pytest.raises(AnnulTooLate):
        annul(nonce, by=guard_of(way.home), at=at + 15 * MINUTE + timedelta(seconds=1))
    result = annul(nonce, by=guard_of(way.home), at=at + 15 * MINUTE)
    assert result.scan.annulled_at == at + 15 * MINUTE
    assert (first(way).out_at, first(way).out_gate_id, reading().scalars(select(Trip)).all()) == (
        None,
        None,
        [],
    )
    annul(nonce, by=guard_of(way.home), at=at + timedelta(hours=5))  # sent again
    assert len(audited("gate.annulled")) == 1
    go(way, way.home, at + 20 * MINUTE)
    assert first(way).out_at == at + 20 * MINUTE
    assert broken(at=at + timedelta(hours=1)) == []


def test_what_was_not_let_through_or_is_followed_is_not_taken_back(way: Way, at: datetime) -> None:
    nonce = new_id()
    check_scan(way.token(), nonce=nonce, by=guard_of(way.home), at=at)
    with pytest.raises(AlreadyActed):
        annul(nonce, by=guard_of(way.home), at=at)
    let_through(nonce, by=guard_of(way.home), at=at)
    go(way, way.plant, at + 5 * MINUTE)
    with pytest.raises(AnnulFollowed):
        annul(nonce, by=guard_of(way.home), at=at + 6 * MINUTE)
    assert first(way).out_at == at


def test_an_entry_taken_back_leaves_the_pass_as_its_causes_make_it(way: Way, at: datetime) -> None:
    go(way, way.home, at)
    suspend_by_case(way, at + 10 * MINUTE)
    nonce = go(way, way.plant, at + 20 * MINUTE)
    assert (first(way).is_suspended, first(way).is_live) == (False, False)
    annul(nonce, by=guard_of(way.plant), at=at + 25 * MINUTE)
    found = first(way)
    assert (found.in_at, found.is_live, found.is_suspended) == (None, True, True)
    assert status_of(found, at=at + 25 * MINUTE) is Status.SUSPENDED
    assert reading().scalars(select(Observation.ended_by)).all() == ["gone"]
    assert broken(at=at + 25 * MINUTE) == []


def test_an_old_pass_does_not_come_back_to_life_beside_a_new_one(way: Way, at: datetime) -> None:
    nonce = go(way, way.plant, at + MINUTE)
    sign_off(second_case(way.city, at + 2 * MINUTE), revision=2, by=SIGNER, at=at + 2 * MINUTE)
    annul(nonce, by=guard_of(way.plant), at=at + 5 * MINUTE)
    found = first(way)
    assert (found.in_at, found.is_live, found.replaced_at) == (None, False, at + 5 * MINUTE)
    assert broken(at=at + 5 * MINUTE) == []


def test_annulled_without_network(way: Way, at: datetime) -> None:
    """In one batch or two, in order or not; too late, by another device, of nothing: kept and said."""
    sent = [event(way.token(), at + place * MINUTE) for place in range(3)]
    taken_back = event("", at + 10 * MINUTE, "annulled", annuls=sent[0]["nonce"])
    late = event("", at + 20 * MINUTE, "annulled", annuls=sent[1]["nonce"])
    strange = event("", at + 3 * MINUTE, "annulled", annuls=sent[1]["nonce"])
    later = at + timedelta(hours=1)
    first_of_all = upload(way.home, [taken_back], later)[0]
    assert (first_of_all.state, first_of_all.code) == ("kept", "ANNUL_UNKNOWN")
    results = upload(way.home, [*sent[:2], late], later)
    assert [one.code for one in results] == ["OK", "OK", "ANNUL_LATE"]
    assert (first(way).out_at, reading().scalars(select(PassageConflict)).all()) == (at + MINUTE, [])
    assert upload(way.home, [strange], later, name="device:2")[0].code == "ANNUL_OTHERS"
    assert upload(way.home, [taken_back], later)[0].code == "OK"  # it took effect since
    upload(way.home, [sent[2]], later, name="device:2")
    conflict = reading().scalars(select(PassageConflict)).one()
    assert (conflict.scans, conflict.closed_at) == (2, None)
    back = event("", at + 4 * MINUTE, "annulled", annuls=sent[2]["nonce"])
    upload(way.home, [back], later + MINUTE, name="device:2")
    reading().rollback()
    reading().refresh(conflict)
    assert (conflict.scans, conflict.closed_at) == (0, later + MINUTE)
    assert broken(at=later + MINUTE) == []
    nothing = event("", at, "annulled", annuls=late["nonce"])
    assert upload(way.home, [nothing], later)[0].code == "ANNUL_NOTHING"


def test_the_page_takes_back(way: Way, sign_in: SignIn, at: datetime) -> None:
    client = sign_in(Role.GUARD, gate_id=way.home)
    nonce = str(new_id())
    client.post("/gate", data={"presented": way.token(), "nonce": nonce})
    client.post(f"/gate/{nonce}/let-through")
    response = client.post(f"/gate/{nonce}/annul")
    assert response.status_code == 303
    html = client.post("/gate", data={"presented": way.token(), "nonce": nonce}).get_data(as_text=True)
    assert 'data-verdict="go"' in html
    assert reading().scalars(select(Scan.annulled_at)).one() == at
    medical = event("", at, "medical")
    upload(way.home, [medical], at)
    assert client.post(f"/gate/{medical['nonce']}/annul").status_code == 404
