"""A refused good pass: its clock, who is told, who may answer, of two who answer the first."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume import clock, jobs, periodic
from resume.audit import AuditEntry
from resume.db import db, new_id, reading, transaction
from resume.escalations.lifecycle import STATED, Outcome, is_of_good_pass
from resume.escalations.models import Escalation, ExitNotice
from resume.escalations.operations import (
    AnsweredAlready,
    GroundMissing,
    StillTheStreets,
    answer,
    withdraw,
)
from resume.escalations.steps import Refused, open_escalations
from resume.gate.operations.scans import check_scan, let_through, refuse
from resume.notices.kinds import KINDS, Channel
from resume.notices.models import Notice
from resume.passes.models import Pass
from resume.policy import policy_at
from resume.refusals import NotAllowed, NotFound
from resume.roles import WORKER, Actor, Role
from tests.conftest import SignIn
from tests.escalations.conftest import DESK, ELSEWHERE, FAR, OTHER_STREET, SECOND, STREET, refused, with_desk
from tests.gate.conftest import MakeWay, Way, guard_of
from tests.gate.test_doors import suspend_by_case
from tests.gate.uploading import event, upload
from tests.notices.conftest import OpenAccount
from tests.passes.city import DISTRICT, REVIEWER
from tests.passes.conftest import MakeCity


def cases() -> list[Escalation]:
    reading().expire_all()
    return list(reading().scalars(select(Escalation).order_by(Escalation.opened_at, Escalation.nonce)))


def told(actor: Actor) -> list[tuple[str, bool]]:
    """Kinds of an account's notices by time, and whether each was read."""
    reading().expire_all()
    query = select(Notice).where(Notice.account_id == actor.account_id).order_by(Notice.at, Notice.kind)
    return [(row.kind, row.read_at is not None) for row in reading().scalars(query)]


@pytest.mark.parametrize(
    ("verdict", "advice", "reason", "opens"),
    [
        ("green", "let_through", "WRONG_PERSON", True),
        ("amber", "admit_to_observation", STATED, True),
        ("amber", "test_antigen", "AG_POSITIVE", True),
        ("amber", "test_antigen", STATED, False),  # the test was not made: the check asked for it
        ("red", "refuse", STATED, False),
        ("red", "refuse", "WRONG_PERSON", False),
        ("grey", "refuse", "ALTERED", False),
        ("amber", "ask_street_desk", "WRONG_PERSON", False),
    ],
)
def test_only_the_refusal_of_a_good_pass_opens_a_case(
    verdict: str, advice: str, reason: str, opens: bool
) -> None:
    assert is_of_good_pass(verdict, advice, reason) is opens


def test_the_clock_and_who_is_told(way: Way, open_account: OpenAccount, at: datetime) -> None:
    firm = way.city.firm_id
    desk, other, far = (
        open_account(Role.STREET, district_code=district, street=street)
        for district, street in ((DISTRICT, STREET), (DISTRICT, OTHER_STREET), ("310101", STREET))
    )
    hr, reviewer = open_account(Role.HR, firm_id=firm), open_account(Role.REVIEWER, district_code=DISTRICT)
    minutes = policy_at(at).duties.refusal_minutes
    assert (minutes.value, minutes.mark) == (30, "ASSUMED")
    nonce = refused(way, at)
    (case,) = cases()
    assert (case.nonce, case.due_at, case.street, case.firm_id) == (
        nonce,
        at + timedelta(minutes=30),
        STREET,
        firm,
    )
    assert told(desk) == [("gate_refusal", False)]
    assert told(hr) == [("pass_refused", False)]
    assert [told(each) for each in (other, far, reviewer)] == [[], [], []]
    answer(nonce, Outcome.RELEASED, note=" 已核对 ", by=DESK, at=at + timedelta(minutes=5))
    (case,) = cases()
    assert (case.outcome, case.note, case.answered_by, case.answered_as) == (
        "released",
        "已核对",
        "desk-1",
        "street",
    )
    assert told(desk) == [("gate_refusal", True)]
    assert told(hr) == [("pass_refused", False), ("refusal_answered", False)]
    audited = reading().scalars(select(AuditEntry).where(AuditEntry.subject == f"refusal:{nonce}")).all()
    assert [row.action for row in audited] == ["refusal.opened", "refusal.released"]
    assert not [row for row in audited if "WRONG_PERSON" in row.detail]


