"""Doors of the gate: one scan one row, one exit one entry, judged again at the second of passage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume.audit import AuditEntry
from resume.credential.views import Advice, Verdict
from resume.db import new_id, reading, transaction
from resume.gate.models import MedicalExit, Scan
from resume.gate.operations.medical import medical_exit
from resume.gate.operations.scans import (
    AlreadyActed,
    AntigenMissing,
    BadReason,
    NonceTaken,
    ScanResult,
    check_scan,
    let_through,
    refuse,
)
from resume.passes.lifecycle import Status
from resume.passes.models import Pass, Suspension
from resume.passes.operations import revoke
from resume.passes.queries import status_of
from resume.passes.reassess import Scope, reassess
from resume.passes.status_list import changes, status_values
from resume.refusals import NotFound
from resume.roles import WORKER
from tests.at_once import at_once
from tests.gate.conftest import MakeWay, Way, guard_of
from tests.passes.city import REVIEWER, add_case, add_negative

N1, N2 = UUID(int=1), UUID(int=2)


def scan(way: Way, gate_id: int, nonce: UUID, at: datetime) -> ScanResult:
    return check_scan(way.token(), nonce=nonce, by=guard_of(gate_id), at=at)


def rows() -> int:
    return reading().scalar(select(func.count()).select_from(Scan)) or 0


def audited(action: str) -> list[AuditEntry]:
    return list(reading().scalars(select(AuditEntry).where(AuditEntry.action == action)))


def suspend_by_case(way: Way, at: datetime) -> None:
    """A positive in the building, and what follows from it."""
    with transaction():
        add_case(way.city, at=at)
        reassess(scope=Scope(building_ids=frozenset(way.city.building_ids)), at=at, by=WORKER)


def test_out_and_in_complete_the_trip(way: Way, at: datetime) -> None:
    assert scan(way, way.home, N1, at).answer.verdict is Verdict.GREEN
    assert way.first().out_at is None  # a check alone lets nobody out
    out = let_through(N1, by=guard_of(way.home), at=at + timedelta(minutes=1))
    assert (out.scan.action, out.answer.verdict) == ("let_through", Verdict.GREEN)
    assert (way.first().out_at, way.first().out_gate_id) == (at + timedelta(minutes=1), way.home)
    assert status_of(way.first(), at=at + timedelta(minutes=2)) is Status.ACTIVE

    later = at + timedelta(hours=2)
    assert scan(way, way.plant, N2, later).answer.code == "AG_REQUIRED"
    before = changes()
    let_through(N2, antigen="negative", by=guard_of(way.plant), at=later)
    found = way.first()
    assert (found.in_at, found.in_gate_id, found.is_live) == (later, way.plant, False)
    assert status_of(found, at=later) is Status.USED
    assert changes() == before + 1
    assert status_values(found.shard, at=later) == {found.status_index: 1}
    assert [entry.subject for entry in audited("gate.let_through")] == [f"pass:{found.number}"] * 2
    assert all(entry.actor == "guard-1" for entry in audited("gate.let_through"))


def test_the_antigen_is_asked_for_before_the_door_opens(way: Way, at: datetime) -> None:
    scan(way, way.plant, N1, at)
    with pytest.raises(AntigenMissing):
        let_through(N1, by=guard_of(way.plant), at=at)
    assert way.first().in_at is None
    assert let_through(N1, antigen="negative", by=guard_of(way.plant), at=at).scan.has_antigen


def test_sent_twice_is_one_row_and_one_answer(way: Way, at: datetime) -> None:
    first = scan(way, way.home, N1, at)
    let_through(N1, by=guard_of(way.home), at=at)
    again = scan(way, way.home, N1, at + timedelta(minutes=5))  # checked anew it would be USED
    assert (again.answer.verdict, again.answer.code) == (first.answer.verdict, first.answer.code)
    assert again.answer.claims == first.answer.claims
    twice = let_through(N1, by=guard_of(way.home), at=at + timedelta(minutes=6))
    assert twice.scan.acted_at == at
    assert way.first().out_at == at
    assert rows() == 1
    assert len(audited("gate.let_through")) == 1


def test_a_nonce_is_not_lent_to_another_pass_or_gate(way_of: MakeWay, at: datetime) -> None:
    way = way_of(workers=2)
    scan(way, way.home, N1, at)
    with pytest.raises(NonceTaken):
        check_scan(way.passes()[1].number, nonce=N1, by=guard_of(way.home), at=at)
    with pytest.raises(NonceTaken):
        scan(way, way.elsewhere, N1, at)
    with pytest.raises(NotFound):
        let_through(N1, by=guard_of(way.elsewhere), at=at)
    with pytest.raises(NotFound):
        refuse(N1, reason="WRONG_PERSON", by=guard_of(way.elsewhere), at=at)
    assert rows() == 1


@pytest.mark.parametrize("gate", ["home", "plant"])
def test_a_second_use_is_refused(way: Way, at: datetime, gate: str) -> None:
    gate_id = getattr(way, gate)
    scan(way, gate_id, N1, at)
    let_through(N1, antigen="negative" if gate == "plant" else None, by=guard_of(gate_id), at=at)
    second = scan(way, gate_id, N2, at + timedelta(minutes=1))
    assert (second.answer.verdict, second.answer.code) == (Verdict.RED, "USED")


def test_a_pass_that_turned_bad_between_is_not_released(way: Way, at: datetime) -> None:
    assert scan(way, way.home, N1, at).answer.verdict is Verdict.GREEN
    suspend_by_case(way, at + timedelta(seconds=30))
    result = let_through(N1, by=guard_of(way.home), at=at + timedelta(minutes=1))
    assert (result.answer.verdict, result.answer.code) == (Verdict.RED, "SUSPENDED")
    assert "BLDG_POS_7D" in result.answer.reasons
    assert result.scan.action == "checked"
    assert way.first().out_at is None
    assert audited("gate.let_through") == []


def test_evidence_binds_at_the_exit(way: Way, at: datetime) -> None:
    """Who left in time and arrives late, or after a positive at home, is admitted to observation."""
    scan(way, way.home, N1, at)
    let_through(N1, by=guard_of(way.home), at=at)
    suspend_by_case(way, at + timedelta(hours=1))
    late = at + timedelta(hours=11)
    arrival = scan(way, way.plant, N2, late)
    assert (arrival.answer.verdict, arrival.answer.advice) == (Verdict.AMBER, Advice.TEST_ANTIGEN)
    admitted = let_through(N2, antigen="negative", by=guard_of(way.plant), at=late)
    assert (admitted.answer.verdict, admitted.answer.advice) == (Verdict.AMBER, Advice.ADMIT_TO_OBSERVATION)
    assert admitted.scan.action == "let_through"
    found = way.first()
    assert (found.in_at, found.is_suspended) == (late, False)
    held = select(func.count()).select_from(Suspension).where(Suspension.ended_at.is_(None))
    assert reading().scalar(held) == 0
    with transaction():  # a completed trip is never suspended
        effects = reassess(scope=Scope(building_ids=frozenset(way.city.building_ids)), at=late, by=WORKER)
    assert effects.suspended == 0


def test_the_shield_of_an_exit_ends_with_the_hours_of_a_trip(way: Way, at: datetime) -> None:
    scan(way, way.home, N1, at)
    let_through(N1, by=guard_of(way.home), at=at)
    arrival = scan(way, way.plant, N2, at + timedelta(hours=39))  # sampled 10 h before `at`: 49 h
    assert (arrival.answer.verdict, arrival.answer.code) == (Verdict.RED, "PCR_EXPIRED")


def test_evidence_is_judged_at_each_scan_and_heals(way: Way, at: datetime) -> None:
    edge = at - timedelta(hours=10) + timedelta(hours=48)
    assert scan(way, way.home, N1, edge).answer.verdict is Verdict.GREEN
    stale = scan(way, way.home, N2, edge + timedelta(seconds=1))
    assert (stale.answer.verdict, stale.answer.code) == (Verdict.RED, "PCR_EXPIRED")
    with transaction():
        add_negative(way.city, 0, sampled_at=edge - timedelta(hours=1, minutes=-1))
    assert scan(way, way.home, new_id(), edge + timedelta(minutes=2)).answer.verdict is Verdict.GREEN


def test_order_of_the_checks(way: Way, at: datetime) -> None:
    """Each reason on top of those that come after it."""

    def code(gate_id: int, moment: datetime) -> str:
        return scan(way, gate_id, new_id(), moment).answer.code

    assert code(way.elsewhere, at + timedelta(hours=50)) == "WRONG_GATE"  # and the PCR is stale
    assert code(way.elsewhere, at + timedelta(hours=168)) == "EXPIRED"
    assert code(way.home, at - timedelta(seconds=1)) == "NOT_YET"
    suspend_by_case(way, at + timedelta(hours=1))
    assert code(way.elsewhere, at + timedelta(hours=2)) == "SUSPENDED"
    revoke(way.first().id, reason="test", by=REVIEWER, at=at + timedelta(hours=3))
    assert code(way.home, at + timedelta(hours=4)) == "REVOKED"


def test_every_flipped_bit_is_refused(way: Way, at: datetime) -> None:
    import base64

    text = way.token().rsplit("#", 1)[1]
    cose = base64.b32decode(text + "=" * (-len(text) % 8))
    for place in range(0, len(cose), 7):
        changed = bytearray(cose)
        changed[place] ^= 1 << (place % 8)
        presented = base64.b32encode(bytes(changed)).decode().rstrip("=")
        result = check_scan(presented, nonce=new_id(), by=guard_of(way.home), at=at)
        assert result.answer.verdict is Verdict.RED
        assert result.answer.code in ("MALFORMED", "FORGED", "KEY_UNKNOWN")
        assert (result.scan.pass_id, result.answer.claims) == (None, None)
    assert reading().scalar(select(func.count()).select_from(Scan).where(Scan.pass_id.is_not(None))) == 0


def test_a_number_nobody_was_given(way: Way, at: datetime) -> None:
    result = check_scan("3101 1509 9999 " + _check("310115099999"), nonce=N1, by=guard_of(way.home), at=at)
    assert (result.answer.verdict, result.answer.code) == (Verdict.RED, "NOT_LISTED")
    with pytest.raises(AlreadyActed):
        let_through(N1, by=guard_of(way.home), at=at)
    assert refuse(N1, reason="STATED", by=guard_of(way.home), at=at).scan.refusal == "NOT_LISTED"


def _check(digits: str) -> str:
    from resume.credential.number import check_character

    return check_character(digits)


def test_a_genuine_token_that_is_not_registered_is_not_green(way: Way, at: datetime) -> None:
    token = way.token()
    pass_id = way.first().id
    with transaction() as session:  # as after a restore from a backup that was too old
        for model in (Suspension, Pass):
            key = Pass.id if model is Pass else Suspension.pass_id
            session.execute(model.__table__.delete().where(key == pass_id))  # type: ignore[attr-defined]
    result = check_scan(token, nonce=N1, by=guard_of(way.home), at=at)
    assert (result.answer.verdict, result.answer.code) == (Verdict.AMBER, "OFFLINE_STALE")
    assert result.scan.pass_id is None


def test_refusal_is_coded_once_and_final(way: Way, at: datetime) -> None:
    scan(way, way.home, N1, at)
    for reason in ("", "STATED", "AG_POSITIVE", "BECAUSE"):  # green: nothing stated; no antigen at home
        with pytest.raises(BadReason):
            refuse(N1, reason=reason, by=guard_of(way.home), at=at)
    refuse(N1, reason="WRONG_PERSON", by=guard_of(way.home), at=at)
    assert refuse(N1, reason="ALTERED", by=guard_of(way.home), at=at).scan.refusal == "WRONG_PERSON"
    with pytest.raises(AlreadyActed):
        let_through(N1, by=guard_of(way.home), at=at)
    assert [entry.detail for entry in audited("gate.refused")] == [
        f'{{"answer":"green","gate":{way.home},"reason":"WRONG_PERSON","scan":"{N1}"}}'
    ]


def test_two_guards_at_once_one_exit(app: Flask, way: Way, at: datetime) -> None:
    nonces = [new_id() for _ in range(4)]
    for nonce in nonces:
        assert scan(way, way.home, nonce, at).answer.verdict is Verdict.GREEN

    def release(nonce: UUID) -> Callable[[], str]:
        return lambda: let_through(nonce, by=guard_of(way.home, f"guard-{nonce.hex[:4]}"), at=at).scan.action

    results = at_once(app, *map(release, nonces))
    assert sorted(map(str, results)) == ["checked", "checked", "checked", "let_through"]
    assert len(audited("gate.let_through")) == 1


def test_one_scan_sent_at_once_is_one_row(app: Flask, way: Way, at: datetime) -> None:
    token = way.token()
    results = at_once(
        app,
        *[lambda: check_scan(token, nonce=N1, by=guard_of(way.home), at=at).answer.verdict] * 5,
    )
    assert results == [Verdict.GREEN] * 5
    assert rows() == 1


def test_a_medical_exit_asks_nothing(way: Way, at: datetime, statements: list[str]) -> None:
    statements.clear()
    medical_exit(N1, by=guard_of(way.home), at=at)
    medical_exit(N1, by=guard_of(way.home), at=at)
    assert reading().scalar(select(func.count()).select_from(MedicalExit)) == 1
    assert len(audited("gate.medical_exit")) == 1
    asked = " ".join(statements)
    for table in ("pass", "test_record", "case_record", "code_record", "suspension"):
        assert f" {table}" not in asked
