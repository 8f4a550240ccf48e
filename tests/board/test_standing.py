"""With whom the case is, how much of its clock is over, and the passes as a bar."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from resume import clock
from resume.applications.queries import view_current_case
from resume.board.picture import BAR_WIDTH, stack
from resume.board.standing import standing_of
from resume.db import transaction
from resume.passes.models import Pass
from resume.roles import Role
from tests.applications.conftest import MakeFirm, submitted_case
from tests.board.test_desk import _approved, issue, suspend
from tests.conftest import SignIn

NAMES = ("active", "suspended", "used", "expired", "replaced", "revoked")


@given(st.lists(st.integers(0, 12_000), min_size=6, max_size=6))
def test_the_bar_holds_every_part_and_nothing_else(counts: list[int]) -> None:
    parts = stack(dict(zip(NAMES, counts, strict=True)))
    assert [part.count for part in parts] == [count for count in counts if count]
    assert all(part.width >= 6 for part in parts)
    if parts:
        assert parts[0].x == 0
        assert abs(parts[-1].x + parts[-1].width - BAR_WIDTH) < 0.5
    for left, right in pairwise(parts):
        assert abs(left.x + left.width - right.x) < 0.2
        assert (left.count > right.count) <= (left.width >= right.width)


@pytest.mark.parametrize(
    ("after", "is_overdue"),
    [
        (timedelta(hours=1), False),
        (timedelta(seconds=86_399), False),
        (timedelta(hours=24), True),
    ],
)
def test_the_clock_of_the_district(
    app: Flask, make_firm: MakeFirm, at: datetime, after: timedelta, is_overdue: bool
) -> None:
    firm_id = make_firm()
    submitted_at = submitted_case(firm_id, at=at).submitted_at
    assert submitted_at is not None
    with app.test_request_context():
        found = standing_of(view_current_case(firm_id=firm_id, at=at), at=submitted_at + after)
    assert (found.office, found.since) == ("浦东新区审核员", submitted_at)
    assert found.due_at == submitted_at + timedelta(hours=24)
    assert found.is_overdue is is_overdue


def test_no_clock_runs_against_the_firm(app: Flask, make_firm: MakeFirm, at: datetime) -> None:
    with app.test_request_context():
        found = standing_of(view_current_case(firm_id=make_firm(), at=at), at=at)
    assert (found.office, found.since, found.due_at, found.is_overdue) == ("本企业", None, None, False)


def test_the_desk_says_where_the_case_is_and_marks_what_is_late(
    sign_in: SignIn, make_firm: MakeFirm, at: datetime
) -> None:
    firm_id = make_firm()
    submitted_case(firm_id, at=at - timedelta(hours=30))
    html = sign_in(Role.HR, firm_id=firm_id).get("/").get_data(as_text=True)
    assert "现在由浦东新区审核员办理" in html
    assert "已超时限" in html
    assert "<meter" in html


def test_passes_are_a_bar_with_its_table_and_the_sheets(
    sign_in: SignIn, make_firm: MakeFirm, at: datetime
) -> None:
    assert clock.now() == at
    firm_id = make_firm()
    passes = issue(_approved(firm_id, sign_in, at, persons=4), at=at)
    suspend(passes[0], at=at)
    with transaction() as session:
        session.get_one(Pass, passes[1]).medium = "phone"  # it never has a sheet
    html = sign_in(Role.HR, firm_id=firm_id).get("/").get_data(as_text=True)
    picture = html[html.index('id="states-title"') : html.index("rs-progress__bar")]
    assert "有效 3、暂停 1" in picture
    assert picture.count("<rect") == 2
    assert "✓ 3" in picture
    assert "✕ 1" in picture
    assert 'href="/passes?status=suspended"' in picture
    assert "已制作 0 / 2" in html
