"""Uploads of what happened without network: kept once, answered as of then, whatever else arrived first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume import audit
from resume.credential.number import check_character
from resume.db import new_id, reading
from resume.gate.models import MedicalExit, PassageConflict, Scan
from resume.gate.operations.scans import check_scan, let_through
from resume.passes.lifecycle import Status
from resume.passes.models import Observation, Pass
from resume.passes.operations import revoke
from resume.passes.queries import status_of
from resume.passes.sheets import token_text
from resume.review.operations import sign_off
from resume.roles import Role
from resume.trips.models import Trip
from tests.at_once import at_once
from tests.conftest import SignIn
from tests.gate.conftest import MakeWay, Way, guard_of
from tests.gate.test_doors import audited, suspend_by_case
from tests.gate.uploading import event, upload
from tests.invariants import broken
from tests.passes.city import REVIEWER, SIGNER
from tests.review.test_second_case import second_case

MINUTE = timedelta(minutes=1)


def stored(nonce: object) -> Scan:
    query = select(Scan).where(Scan.nonce == UUID(str(nonce))).execution_options(populate_existing=True)
    return reading().scalars(query).one()


def first(way: Way) -> Pass:
    query = select(Pass).order_by(Pass.number).execution_options(populate_existing=True)
    return reading().scalars(query).all()[0]


def count(model: Any) -> int:
    return reading().scalar(select(func.count()).select_from(model)) or 0


def conflicts() -> list[tuple[str, int, bool]]:
    rows = reading().scalars(select(PassageConflict).order_by(PassageConflict.kind))
    return [(row.kind, row.scans, row.closed_at is None) for row in rows]


def test_a_batch_is_kept_once(way: Way, at: datetime) -> None:
    token, later = way.token(), at + timedelta(hours=1)
    entries = [
        event("no token of anybody", at, "failed", counter=1, verdict="red", code="MALFORMED"),
        event(token, at + MINUTE, counter=2),
        event("", at + 2 * MINUTE, "medical", counter=3),
        event(token, at + 3 * MINUTE, "refused", counter=4, refusal="USED", verdict="red", code="USED"),
    ]
    results = upload(way.home, entries, later)
    assert [(one.place, one.state, one.is_forced) for one in results] == [
        (place, "kept", False) for place in range(4)
    ]
    assert [one.code for one in results] == ["MALFORMED", "OK", "", "USED"]
    found = first(way)
    assert (found.out_at, found.out_gate_id, found.in_at) == (at + MINUTE, way.home, None)
    row = stored(entries[1]["nonce"])
    assert (row.at, row.acted_at, row.received_at, row.guard) == (at + MINUTE, at + MINUTE, later, "device:1")
    assert (row.lane, row.is_offline, row.clock, row.counter, row.counter_note) == (
        "out",
        True,
        "good",
        2,
        "",
    )
    assert row.shown == {"verdict": "green", "code": "OK", "advice": "let_through", "reasons": []}
    assert reading().scalars(select(MedicalExit)).one().at == at + 2 * MINUTE
    trip = reading().scalars(select(Trip)).one()
    assert (trip.pass_id, trip.due_at) == (found.id, at + MINUTE + timedelta(hours=12))
    entry_count = count(audit.AuditEntry)

    again = upload(way.home, entries, later + MINUTE)
    assert [(one.state, one.is_forced, one.code) for one in again] == [
        ("known", one.is_forced, one.code) for one in results
    ]
    assert (count(Scan), count(MedicalExit), count(audit.AuditEntry)) == (4, 1, entry_count)
    assert broken(at=later) == []


def test_a_hundred_cost_as_many_statements_as_ten(
    way_of: MakeWay, at: datetime, statements: list[str]
) -> None:
    way = way_of(workers=25)
    tokens = [token_text(found) for found in way.passes()]
    sent = {}
    for size, moment in ((10, at), (100, at + timedelta(hours=1))):
        entries = [
            event(
                tokens[place % 25],
                moment + place * timedelta(seconds=7),
                "let_through" if place < 25 else "checked",
            )
            for place in range(size)
        ]
        statements.clear()
        results = upload(way.home, entries, moment + timedelta(hours=1))
        sent[size] = len(statements)
        assert {one.state for one in results} == {"kept"}
    # The second batch finds ten who went already, so conflicts and trips are updated besides.
    assert sent[100] <= sent[10] + 4, sent
    assert sent[100] <= 45, sent


def test_the_contract_over_http(app: Flask, way: Way, sign_in: SignIn, at: datetime) -> None:
    client = sign_in(Role.GUARD, gate_id=way.home)
    entries = [event(way.token(), at - MINUTE), "nonsense", event("", at, "danced")]
    response = client.post("/gate/scans", json={"scans": entries})
    assert response.status_code == 200
    body = response.get_json()
    assert body["server_time"] == "2022-04-22T09:00:00+08:00"
    kept, *rejected = body["results"]
    assert (kept["state"], kept["nonce"], kept["forced"]) == ("kept", entries[0]["nonce"], True)  # type: ignore[index]
    assert (kept["code"], bool(kept["why"])) == ("NOT_YET", True)
    assert [(one["place"], one["state"], bool(one["why"])) for one in rejected] == [
        (1, "rejected", True), (2, "rejected", True),
    ]  # fmt: skip
    for body in ({}, {"scans": 7}, {"scans": [{}] * 101}, ["scans"]):
        assert client.post("/gate/scans", json=body).status_code == 422
    assert count(Scan) == 1


def test_nothing_unreadable_loses_a_passage(way: Way, at: datetime) -> None:
    later = at + timedelta(hours=1)
    odd = event(way.token(), at) | {
        "counter": "seven", "at": None, "device_at": "yesterday", "lane": "up", "nonce": "?", "reasons": 5,
    }  # fmt: skip
    bare = {"action": "let_through"}
    results = upload(way.home, [odd, bare, None], later)
    assert [one.state for one in results] == ["kept", "kept", "rejected"]
    row = stored(results[0].nonce)
    assert (row.at, row.clock, row.lane, row.counter, row.device_at) == (later, "doubtful", "out", None, None)
    assert first(way).out_at == later
    assert (stored(results[1].nonce).is_forced, results[1].code) == (True, "MALFORMED")
    again = upload(way.home, [odd, bare, None], later + MINUTE)
    assert [one.state for one in again] == ["known", "known", "rejected"]
    ahead = event("x\x00\ud800", later + timedelta(hours=2), "failed")
    assert upload(way.home, [ahead], later)[0].state == "kept"
    row = stored(ahead["nonce"])
    assert (row.at, row.clock) == (later, "doubtful")
    long_ago = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    assert upload(way.home, [event(way.token(), long_ago)], later)[0].is_forced
    assert first(way).out_at == first(way).issued_at  # there was no pass before


def test_counters_that_repeat_or_go_back_are_noted(way: Way, at: datetime) -> None:
    numbers = [5, 6, 6, 4, 7]
    upload(way.home, [event("x", at, "failed", counter=number) for number in numbers], at)
    upload(way.home, [event("x", at, "failed", counter=number) for number in (3, 8, 7)], at)
    upload(way.home, [event("x", at, "failed", counter=1)], at, name="device:2")
    notes = select(Scan.counter, Scan.counter_note).where(Scan.counter_note != "")
    assert sorted(tuple(row) for row in reading().execute(notes)) == [
        (3, "back"), (4, "back"), (6, "repeated"), (7, "repeated"),
    ]  # fmt: skip


def test_a_nonce_with_something_else_stays_what_it_was(way: Way, at: datetime) -> None:
    one = event(way.token(), at)
    upload(way.home, [one], at)
    other = one | {"action": "refused", "refusal": "ALTERED"}
    result = upload(way.home, [other], at)[0]
    assert (result.state, result.code, bool(result.why)) == ("known", "OK", True)
    assert stored(one["nonce"]).action == "let_through"
    assert [entry.subject for entry in audited("gate.upload_mismatch")] == [f"scan:{one['nonce']}"]
    assert upload(way.elsewhere, [one], at)[0].state == "known"
    assert len(audited("gate.upload_mismatch")) == 2
    assert count(Scan) == 1


def test_checked_on_line_and_acted_without_network(way: Way, at: datetime) -> None:
    """The network went between the check and the button; or after the button, before the answer."""
    nonce = new_id()
    guard = guard_of(way.home, "device:1")
    check_scan(way.token(), nonce=nonce, by=guard, at=at)
    acted = event(way.token(), at + MINUTE, nonce=nonce)
    assert upload(way.home, [acted], at + timedelta(hours=1))[0].state == "kept"
    row = stored(nonce)
    assert (row.action, row.acted_at, first(way).out_at) == ("let_through", at + MINUTE, at + MINUTE)
    assert upload(way.home, [event(way.token(), at, "checked", nonce=nonce)], at)[0].state == "known"
    assert audited("gate.upload_mismatch") == []

    second = new_id()
    check_scan(way.token(), nonce=second, by=guard_of(way.plant, "device:1"), at=at + timedelta(hours=2))
    let_through(second, antigen="negative", by=guard_of(way.plant, "device:1"), at=at + timedelta(hours=2))
    sent = event(way.token(), at + timedelta(hours=2), nonce=second, antigen="negative")
    assert upload(way.plant, [sent], at + timedelta(hours=3))[0].state == "known"
    assert (audited("gate.upload_mismatch"), count(Scan)) == ([], 2)
    assert broken(at=at + timedelta(hours=3)) == []


Before = Callable[[Way, datetime], object]


def _revoked(way: Way, at: datetime) -> None:
    revoke(way.first().id, reason="离职", by=REVIEWER, at=at)


def _replaced(way: Way, at: datetime) -> None:
    sign_off(second_case(way.city, at), revision=2, by=SIGNER, at=at)


def _used(way: Way, at: datetime) -> None:
    upload(way.home, [event(way.token(), at)], at, name="device:9")


@pytest.mark.parametrize(
    ("before", "code"),
    [(_revoked, "REVOKED"), (_replaced, "REPLACED"), (suspend_by_case, "SUSPENDED"), (_used, "USED")],
)
def test_who_went_through_although_it_was_not_allowed(
    way: Way, at: datetime, before: Before, code: str
) -> None:
    """Forced where the cause was there at that moment, not where it came later; gone either way."""
    token, pass_id = way.token(), way.first().id
    before(way, at + timedelta(hours=1))
    early, late = event(token, at + MINUTE), event(token, at + timedelta(hours=2))
    results = upload(way.home, [late], at + timedelta(hours=3), name="device:2")
    assert (results[0].state, results[0].is_forced, results[0].code) == ("kept", True, code)
    out_at = reading().scalar(select(Pass.out_at).where(Pass.id == pass_id))
    assert out_at == (at + timedelta(hours=1 if code == "USED" else 2))
    results = upload(way.home, [early], at + timedelta(hours=4))
    assert (results[0].is_forced, results[0].code) == (False, "OK")
    reading().rollback()
    assert reading().scalar(select(Pass.out_at).where(Pass.id == pass_id)) == at + MINUTE
    live = select(func.count()).select_from(Pass).where(Pass.is_live.is_(True))
    assert reading().scalar(live) == (0 if code == "REVOKED" else 1)
    assert broken(at=at + timedelta(hours=4)) == []


def test_forced_without_a_pass_at_the_wrong_gate_and_without_antigen(way: Way, at: datetime) -> None:
    token = way.token()
    forged = token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:]
    number = "310115099999" + check_character("310115099999")
    results = upload(way.elsewhere, [event(forged, at), event(number, at), event(token, at)], at)
    assert [(one.is_forced, one.code) for one in results] == [
        (True, "FORGED"), (True, "NOT_LISTED"), (True, "WRONG_GATE"),
    ]  # fmt: skip
    assert [stored(one.nonce).pass_id is None for one in results] == [True, True, False]
    assert first(way).out_gate_id == way.elsewhere
    inside = event(token, at + timedelta(hours=1))
    result = upload(way.plant, [inside], at + timedelta(hours=2))[0]
    assert (result.is_forced, result.code, first(way).in_at) == (True, "AG_REQUIRED", at + timedelta(hours=1))


def test_whatever_order_they_arrive_in(way_of: MakeWay, at: datetime) -> None:
    """Every order of two exits and two entries, each with a pass of its own."""
    orders = list(permutations(("out", "out again", "in", "in again")))
    way = way_of(workers=len(orders))
    tokens = [token_text(found) for found in way.passes()]
    for place in range(4):
        for order, token in zip(orders, tokens, strict=True):
            gate_id, moment, antigen = {
                "out": (way.home, at + MINUTE, None),
                "out again": (way.home, at + 5 * MINUTE, None),
                "in": (way.plant, at + 60 * MINUTE, "negative"),
                "in again": (way.plant, at + 69 * MINUTE, "negative"),
            }[order[place]]
            sent = event(token, moment, antigen=antigen)
            upload(gate_id, [sent], at + timedelta(hours=2, minutes=place), name=f"device:{order[place]}")
    for found in way.passes():
        assert (found.out_at, found.in_at) == (at + MINUTE, at + timedelta(hours=1))
        assert (found.out_gate_id, found.in_gate_id, found.is_live) == (way.home, way.plant, False)
        assert status_of(found, at=at + timedelta(hours=3)) is Status.USED
    assert conflicts() == [("in", 2, True)] * 24 + [("out", 2, True)] * 24
    assert broken(at=at + timedelta(hours=3)) == []


def test_in_before_the_compounds_scan_has_arrived(way: Way, at: datetime) -> None:
    """On line at the plant without an exit: green while evidence holds; the exit comes later, and fits."""
    nonce, hour = new_id(), timedelta(hours=1)
    check_scan(way.token(), nonce=nonce, by=guard_of(way.plant), at=at + hour)
    result = let_through(nonce, antigen="negative", by=guard_of(way.plant), at=at + hour)
    assert (result.answer.code, count(Trip)) == ("OK", 0)
    upload(way.home, [event(way.token(), at)], at + 2 * hour)
    found = first(way)
    assert (found.out_at, found.in_at, count(Trip), conflicts()) == (at, at + hour, 1, [])
    assert not stored(reading().scalar(select(Scan.nonce).where(Scan.lane == "out"))).is_forced
    upload(way.home, [event(way.token(), at + 3 * hour)], at + 4 * hour, name="device:2")
    assert conflicts() == [("out", 2, True)]


def test_a_late_entry_is_observed_for_what_was_reported_since(way: Way, at: datetime) -> None:
    upload(way.home, [event(way.token(), at)], at)
    suspend_by_case(way, at + timedelta(hours=2))
    assert first(way).is_suspended
    inside = event(way.token(), at + timedelta(hours=1), antigen="negative")
    assert not upload(way.plant, [inside], at + timedelta(hours=3))[0].is_forced
    found = first(way)
    assert (found.is_suspended, found.in_at) == (False, at + timedelta(hours=1))
    observed = reading().scalars(select(Observation)).one()
    assert (observed.code, observed.ended_at) == ("BLDG_POS_7D", None)
    assert broken(at=at + timedelta(hours=3)) == []


def test_two_uploads_of_one_batch_at_once(app: Flask, way: Way, at: datetime) -> None:
    entries = [event(way.token(), at), event("", at, "medical"), event("x", at, "failed")]
    results: Any = at_once(app, *[lambda: upload(way.home, entries, at + MINUTE)] * 3)
    states = sorted(one.state for batch in results for one in batch)
    assert states == ["kept"] * 3 + ["known"] * 6
    assert (count(Scan), count(MedicalExit), conflicts()) == (3, 1, [])


def test_two_devices_at_once(app: Flask, way: Way, at: datetime) -> None:
    moments = [at + place * MINUTE for place in range(3)]
    calls = [
        lambda at=moment, place=place: upload(
            way.home, [event(way.token(), at)], at + MINUTE, f"device:{place}"
        )
        for place, moment in enumerate(moments)
    ]
    results: Any = at_once(app, *calls)
    assert {one.state for batch in results for one in batch} == {"kept"}
    assert (first(way).out_at, conflicts()) == (at, [("out", 3, True)])
    assert broken(at=at + timedelta(hours=1)) == []