def test_a_red_pass_opens_nothing(way: Way, at: datetime) -> None:
    suspend_by_case(way, at)
    nonce = refused(way, at + timedelta(minutes=1), reason=STATED)
    assert cases() == []
    with pytest.raises(NotFound):
        answer(nonce, Outcome.RELEASED, by=DESK, at=at)


def test_what_is_overdue_goes_to_the_district_once(
    way: Way, app: Flask, open_account: OpenAccount, at: datetime
) -> None:
    desk = open_account(Role.STREET, district_code=DISTRICT, street=STREET)
    reviewer = open_account(Role.REVIEWER, district_code=DISTRICT)
    nonce = refused(way, at)
    with pytest.raises(StillTheStreets):
        answer(nonce, Outcome.RELEASED, by=REVIEWER, at=at + timedelta(minutes=29, seconds=59))

    def look(moment: datetime, period: int) -> None:
        clock.use_source(lambda: moment)
        assert periodic.enqueue_due(real_at=clock.real_now() + timedelta(days=period))
        jobs.work_once(limit=50)

    for period, seconds in enumerate((-1, 0, 60, 3600)):
        look(at + timedelta(minutes=30, seconds=seconds), period)
        late = [] if seconds < 0 else [("refusal_overdue", False)]
        assert told(reviewer) == late
        assert told(desk) == [("gate_refusal", False), *late]
    assert cases()[0].told_at == at + timedelta(minutes=30)
    answer(nonce, Outcome.UPHELD, ground="WRONG_PERSON", by=REVIEWER, at=at + timedelta(minutes=31))
    assert {is_read for _kind, is_read in told(desk) + told(reviewer)} == {True}
    assert cases()[0].answered_as == "reviewer"


def test_of_two_who_answer_at_once_one_wins_and_the_other_is_told_who(
    way: Way, app: Flask, at: datetime
) -> None:
    nonce, barrier, results = refused(way, at), Barrier(2), []

    def settle(by: Actor, outcome: Outcome) -> None:
        with app.app_context():
            barrier.wait()
            try:
                answer(nonce, outcome, ground="ALTERED", by=by, at=at + timedelta(minutes=2))
                results.append(by.name)
            except AnsweredAlready as refusal:
                results.append(str(refusal.message))
            finally:
                db.session.remove()

    args = ((DESK, Outcome.RELEASED), (SECOND, Outcome.UPHELD))
    threads = [Thread(target=settle, args=each) for each in args]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (case,) = cases()
    (lost,) = [each for each in results if each not in ("desk-1", "desk-2")]
    assert case.answered_by in results
    assert lost.startswith(f"{case.answered_by} 已于 09:02 答复：")
    assert ("应予放行" if case.outcome == "released" else "维持不放行") in lost
    count = select(func.count()).select_from(AuditEntry).where(AuditEntry.action.startswith("refusal."))
    assert reading().scalar(count) == 2  # opened, and one answer


def test_upheld_needs_a_coded_reason_and_only_desks_answer(way: Way, at: datetime) -> None:
    nonce = refused(way, at)
    for ground in ("", "NO_PAPER_FROM_COMMITTEE"):
        with pytest.raises(GroundMissing):
            answer(nonce, Outcome.UPHELD, ground=ground, by=DESK, at=at)
    hr = Actor("hr", Role.HR, firm_id=way.city.firm_id)
    for by, outcome in (
        (hr, Outcome.RELEASED),
        (guard_of(way.home), Outcome.RELEASED),
        (DESK, Outcome.WITHDRAWN),
    ):
        with pytest.raises(NotAllowed):
            answer(nonce, outcome, by=by, at=at)
    for by in (ELSEWHERE, FAR):
        with pytest.raises(NotFound):
            answer(nonce, Outcome.RELEASED, by=by, at=at)
    assert cases()[0].outcome == ""


