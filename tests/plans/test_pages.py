"""The plan's pages, read as a person reads them: with and without JavaScript, by two firms."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resume.applications import operations
from resume.plans.queries import find_current_version
from resume.plans.sections import SECTIONS
from resume.roles import Role
from tests.applications.conftest import MakeFirm, hr
from tests.conftest import SignIn
from tests.plans.complete import as_typed, complete_sections

HTMX = {"HX-Request": "true"}
_BEDS = {**as_typed(complete_sections()["lodging"]), "revision": "0"}


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


@pytest.fixture
def reader(sign_in: SignIn, firm_id: int) -> FlaskClient:
    return sign_in(Role.HR, firm_id=firm_id)


def test_an_untouched_plan_lists_every_section_as_not_begun(reader: FlaskClient) -> None:
    said = reader.get("/plan").get_data(as_text=True)
    assert said.count("/plan/") >= len(SECTIONS)
    assert "已完成 0 / 16 项" in said


def test_hr_fills_every_page_and_the_plan_is_complete(
    reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    values = complete_sections()
    for number, section in enumerate(SECTIONS):
        assert reader.get(f"/plan/{section.key}").status_code == 200
        typed = {**as_typed(values[section.key]), "revision": str(number), "intent": "save"}
        answer = reader.post(f"/plan/{section.key}", data=typed)
        assert (answer.status_code, answer.location) == (303, "/plan"), section.key
        assert reader.get(f"/plan/{section.key}").status_code == 200
    assert "已完成 16 / 16 项" in reader.get("/plan").get_data(as_text=True)
    answers = reader.get("/plan/answers").get_data(as_text=True)
    for words in (
        "床位 480 ≥ 人数 460 + 静止期到岗 20",
        "沪A12345",
        "配套支撑",
        "2022年4月21日",
        "07:30",
        "够用 14 天",
        "48 小时核酸阴性，并现场抗原检测",
    ):
        assert words in answers
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    saved = {key: dict(fields) for key, fields in version.sections.items()}
    saved["sites"]["rows"][0]["site_id"] = None
    assert saved == values


def test_a_half_filled_draft_is_saved_and_says_what_is_missing(reader: FlaskClient) -> None:
    answer = reader.post("/plan/lodging", data={"revision": "0", "beds": "480"})
    assert (answer.status_code, answer.location) == (303, "/plan/lodging")
    said = reader.get("/plan/lodging").get_data(as_text=True)
    assert "草稿已保存，还缺 4 项" in said
    assert "（选填）" not in said
    assert "（选填）" in reader.get("/plan/firm").get_data(as_text=True)
    assert "未" in reader.get("/plan").get_data(as_text=True)


@pytest.mark.parametrize(
    ("section", "field", "typed", "said"),
    [
        ("lodging", "beds", "四百", "请填写整数"),
        ("lodging", "beds", "0", "应在 1 到"),
        ("lodging", "beds", "9" * 30, "应在 1 到"),
        ("organisation", "officer_phone", "12345", "手机号码应为 11 位"),
        ("organisation", "duty_phone", "60-1", "带区号的固定电话"),
        ("transport", "rows-0-plate", "A12345", "车牌应为省份简称"),
        ("testing", "antigen_at", "25:00", "时间不对"),
        ("commitment", "signed_on", "2022-02-30", "日期不对"),
        ("firm", "category", "casino", "请从列出的选项中选择"),
        ("firm", "street", "街" * 41, "最多 40 个字符"),
        ("sites", "rows-0-district", "110101", "请从列出的选项中选择"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_kept_as_typed(
    reader: FlaskClient, firm_id: int, section: str, field: str, typed: str, said: str
) -> None:
    sent = {"revision": "0", "opened": "one page", field: typed}
    for headers in ({}, HTMX):
        answer = reader.post(f"/plan/{section}", data=sent, headers=headers)
        assert answer.status_code == 422
        words = answer.get_data(as_text=True)
        assert words.count(said) >= 2  # in the summary and beside the field
        assert typed in words or said.startswith("请从")  # what was not on offer is not shown again
        assert ("<html" in words) is (headers == {})
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    assert version.typed[section][field] == [typed]
    assert typed not in str(version.sections[section])
    again = reader.get(f"/plan/{section}").get_data(as_text=True)
    assert again.count(said) >= 2  # opened again, it says so still
    assert typed in again or said.startswith("请从")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("沪ad·12345", "沪AD12345"), ("沪Ａ１２３４５", "沪A12345"), ("沪A-1234学", "沪A1234学")],
)
def test_a_plate_is_kept_in_one_form(reader: FlaskClient, firm_id: int, typed: str, kept: str) -> None:
    reader.post("/plan/transport", data={"revision": "0", "rows-0-plate": typed})
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    assert version.sections["transport"]["rows"][0]["plate"] == kept


def test_rows_come_and_go_by_buttons_without_javascript(reader: FlaskClient, firm_id: int) -> None:
    typed = {"revision": "0", "rows-0-plate": "沪A11111", "rows-3-plate": "沪A22222"}
    more = reader.post("/plan/transport", data={**typed, "intent": "add"}).get_data(as_text=True)
    assert 'name="rows-4-plate"' in more
    assert "沪A22222" in more
    fewer = reader.post("/plan/transport", data={**typed, "intent": "remove-0"}).get_data(as_text=True)
    assert "沪A11111" not in fewer
    assert "沪A22222" in fewer
    fragment = reader.post("/plan/transport", data={**typed, "intent": "add"}, headers=HTMX)
    assert fragment.get_data(as_text=True).lstrip().startswith('<div id="section">')
    assert find_current_version(firm_id=firm_id) is None


def test_checks_speak_while_typing_and_nothing_is_saved(
    reader: FlaskClient, make_firm: MakeFirm, firm_id: int, at: datetime
) -> None:
    headcount = complete_sections()["headcount"]
    operations.save_section("headcount", headcount, firm_id=firm_id, revision=0, by=hr(firm_id), at=at)
    typed = {**_BEDS, "beds": "470", "intent": "check"}
    said = reader.post("/plan/lodging", data=typed, headers=HTMX).get_data(as_text=True)
    assert said.count("床位 470 &lt; 人数 460 + 静止期到岗 20，还缺 10 张") == 2
    assert 'id="check-beds_suffice"' in said
    assert "lodging" not in find_current_version(firm_id=firm_id).sections  # type: ignore[union-attr]


def test_the_second_of_two_is_told_who_was_first(reader: FlaskClient, sign_in: SignIn, firm_id: int) -> None:
    other = sign_in(Role.HR, firm_id=firm_id)
    assert reader.post("/plan/lodging", data=_BEDS).status_code == 303
    late = other.post("/plan/lodging", data={**_BEDS, "beds": "1"})
    assert late.status_code == 409
    assert f"{reader.account.name} 已于4月22日（周五）09:00保存了“住宿”" in late.get_data(as_text=True)  # type: ignore[attr-defined]
    assert other.post("/plan/lodging", data={**_BEDS, "revision": "x"}).status_code == 409


def test_a_version_of_another_firm_is_not_found(
    reader: FlaskClient, sign_in: SignIn, make_firm: MakeFirm, firm_id: int
) -> None:
    reader.post("/plan/lodging", data=_BEDS)
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    stranger = sign_in(Role.HR, firm_id=make_firm())
    assert reader.get(f"/plan/versions/{version.id}").status_code == 200
    assert stranger.get(f"/plan/versions/{version.id}").status_code == 404
    assert "480" not in stranger.get("/plan/lodging").get_data(as_text=True)


def test_a_section_that_is_none_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/plan/casino").status_code == 404
    assert reader.post("/plan/casino", data={}).status_code == 404


def test_the_registers_plants_are_the_first_answers(
    reader: FlaskClient, firm_id: int, app: Flask, at: datetime
) -> None:
    from resume.db import transaction
    from resume.firms.models import Site

    with transaction() as session:
        session.add(Site(firm_id=firm_id, name="登记的厂", district_code="310115", address=""))
    said = reader.get("/plan/sites").get_data(as_text=True)
    assert "登记的厂" in said
