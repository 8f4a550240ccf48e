"""A section that saves itself: what it says, what it keeps, and when it does not save."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resume.applications.queries import find_current, list_events
from resume.plans.models import PlanVersion
from resume.plans.queries import find_current_version, view_current
from resume.roles import Role
from tests.applications.conftest import MakeFirm, submitted_case
from tests.conftest import SignIn
from tests.plans.complete import as_typed, complete_sections

HTMX = {"HX-Request": "true", "HX-Target": "autosave"}


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


@pytest.fixture
def reader(sign_in: SignIn, firm_id: int) -> FlaskClient:
    return sign_in(Role.HR, firm_id=firm_id)


def autosave(client: FlaskClient, section: str = "lodging", **typed: Any) -> Any:
    sent = {"revision": "0", "opened": "page-a", "intent": "autosave"} | typed
    return client.post(f"/plan/{section}", data=sent, headers=HTMX)


def version_of(firm_id: int) -> PlanVersion:
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    return version


def test_what_is_typed_is_saved_and_the_page_stays(reader: FlaskClient, firm_id: int) -> None:
    answer = autosave(reader, beds="480")
    said = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "已自动保存 09:00" in said
    assert 'name="revision" value="1"' in said  # so that the next one is no conflict
    assert 'id="checks"' in said
    assert "<form" not in said  # nothing that has the focus is swapped
    assert version_of(firm_id).sections["lodging"]["beds"] == 480
    case = find_current(firm_id=firm_id)
    assert case is not None
    assert case.state == "draft"


def test_it_is_said_aloud_once_and_again_when_it_is_otherwise(reader: FlaskClient) -> None:
    first = autosave(reader, beds="480").get_data(as_text=True)
    assert 'id="autosave-said" hx-swap-oob="innerHTML"' in first
    again = autosave(reader, beds="481", said="saved").get_data(as_text=True)
    assert "autosave-said" not in again
    assert "autosave-said" in autosave(reader, beds="四百", said="saved").get_data(as_text=True)


def test_checks_speak_as_they_are_now(reader: FlaskClient) -> None:
    reader.post("/plan/headcount", data=as_typed(complete_sections()["headcount"]) | {"revision": "0"})
    said = autosave(reader, beds="470", revision="1").get_data(as_text=True)
    assert said.count("床位 470 &lt; 人数 460 + 静止期到岗 20，还缺 10 张") == 2


def test_what_cannot_be_read_is_kept_as_typed_until_it_can(reader: FlaskClient, firm_id: int) -> None:
    said = autosave(reader, beds="四百", rooms="12").get_data(as_text=True)
    assert "有 1 处还不能识别" in said
    version = version_of(firm_id)
    assert (version.sections["lodging"]["rooms"], version.sections["lodging"]["beds"]) == (12, None)
    page = reader.get("/plan/lodging").get_data(as_text=True)
    assert 'value="四百"' in page
    assert page.count("请填写整数") >= 2
    assert "有填写的内容不能识别" in reader.get("/plan").get_data(as_text=True)
    autosave(reader, beds="400", rooms="12", revision="1")
    assert version_of(firm_id).typed == {}
    assert "请填写整数" not in reader.get("/plan/lodging").get_data(as_text=True)


def test_a_section_with_something_unreadable_is_not_complete(
    reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    typed = as_typed(complete_sections()["firm"]) | {"chain": "链" * 5000}  # a question that may stay empty
    autosave(reader, "firm", **typed)
    view = view_current(firm_id=firm_id, at=at).section("firm")
    assert (view.state.value, view.is_unreadable) == ("wrong", True)
    assert "有填写的内容不能识别" in reader.get("/case").get_data(as_text=True)


def test_nothing_new_writes_nothing(reader: FlaskClient, firm_id: int) -> None:
    autosave(reader, beds="480")
    assert version_of(firm_id).revision == 1
    assert autosave(reader, beds="480").status_code == 200
    assert version_of(firm_id).revision == 1


def test_an_untouched_page_begins_nothing(reader: FlaskClient, firm_id: int) -> None:
    assert autosave(reader).status_code == 200
    assert find_current_version(firm_id=firm_id) is None
    assert find_current(firm_id=firm_id) is None


def test_a_page_that_did_not_hear_its_own_save_goes_on(reader: FlaskClient, firm_id: int) -> None:
    autosave(reader, beds="480")
    assert autosave(reader, beds="490", revision="0").status_code == 200  # the answer was lost on the way
    assert version_of(firm_id).sections["lodging"]["beds"] == 490
    other_tab = autosave(reader, beds="500", revision="0", opened="page-b")
    assert other_tab.status_code == 409


def test_of_two_the_second_is_told_and_nothing_is_overwritten(
    reader: FlaskClient, sign_in: SignIn, firm_id: int
) -> None:
    other = sign_in(Role.HR, firm_id=firm_id)
    autosave(reader, beds="480")
    late = autosave(other, beds="490", rooms="12", opened="page-b")
    said = late.get_data(as_text=True)
    assert late.status_code == 409
    assert late.headers["HX-Retarget"] == "#autosave"
    assert f"{reader.account.name} 已于4月22日（周五）09:00保存了“住宿”" in said  # type: ignore[attr-defined]
    assert '<div id="autosaver" hx-swap-oob="true"></div>' in said  # it does not try again
    assert version_of(firm_id).sections["lodging"]["beds"] == 480


def test_the_second_of_two_compares_and_then_saves_knowingly(
    reader: FlaskClient, sign_in: SignIn, firm_id: int
) -> None:
    other = sign_in(Role.HR, firm_id=firm_id)
    autosave(reader, beds="480", grouping="二号楼")
    typed = {"revision": "0", "opened": "page-b", "intent": "save", "beds": "490", "grouping": "二号楼"}
    for headers in ({}, HTMX):
        late = other.post("/plan/lodging", data=typed, headers=headers)
        said = late.get_data(as_text=True)
        assert late.status_code == 409
        assert 'name="beds" type="text" inputmode="numeric" value="490"' in said or 'value="490"' in said
        assert "480" in said
        assert said.count("二号楼") == 1  # what is the same is not compared
        assert "保存我的内容，替换对方的" in said
        assert 'id="autosaver"' not in said
        assert 'name="revision" value="1"' in said
    assert version_of(firm_id).sections["lodging"]["beds"] == 480
    assert other.post("/plan/lodging", data=typed | {"revision": "1"}).status_code == 303
    assert version_of(firm_id).sections["lodging"]["beds"] == 490


def test_a_submitted_plan_asks_first(reader: FlaskClient, firm_id: int, at: datetime) -> None:
    submitted_case(firm_id, at=at)
    page = reader.get("/plan/lodging").get_data(as_text=True)
    assert "申请正在审核" in page
    assert '<form method="post" action="/plan/lodging"' not in page
    refused = autosave(reader, beds="490", revision="99")
    assert refused.status_code == 409
    assert "申请正在审核" in refused.get_data(as_text=True)
    assert autosave(reader, beds="490", revision="99", is_agreed="y").status_code == 409
    case = find_current(firm_id=firm_id)
    assert case is not None
    assert (case.state, version_of(firm_id).sections["lodging"]["beds"]) == ("submitted", 480)
    wanted = reader.get("/plan/lodging?edit=1").get_data(as_text=True)
    assert 'name="is_agreed" value="y"' in wanted
    assert 'id="autosaver"' not in wanted


def test_a_page_opened_before_the_submission_asks_before_it_takes_the_case_back(
    reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    case = submitted_case(firm_id, at=at)
    typed = as_typed(complete_sections()["lodging"]) | {"beds": "490", "revision": "99", "opened": "page-a"}
    asked = reader.post("/plan/lodging", data=typed)
    assert asked.status_code == 409
    assert "申请正在审核" in asked.get_data(as_text=True)
    assert 'name="is_agreed" value="y"' in asked.get_data(as_text=True)
    assert 'value="490"' in asked.get_data(as_text=True)
    assert find_current(firm_id=firm_id).state == "submitted"  # type: ignore[union-attr]
    assert reader.post("/plan/lodging", data=typed | {"is_agreed": "y"}).status_code == 303
    assert find_current(firm_id=firm_id).state == "draft"  # type: ignore[union-attr]
    assert list_events(case.id)[-1].action == "reopened"


def test_the_task_list_says_where_one_stopped(reader: FlaskClient) -> None:
    autosave(reader, beds="480")
    said = reader.get("/plan").get_data(as_text=True)
    assert "上次填到" in said
    assert f"{reader.account.name} 保存" in said  # type: ignore[attr-defined]


def test_saving_for_later_keeps_what_cannot_be_read_and_goes_to_the_list(
    reader: FlaskClient, firm_id: int
) -> None:
    answer = reader.post("/plan/lodging", data={"revision": "0", "beds": "四百", "intent": "later"})
    assert (answer.status_code, answer.location) == (303, "/plan")
    assert version_of(firm_id).typed["lodging"]["beds"] == ["四百"]


def test_more_than_a_draft_keeps_is_refused_and_said(reader: FlaskClient, firm_id: int) -> None:
    refused = autosave(reader, beds="四" * 200_001)
    assert refused.status_code == 422
    assert "太长" in refused.get_data(as_text=True)
    assert find_current_version(firm_id=firm_id) is None


def test_only_the_sections_own_fields_are_kept(app: Flask, reader: FlaskClient, firm_id: int) -> None:
    autosave(reader, beds="四百", stranger="x", **{"rows-0-plate": "y"})
    assert set(version_of(firm_id).typed["lodging"]) == {"beds"}


def test_a_removed_row_saves_at_once(reader: FlaskClient) -> None:
    typed = {"revision": "0", "rows-0-plate": "沪A11111", "rows-1-plate": "沪A22222", "intent": "remove-0"}
    said = reader.post("/plan/transport", data=typed, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert 'hx-trigger="load' in said
    assert 'hx-trigger="load' not in reader.get("/plan/transport").get_data(as_text=True)