def test_any_desk_of_the_district_answers_where_the_gate_has_no_street(way_of: MakeWay, at: datetime) -> None:
    nonce = refused(way_of(), at)
    with pytest.raises(NotFound):
        answer(nonce, Outcome.RELEASED, by=FAR, at=at)
    answer(nonce, Outcome.RELEASED, by=ELSEWHERE, at=at)
    assert cases()[0].outcome == "released"


def test_the_guard_withdraws_a_mistake(way: Way, at: datetime) -> None:
    nonce = refused(way, at)
    with pytest.raises(NotFound):
        withdraw(nonce, by=guard_of(way.plant), at=at)
    withdraw(nonce, by=guard_of(way.home), at=at)
    withdraw(nonce, by=guard_of(way.home), at=at + timedelta(minutes=1))
    assert cases()[0].answered_at == at
    with pytest.raises(AnsweredAlready):
        answer(nonce, Outcome.RELEASED, by=DESK, at=at)
    again = new_id()
    check_scan(way.first().number, nonce=again, by=guard_of(way.home), at=at)
    assert let_through(again, by=guard_of(way.home), at=at).scan.action == "let_through"


def test_refused_twice_is_one_case_until_it_is_answered(way: Way, at: datetime) -> None:
    first = refused(way, at)
    refused(way, at + timedelta(minutes=1))
    refuse(first, reason="ALTERED", by=guard_of(way.home), at=at)  # sent again
    (case,) = cases()
    assert (case.nonce, case.attempts, case.reason) == (first, 2, "WRONG_PERSON")
    answer(first, Outcome.RELEASED, by=DESK, at=at)
    refused(way, at + timedelta(minutes=2))
    assert [each.attempts for each in cases()] == [2, 1]


def test_uploads_open_cases_in_a_fixed_number_of_statements(
    way_of: MakeWay, statements: list[str], open_account: OpenAccount, at: datetime
) -> None:
    """The clock of what was refused without network begins when it is known."""
    way = with_desk(way_of(workers=12))
    for _ in range(2):
        open_account(Role.STREET, district_code=DISTRICT, street=STREET)
    open_account(Role.HR, firm_id=way.city.firm_id)

    def upload(passes: list[Pass]) -> int:
        rows = [
            Refused(UUID(int=found.status_index + 1), way.home, found.id, "ALTERED", at, "device:1")
            for found in passes
        ]
        statements.clear()
        with transaction():
            open_escalations(rows, by=WORKER, at=at + timedelta(hours=3))
        return len(statements)

    passes = way.passes()
    few, many = upload(passes[:2]), upload(passes[2:])
    assert few == many
    upload(passes)
    found = cases()
    assert (len(found), {case.attempts for case in found}) == (12, {1})
    assert {case.due_at - case.refused_at for case in found} == {timedelta(hours=3, minutes=30)}


def test_what_a_device_reports_later_opens_its_case_once(way: Way, sign_in: SignIn, at: datetime) -> None:
    """A refusal of a good pass and a medical exit without network; the same batch again changes nothing."""
    number, later = way.first().number, at + timedelta(hours=2)
    entries = [
        event(number, at, "refused", refusal="ALTERED"),
        event("", at + timedelta(minutes=1), "medical", verdict="", code=""),
        event("123", at + timedelta(minutes=2), "refused", verdict="red", refusal="ALTERED"),
    ]
    for _ in range(2):
        upload(way.home, entries, later)
    (case,) = cases()
    assert (str(case.nonce), case.attempts) == (entries[0]["nonce"], 1)
    assert (case.refused_at, case.opened_at) == (at, later)
    assert case.due_at == later + timedelta(minutes=30)
    assert str(reading().scalars(select(ExitNotice.exit_id)).one()) == entries[1]["nonce"]
    clock.use_source(lambda: later)
    desk = sign_in(Role.STREET, district_code=DISTRICT, street=STREET)
    assert "设备联网后于" in desk.get(f"/refusals/{case.nonce}").text


