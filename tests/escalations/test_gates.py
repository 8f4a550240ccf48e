"""Gates that refuse often, and medical exits of which the committee is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from resume import clock, jobs
from resume.db import new_id, reading, transaction
from resume.escalations import picture
from resume.escalations.lifecycle import Outcome
from resume.escalations.models import ExitNotice
from resume.escalations.often import GateTally, Tally, list_refusing
from resume.escalations.operations import acknowledge, answer, withdraw
from resume.escalations.queries import Scope
from resume.gate.operations.medical import medical_exit
from resume.gate.operations.scans import check_scan, let_through
from resume.notices.models import Notice
from resume.places.models import Gate
from resume.refusals import NotAllowed, NotFound
from resume.roles import Role
from tests.conftest import SignIn
from tests.escalations.conftest import DESK, ELSEWHERE, OTHER_STREET, SECOND, STREET, refused, with_desk
from tests.gate.conftest import MakeWay, Way, guard_of
from tests.notices.conftest import OpenAccount
from tests.passes.city import DISTRICT, REVIEWER

MINE = Scope(DISTRICT, STREET)


def test_a_gate_is_counted_by_what_was_shown_and_what_was_answered(way_of: MakeWay, at: datetime) -> None:
    way = with_desk(way_of(workers=8))
    guard = guard_of(way.home)
    for place in (0, 1):
        nonce = new_id()
        check_scan(way.passes()[place].number, nonce=nonce, by=guard, at=at)
        check_scan(way.passes()[place].number, nonce=new_id(), by=guard, at=at)  # a second look
        let_through(nonce, by=guard, at=at)
    nonces = [refused(way, at, place=place) for place in range(2, 6)]
    answer(nonces[0], Outcome.RELEASED, by=DESK, at=at)
    answer(nonces[1], Outcome.UPHELD, ground="ALTERED", by=DESK, at=at)
    withdraw(nonces[2], by=guard, at=at)
    (one,) = list_refusing(scope=MINE, at=at)
    week = one.windows[7]
    assert (week.presented, week.refused, week.passed) == (5, 3, 2)
    assert [week.count(word) for word in ("released", "upheld", "withdrawn", "")] == [1, 1, 1, 1]
    assert one.is_often
    later = list_refusing(scope=MINE, at=at + timedelta(days=8))
    assert (later[0].windows[7].refused, later[0].windows[30].refused) == (0, 3)
    assert list_refusing(scope=MINE, at=at + timedelta(days=31)) == []
    assert list_refusing(scope=Scope(DISTRICT, OTHER_STREET), at=at) == []
    assert len(list_refusing(scope=Scope(DISTRICT), at=at)) == 1
    assert list_refusing(scope=Scope(), at=at) == []


@pytest.mark.parametrize(
    ("refused_", "passed", "often"), [(2, 0, False), (3, 27, True), (3, 28, False), (9, 81, True)]
)
def test_the_threshold(refused_: int, passed: int, often: bool) -> None:
    """Ten of a hundred, and three at least."""
    assert Tally(passed, {"released": refused_, "withdrawn": 50}).is_often(percent=10, least=3) is often


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 500)] * 4), min_size=1, max_size=12), st.integers(1, 90))
def test_bars_stay_within_their_picture(counts: list[tuple[int, int, int, int]], percent: int) -> None:
    gates = [
        GateTally(
            Gate(id=n, name="门"),
            {30: Tally(row[0], dict(zip(("released", "upheld", ""), row[1:], strict=True)))},
            False,
        )
        for n, row in enumerate(counts)
    ]
    bars = picture.draw(gates, percent=percent)
    if bars is None:
        assert not any(row[1] + row[2] + row[3] for row in counts)
        return
    assert len(bars.rows) <= picture.MOST
    for bar in bars.rows:
        assert all(picture.LEFT <= x <= x + width <= picture.RIGHT + 0.5 for _word, x, width in bar.parts)
        assert bar.y + picture.ROW <= bars.height
    assert picture.LEFT <= bars.threshold_x <= picture.RIGHT


def test_a_medical_exit_reaches_the_desk_and_its_committee_is_told_once(
    way: Way, open_account: OpenAccount, sign_in: SignIn, at: datetime
) -> None:
    told = open_account(Role.STREET, district_code=DISTRICT, street=STREET)
    other = open_account(Role.STREET, district_code=DISTRICT, street=OTHER_STREET)
    exit_id = new_id()
    for _ in range(2):  # sent twice
        medical_exit(exit_id, by=guard_of(way.home), at=at)
    while jobs.work_once(limit=50):
        pass
    notices = reading().scalars(select(Notice).where(Notice.kind == "medical_exit")).all()
    assert [row.account_id for row in notices] == [told.account_id]
    assert notices[0].values["committee"] == "310115001001"
    assert other.account_id is not None
    desk = sign_in(Role.STREET, district_code=DISTRICT, street=STREET)
    page = desk.get("/medical-exits").text
    assert "310115001001" in page
    assert "王" not in page.split("<main")[1]
    assert "待通知" in desk.get("/desk").text
    foreign = sign_in(Role.STREET, district_code=DISTRICT, street=OTHER_STREET)
    assert foreign.post(f"/medical-exits/{exit_id}/acknowledge").status_code == 404
    assert desk.post(f"/medical-exits/{exit_id}/acknowledge").status_code == 303
    first = reading().get_one(ExitNotice, exit_id).acknowledged_by
    reading().expire_all()
    assert acknowledge(exit_id, by=SECOND, at=at).acknowledged_by == first
    assert reading().scalars(select(Notice.read_at).where(Notice.kind == "medical_exit")).one() is not None
    for by, refusal in ((ELSEWHERE, NotFound), (REVIEWER, NotAllowed)):
        with pytest.raises(refusal):
            acknowledge(exit_id, by=by, at=at)


def test_yesterdays_exit_stays_until_its_committee_knows(way: Way, sign_in: SignIn, at: datetime) -> None:
    known, unknown = new_id(), new_id()
    for exit_id in (known, unknown):
        medical_exit(exit_id, by=guard_of(way.home), at=at)
    acknowledge(known, by=DESK, at=at)
    clock.use_source(lambda: at + timedelta(days=1))
    page = sign_in(Role.STREET, district_code=DISTRICT, street=STREET).get("/medical-exits").text
    assert str(unknown) in page
    assert page.count("<tr") == 2  # the head and one


def test_a_medical_exit_waits_for_nobody(way: Way, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with the telling, it is recorded."""
    from resume.escalations import telling

    def broken(*_args: object, **_values: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(telling, "tell", broken)
    exit_id = new_id()
    medical_exit(exit_id, by=guard_of(way.home), at=at)
    with transaction() as session:
        assert session.get(ExitNotice, exit_id) is not None
