"""What changed since the last submission: for HR before the next one, for the reviewer after it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from resume.applications import operations
from resume.applications.changes import ListChange, compare_lists, view_submitted
from resume.applications.models import Application, Submission
from resume.applications.queries import find_current, view_current_case
from resume.db import reading, transaction
from resume.review.operations import send_back
from resume.roles import Actor, Role
from resume.roster.models import Worker
from tests.applications.conftest import MakeFirm, add_list, hr, person, submitted_case
from tests.conftest import SignIn
from tests.plans.complete import complete_sections

REVIEWER = Actor("reviewer-1", Role.REVIEWER, district_code="310115")


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


def save(firm_id: int, at: datetime, key: str, **changes: Any) -> None:
    values = complete_sections()[key] | changes
    operations.save_section(key, values, firm_id=firm_id, revision=99, by=hr(firm_id), at=at, is_agreed=True)


def submit(firm_id: int, at: datetime) -> Application:
    reading().rollback()
    case = find_current(firm_id=firm_id)
    assert case is not None
    return operations.submit(firm_id, revision=case.revision, by=hr(firm_id), at=at)


def test_the_first_submission_is_compared_with_nothing(firm_id: int, at: datetime) -> None:
    case = submitted_case(firm_id, at=at)
    assert case.changed_sections is None
    assert view_submitted(case).since is None
    assert view_current_case(firm_id=firm_id, at=at).changes.since is None


def test_a_draft_is_compared_with_what_was_submitted_last(firm_id: int, at: datetime) -> None:
    submitted_case(firm_id, at=at)
    save(firm_id, at, "lodging", beds=490)
    changes = view_current_case(firm_id=firm_id, at=at).changes
    assert changes.since == at + timedelta(minutes=5)
    assert changes.parts == {"lodging"}
    (one,) = changes.sections[0].fields
    assert (one.before, one.after) == ("480 张", "490 张")


def test_a_case_is_compared_with_its_former_submission(firm_id: int, at: datetime) -> None:
    case = submitted_case(firm_id, at=at)
    send_back(case.id, revision=1, reasons={"lodging": "床位"}, by=REVIEWER, at=at)
    save(firm_id, at, "lodging", beds=490)
    save(firm_id, at, "testing", recorder="吴记")
    again = submit(firm_id, at + timedelta(hours=2))
    assert again.changed_sections == 2
    changes = view_submitted(again)
    assert [change.section.key for change in changes.sections] == ["lodging", "testing"]
    assert not changes.has_other_list
    third = submitted_again(firm_id, at + timedelta(hours=4))
    assert third.changed_sections == 0
    assert len(reading().scalars(select(Submission)).all()) == 3


def submitted_again(firm_id: int, at: datetime) -> Application:
    """Taken back by an edit that changes nothing, and submitted."""
    save(firm_id, at, "testing", recorder="吴记")
    return submit(firm_id, at)


def test_lists_are_compared_by_persons(firm_id: int, at: datetime) -> None:
    submitted_case(firm_id, at=at)
    base = firm_id * 1000
    new = add_list(firm_id, [person(base), person(base + 1), person(50), person(51)], at=at)
    with transaction() as session:
        moved = update(Worker).where(Worker.list_id == new, Worker.person_key == person(base))
        session.execute(moved.values(post="质检员", arrive_on=date(2022, 4, 26)))
    changes = view_current_case(firm_id=firm_id, at=at).changes
    assert (changes.parts, changes.workers) == ({"list"}, ListChange(added=2, removed=1, changed=1))
    case = submit(firm_id, at + timedelta(hours=1))
    assert view_submitted(case).workers == ListChange(2, 1, 1)
    assert case.changed_sections == 0


def test_what_was_empty_before_counts_as_changed(firm_id: int, at: datetime) -> None:
    submitted_case(firm_id, at=at)
    new = add_list(firm_id, [person(firm_id * 1000 + number) for number in range(3)], at=at)
    with transaction() as session:
        session.execute(
            update(Worker).where(Worker.list_id == new, Worker.row == 2).values(flat_key=b"f" * 16)
        )
    assert view_current_case(firm_id=firm_id, at=at).changes.workers == ListChange(0, 0, 1)


def test_lists_of_any_size_take_three_statements(
    app: Flask, firm_id: int, at: datetime, statements: list[str]
) -> None:
    counts = []
    for size in (2, 300):
        lists: list[UUID] = [
            add_list(firm_id, [person(10_000 + number + shift) for number in range(size)], at=at)
            for shift in (0, 1)
        ]
        statements.clear()
        assert compare_lists(lists[0], lists[1]) == ListChange(1, 1, 0)
        counts.append(sum("SELECT" in statement for statement in statements))
    assert counts == [3, 3]


def test_hr_and_reviewer_read_it(firm_id: int, at: datetime, sign_in: SignIn) -> None:
    case = submitted_case(firm_id, at=at)
    save(firm_id, at, "lodging", beds=490)
    add_list(firm_id, [person(firm_id * 1000), person(50)], at=at)
    answers = sign_in(Role.HR, firm_id=firm_id).get("/plan/answers").get_data(as_text=True)
    for words in ("上次提交以来的变动", "480 张", "490 张", "新增 1 人，移除 2 人，改动 0 人", "提交申请"):
        assert words in answers, words
    assert answers.index("住宿") < answers.index('id="submit"')
    assert answers.index('id="answers-commitment"') < answers.index('id="submit"')
    submit(firm_id, at + timedelta(hours=1))
    reviewer = sign_in(Role.REVIEWER, district_code="310115")
    assert "变更 1 节" in reviewer.get("/review").get_data(as_text=True)
    shown = reviewer.get(f"/review/{case.id}/return").get_data(as_text=True)
    assert shown.count("与上次提交相比有变动") == 1