def test_nothing_of_health_and_no_name_is_in_a_notice(
    way: Way, open_account: OpenAccount, app: Flask, at: datetime
) -> None:
    hr = open_account(Role.HR, firm_id=way.city.firm_id)
    refused(way, at, gate_id=way.plant, reason="AG_POSITIVE")
    notice = reading().scalars(select(Notice).where(Notice.account_id == hr.account_id)).one()
    with app.test_request_context():
        said = KINDS["pass_refused"].say(notice.values)
    assert "王" not in said
    assert "抗原" not in said
    assert "临江精密一厂东门" in said
    assert "021-0000 0000" in said
    assert KINDS["pass_refused"].default is Channel.MAIL


def test_pages_show_each_what_is_his(way: Way, city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    clock.use_source(lambda: at + timedelta(minutes=12))
    nonce = refused(way, at, gate_id=way.plant, reason="AG_POSITIVE")
    other = city_of(workers=1, firm=2)
    path = f"/refusals/{nonce}"
    desk = sign_in(Role.STREET, district_code=DISTRICT, street=STREET)
    hr = sign_in(Role.HR, firm_id=way.city.firm_id)
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    for stranger in (
        sign_in(Role.STREET, district_code=DISTRICT, street=OTHER_STREET),
        sign_in(Role.HR, firm_id=other.firm_id),
        sign_in(Role.REVIEWER, district_code="310101"),
    ):
        assert stranger.get(path).status_code == 404
        assert path not in stranger.get("/refusals").text
    assert "已 12 分钟，应于 09:30 前答复" in desk.get("/desk").text
    full = desk.get(path).text
    assert "现场抗原阳性" in full
    assert "王小明" in full  # to be compared on the telephone, while it is open
    for client in (hr, reviewer):
        shown = client.get(path).text
        assert "王小明" not in shown
        assert "王*明" in shown
        assert 'name="outcome"' not in shown
    assert "抗原" not in hr.get(path).text.split("<main")[1]
    assert "抗原" not in hr.get("/refusals").text.split("<main")[1]
    assert desk.post(f"{path}/answer", data={"outcome": "upheld"}).status_code == 422
    assert desk.post(f"{path}/answer", data={"outcome": "released", "note": "已核对本人"}).status_code == 303
    assert desk.post(f"{path}/answer", data={"outcome": "released"}).status_code == 409
    assert "王小明" not in desk.get(path).text
    assert "应予放行" in hr.get(path).text
    assert path in desk.get("/refusals?state=released").text
    guard = sign_in(Role.GUARD, gate_id=way.plant)
    listed = guard.get("/gate/refusals").text
    assert "应予放行" in listed
    assert "已核对本人" in listed
    again = guard.post("/gate", data={"presented": way.first().number, "nonce": str(new_id())}).text
    assert "街镇值班台 09:12 答复：应予放行" in again
    elsewhere = sign_in(Role.GUARD, gate_id=way.home)
    assert path not in elsewhere.get("/gate/refusals").text
    assert elsewhere.post(f"/gate/refusals/{nonce}/withdraw").status_code == 404


def test_a_desk_with_many_cases_reads_as_few_times_as_with_one(
    way_of: MakeWay, sign_in: SignIn, statements: list[str], at: datetime
) -> None:
    way = with_desk(way_of(workers=6))
    desk = sign_in(Role.STREET, district_code=DISTRICT, street=STREET)
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    pages = ((desk, "/desk"), (desk, "/refusals"), (desk, "/refusals/gates"), (reviewer, "/refusals/gates"))

    def count() -> list[int]:
        counts = []
        for client, path in pages:
            statements.clear()
            assert client.get(path).status_code == 200
            counts.append(len(statements))
        return counts

    refused(way, at)
    count()
    few = count()
    for place in range(1, 6):
        refused(way, at, place=place, gate_id=(way.home, way.plant)[place % 2], reason="ALTERED")
    assert count() == few
    assert max(few) <= 16
