"""The case's pages, and what is posted to them."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from resume.applications import operations
from resume.applications.queries import find_current
from resume.db import reading, transaction
from resume.roles import Role
from resume.roster.models import WorkerList
from tests.applications.conftest import MakeFirm, add_list, fill_plan, hr, person, submitted_case
from tests.conftest import SignIn


def test_a_case_not_begun_says_how_to_begin_and_what_is_missing(sign_in: SignIn, make_firm: MakeFirm) -> None:
    reader = sign_in(Role.HR, firm_id=make_firm())
    said = reader.get("/case").get_data(as_text=True)
    assert "还不能提交，缺 17 项" in said
    assert reader.post("/case").location == "/case"
    assert "开始填报" in reader.get("/case").get_data(as_text=True)
    assert reader.post("/case/submit", data={"revision": "0"}).status_code == 422


def test_hr_submits_from_the_page_once(sign_in: SignIn, make_firm: MakeFirm, at: datetime) -> None:
    firm_id = make_firm()
    fill_plan(firm_id, at=at)
    add_list(firm_id, [person(1)], at=at)
    reader = sign_in(Role.HR, firm_id=firm_id)
    said = reader.get("/case").get_data(as_text=True)
    assert "提交申请" in said
    assert 'name="revision" value="0"' in said
    assert reader.post("/case/submit", data={"revision": "0"}).status_code == 303
    said = reader.get("/case").get_data(as_text=True)
    assert "轮到区级审核员" in said
    assert "提交申请</button>" not in said
    late = reader.post("/case/submit", data={"revision": "0"})
    assert late.status_code == 409
    assert "企业提交" in late.get_data(as_text=True)


def test_another_firms_case_and_list_are_not_found(
    sign_in: SignIn, make_firm: MakeFirm, at: datetime
) -> None:
    first, second = make_firm(), make_firm()
    case = submitted_case(first, at=at)
    stranger, owner = sign_in(Role.HR, firm_id=second), sign_in(Role.HR, firm_id=first)
    assert owner.get(f"/case/{case.id}").status_code == 200
    assert stranger.get(f"/case/{case.id}").status_code == 404
    assert stranger.post(f"/list/{case.list_id}/confirm").status_code == 404
    assert "还没有开始" in stranger.get("/case").get_data(as_text=True)


def test_confirming_a_list_attaches_it_and_takes_a_case_back(
    app: Flask, sign_in: SignIn, make_firm: MakeFirm, at: datetime
) -> None:
    firm_id = make_firm()
    submitted_case(firm_id, at=at)
    with transaction() as session:
        preview = WorkerList(
            firm_id=firm_id, state="preview", file_name="新名单.csv", uploaded_at=at,
            row_count=2, good_count=2, unknown_columns=[],
        )  # fmt: skip
        session.add(preview)
    reader = sign_in(Role.HR, firm_id=firm_id)
    assert reader.post(f"/list/{preview.id}/confirm").status_code == 303
    reading().rollback()
    case = find_current(firm_id=firm_id)
    assert case is not None
    assert (case.state, case.list_id, case.worker_count) == ("draft", preview.id, 2)
    assert reading().get_one(WorkerList, preview.id).state == "confirmed"
    assert reader.post(f"/list/{preview.id}/confirm").status_code == 409
    assert "新名单.csv" in reader.get("/case").get_data(as_text=True)


def test_a_list_larger_than_the_loop_is_remarked(sign_in: SignIn, make_firm: MakeFirm, at: datetime) -> None:
    firm_id = make_firm()
    fill_plan(firm_id, at=at)
    operations.save_section(
        "headcount", {"in_loop": 1, "key_posts": 0, "shifts": 1, "arrivals": 0}, firm_id=firm_id, revision=10,
        by=hr(firm_id), at=at,
    )  # fmt: skip
    add_list(firm_id, [person(1), person(2)], at=at)
    said = sign_in(Role.HR, firm_id=firm_id).get("/case").get_data(as_text=True)
    assert "花名册 2 人，多于方案中的闭环人数 1 人" in said
