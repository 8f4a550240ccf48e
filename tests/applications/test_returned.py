"""A return part by part: what is open, what is fixed, and when the case may be submitted again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from resume.applications import operations
from resume.applications.models import Application, ReturnedPart
from resume.applications.queries import find_current, list_events, view_current_case
from resume.audit import AuditEntry
from resume.db import reading
from resume.plans.queries import find_current_version
from resume.plans.sections import SECTIONS
from resume.refusals import NotFound
from resume.review.operations import ReasonMissing, send_back
from resume.roles import Actor, Role
from tests.applications.conftest import MakeFirm, add_list, hr, person, submitted_case
from tests.conftest import SignIn
from tests.plans.complete import as_typed, complete_sections

REVIEWER = Actor("reviewer-1", Role.REVIEWER, district_code="310115")
LODGING = {"lodging": "静止期单间不足，请写明如何分开居住"}


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


@pytest.fixture
def case_id(firm_id: int, at: datetime) -> UUID:
    return submitted_case(firm_id, at=at).id


@pytest.fixture
def reader(sign_in: SignIn, firm_id: int) -> FlaskClient:
    return sign_in(Role.HR, firm_id=firm_id)


def returned(case_id: UUID, at: datetime, **reasons: str) -> None:
    reading().rollback()
    revision = reading().get_one(Application, case_id, populate_existing=True).revision
    send_back(case_id, revision=revision, reasons=reasons, by=REVIEWER, at=at + timedelta(hours=1))


def save(firm_id: int, at: datetime, key: str = "lodging", **changes: Any) -> None:
    is_agreed = bool(changes.pop("is_agreed", False))
    values = complete_sections()[key] | changes
    operations.save_section(
        key, values, firm_id=firm_id, revision=99, by=hr(firm_id), at=at, is_agreed=is_agreed
    )


def submit(firm_id: int, at: datetime) -> Application:
    reading().rollback()
    case = find_current(firm_id=firm_id)
    assert case is not None
    return operations.submit(firm_id, revision=case.revision, by=hr(firm_id), at=at + timedelta(hours=3))


def test_reasons_are_rows_beside_state_event_and_audit(case_id: UUID, firm_id: int, at: datetime) -> None:
    returned(case_id, at, lodging="床位", list="班组", case="请尽快")
    rows = {row.part: row.reason for row in reading().scalars(select(ReturnedPart))}
    assert rows == {"lodging": "床位", "list": "班组", "case": "请尽快"}
    event = list_events(case_id)[-1]
    assert (event.action, event.note) == ("returned", "住宿：床位\n花名册：班组\n总体意见：请尽快")
    audited = select(AuditEntry.action).where(AuditEntry.subject == f"application:{case_id}")
    assert "application.returned" in reading().scalars(audited).all()


def test_a_return_without_words_or_of_no_part_is_none(case_id: UUID, at: datetime) -> None:
    with pytest.raises(ReasonMissing):
        returned(case_id, at, lodging="  ")
    with pytest.raises(ValueError, match="casino"):
        returned(case_id, at, casino="x")
    assert reading().scalars(select(ReturnedPart)).all() == []


def test_only_the_returned_sections_are_open(
    case_id: UUID, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    returned(case_id, at, **LODGING)
    tasks = reader.get("/plan").get_data(as_text=True)
    assert "审核员：静止期单间不足" in tasks
    assert tasks.count("没有要求修改") == len(SECTIONS) - 1
    opened = reader.get("/plan/lodging").get_data(as_text=True)
    assert "静止期单间不足" in opened
    assert 'id="autosaver"' in opened
    fixed = reader.get("/plan/testing").get_data(as_text=True)
    assert "审核员没有要求修改这一节" in fixed
    assert 'action="/plan/testing"' not in fixed
    typed = as_typed(complete_sections()["testing"]) | {"revision": "99", "recorder": "吴记"}
    assert reader.post("/plan/testing", data=typed).status_code == 409
    assert find_current(firm_id=firm_id).state == "returned"  # type: ignore[union-attr]
    assert reader.post("/plan/testing", data=typed | {"is_agreed": "y"}).status_code == 303
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    assert version.sections["testing"]["recorder"] == "吴记"
    # Once it has changed the reviewer sees it anyway: it asks no more.
    assert "审核员没有要求修改" not in reader.get("/plan/testing").get_data(as_text=True)


def test_a_section_saves_itself_where_it_is_open_and_not_where_it_is_fixed(
    case_id: UUID, firm_id: int, at: datetime
) -> None:
    returned(case_id, at, **LODGING)
    values = complete_sections()
    shared = {"firm_id": firm_id, "revision": 99, "by": hr(firm_id), "at": at, "is_autosave": True}
    with pytest.raises(operations.AsksFirst):
        operations.save_section("testing", values["testing"] | {"recorder": "吴记"}, **shared)
    operations.save_section("lodging", values["lodging"] | {"beds": 490}, **shared)
    assert find_current(firm_id=firm_id).state == "draft"  # type: ignore[union-attr]


def test_a_reason_for_the_whole_leaves_everything_open(
    case_id: UUID, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    returned(case_id, at, case="请补充说明")
    assert "没有要求修改" not in reader.get("/plan").get_data(as_text=True)
    assert 'id="autosaver"' in reader.get("/plan/testing").get_data(as_text=True)
    with pytest.raises(operations.Incomplete, match="总体意见"):
        submit(firm_id, at)
    save(firm_id, at, "testing", recorder="吴记")
    assert submit(firm_id, at).state == "submitted"


@pytest.mark.parametrize("done", ["changed", "answered", "changed and back", "nothing"])
def test_each_returned_section_is_changed_or_answered(
    case_id: UUID, firm_id: int, at: datetime, done: str
) -> None:
    returned(case_id, at, lodging="床位", testing="记录员")
    save(firm_id, at, "testing", recorder="吴记")
    if done.startswith("changed"):
        save(firm_id, at, beds=490)
    if done == "changed and back":
        save(firm_id, at, beds=480)
    if done == "answered":
        (part,) = reading().scalars(select(ReturnedPart).where(ReturnedPart.part == "lodging"))
        operations.answer_return(part.id, firm_id=firm_id, answer="单间已够", by=hr(firm_id), at=at)
    if done in ("changed", "answered"):
        case = submit(firm_id, at)
        assert case.state == "submitted"
        reading().rollback()
        assert all(row.closed_at for row in reading().scalars(select(ReturnedPart)))
    else:
        with pytest.raises(operations.Incomplete, match="退回的“住宿”：还没有修改，也没有说明"):
            submit(firm_id, at)


def test_an_answer_alone_is_enough_and_makes_no_new_version(
    case_id: UUID, firm_id: int, at: datetime
) -> None:
    returned(case_id, at, lodging="床位")
    (part,) = reading().scalars(select(ReturnedPart))
    operations.answer_return(part.id, firm_id=firm_id, answer="单间已够", by=hr(firm_id), at=at)
    case = submit(firm_id, at)
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    assert (case.changed_sections, version.number) == (0, 1)


def test_a_list_that_was_returned_is_replaced_or_answered(case_id: UUID, firm_id: int, at: datetime) -> None:
    returned(case_id, at, list="请补充班组")
    with pytest.raises(operations.Incomplete, match="退回的“花名册”"):
        submit(firm_id, at)
    add_list(firm_id, [person(firm_id * 1000), person(77)], at=at)
    assert submit(firm_id, at).state == "submitted"


def test_a_second_return_begins_anew(case_id: UUID, firm_id: int, at: datetime) -> None:
    returned(case_id, at, lodging="床位")
    save(firm_id, at, beds=490)
    submit(firm_id, at)
    returned(case_id, at + timedelta(hours=4), lodging="还是床位")
    case = view_current_case(firm_id=firm_id, at=at)
    assert [(one.reason, one.is_done) for one in case.returned] == [("还是床位", False)]
    save(firm_id, at, beds=500)
    assert submit(firm_id, at).state == "submitted"


def test_hr_explains_on_a_page_of_its_own(
    case_id: UUID, reader: FlaskClient, sign_in: SignIn, make_firm: MakeFirm, at: datetime
) -> None:
    returned(case_id, at, **LODGING)
    (part,) = reading().scalars(select(ReturnedPart))
    address = f"/case/returned/{part.id}"
    assert "静止期单间不足" in reader.get(address).get_data(as_text=True)
    assert reader.post(address, data={"answer": " "}).status_code == 422
    assert reader.post(address, data={"answer": "单间已够，见附图"}).status_code == 303
    assert "已说明" in reader.get("/plan").get_data(as_text=True)
    assert "单间已够" in reader.get("/plan/lodging").get_data(as_text=True)
    stranger = sign_in(Role.HR, firm_id=make_firm())
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, data={"answer": "不相干"}).status_code == 404


def test_a_closed_part_is_answered_no_more(case_id: UUID, firm_id: int, at: datetime) -> None:
    returned(case_id, at, lodging="床位")
    (part,) = reading().scalars(select(ReturnedPart))
    save(firm_id, at, beds=490)
    submit(firm_id, at)
    with pytest.raises(NotFound):
        operations.answer_return(part.id, firm_id=firm_id, answer="晚了", by=hr(firm_id), at=at)


def test_the_answers_say_what_is_missing_on_top(
    case_id: UUID, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    returned(case_id, at, **LODGING)
    answer = reader.post("/case/submit", data={"revision": "2"})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "govuk-error-summary" in said
    assert 'href="#missing-1"' in said
    assert 'id="missing-1"' in said


def test_a_case_costs_the_same_however_much_is_returned(
    app: Flask, case_id: UUID, firm_id: int, at: datetime, statements: list[str]
) -> None:
    counts = []
    for reasons in ({"lodging": "床位"}, dict.fromkeys(complete_sections(), "请改")):
        returned(case_id, at, **reasons)
        statements.clear()
        view_current_case(firm_id=firm_id, at=at)
        counts.append(len(statements))
        if len(counts) == 1:
            save(firm_id, at, beds=490)
            submit(firm_id, at)
    assert counts[0] == counts[1] <= 12
