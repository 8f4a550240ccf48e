"""The inbox as its reader sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from resume.db import reading, transaction
from resume.notices.kinds import Channel
from resume.notices.models import NoticeChoice
from resume.notices.queries import count_unread, get_notice
from resume.notices.telling import tell_firm
from resume.refusals import NotFound
from resume.roles import Role
from resume.web.access import roles_of
from tests.applications.conftest import make_firm as make_firm
from tests.conftest import SignIn

Fill = Callable[..., None]


@pytest.fixture
def fill(app: Flask, at: datetime) -> Fill:
    """`fill(firm_id, 3)`: returned cases, an hour apart."""

    def add(firm_id: int, count: int, start: int = 0) -> None:
        for number in range(start, start + count):
            with transaction():
                tell_firm(
                    "returned", firm_id, key=f"k{number}", reference="application:x", link="/case",
                    at=at - timedelta(hours=number), sections=number + 1,
                )  # fmt: skip

    return add


def shown(html: str) -> list[int]:
    return [int(number) for number in re.findall(r"被退回，(\d+) 处需要修改", html)]


def test_unread_first_then_the_newest_in_pages(
    sign_in: SignIn, make_firm: Callable[[], int], fill: Fill, at: datetime
) -> None:
    firm_id = make_firm()
    hr = sign_in(Role.HR, firm_id=firm_id)
    fill(firm_id, 23)
    html = hr.get("/notices").get_data(as_text=True)
    assert "23 条未读" in html
    assert shown(html) == list(range(1, 21))
    assert shown(hr.get("/notices?page=2").get_data(as_text=True)) == [21, 22, 23]
    first = re.search(r'id="notice-([0-9a-f-]{36})"', html)
    assert first
    assert hr.post(f"/notices/{first[1]}/read").status_code == 303
    assert shown(hr.get("/notices?page=2").get_data(as_text=True)) == [22, 23, 1]
    assert count_unread(hr.account.id) == 22  # type: ignore[attr-defined]


def test_the_header_of_every_page_counts_with_one_statement(
    sign_in: SignIn, make_firm: Callable[[], int], fill: Fill, statements: list[str]
) -> None:
    firm_id = make_firm()
    hr, guard = sign_in(Role.HR, firm_id=firm_id), sign_in(Role.ADMINISTRATOR)
    fill(firm_id, 120)
    statements.clear()
    html = hr.get("/account").get_data(as_text=True)
    assert "99+" in html
    assert len([one for one in statements if "FROM notice" in one]) == 1
    assert 'href="/notices"' not in guard.get("/account").get_data(as_text=True)


def test_opening_marks_as_read_and_goes_there(
    sign_in: SignIn, make_firm: Callable[[], int], fill: Fill
) -> None:
    firm_id = make_firm()
    hr = sign_in(Role.HR, firm_id=firm_id)
    fill(firm_id, 1)
    (notice_id,) = re.findall(r'id="notice-([0-9a-f-]{36})"', hr.get("/notices").get_data(as_text=True))
    answer = hr.post(f"/notices/{notice_id}/read", data={"open": "1"})
    assert (answer.status_code, answer.location) == (303, "/case")
    html = hr.get("/notices").get_data(as_text=True)
    assert "没有未读通知" in html
    assert 'href="/case"' in html


def test_htmx_gets_the_inbox_back(sign_in: SignIn, make_firm: Callable[[], int], fill: Fill) -> None:
    firm_id = make_firm()
    hr = sign_in(Role.HR, firm_id=firm_id)
    fill(firm_id, 2)
    ids = re.findall(r'id="notice-([0-9a-f-]{36})"', hr.get("/notices").get_data(as_text=True))
    answer = hr.post(f"/notices/{ids[0]}/read", headers={"HX-Request": "true"})
    html = answer.get_data(as_text=True)
    assert html.lstrip().startswith('<div id="inbox">')
    assert 'role="status"' in html
    assert "1 条未读" in html


def test_all_are_read_but_what_came_since(
    sign_in: SignIn, make_firm: Callable[[], int], fill: Fill, at: datetime
) -> None:
    firm_id = make_firm()
    hr = sign_in(Role.HR, firm_id=firm_id)
    fill(firm_id, 5)
    hr.post("/notices/read", data={"until": (at - timedelta(hours=2)).isoformat()})
    assert count_unread(hr.account.id) == 2  # type: ignore[attr-defined]
    hr.post("/notices/read", data={"until": "nonsense"})
    assert count_unread(hr.account.id) == 0  # type: ignore[attr-defined]


def test_nobody_reads_anothers(
    sign_in: SignIn, make_firm: Callable[[], int], fill: Fill, at: datetime
) -> None:
    firm_id, other_id = make_firm(), make_firm()
    hr, other = sign_in(Role.HR, firm_id=firm_id), sign_in(Role.HR, firm_id=other_id)
    fill(firm_id, 1)
    (notice_id,) = re.findall(r'id="notice-([0-9a-f-]{36})"', hr.get("/notices").get_data(as_text=True))
    assert "还没有通知" in other.get("/notices").get_data(as_text=True)
    assert other.post(f"/notices/{notice_id}/read").status_code == 404
    other.post("/notices/read")
    assert count_unread(hr.account.id) == 1  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        get_notice(UUID(notice_id), account_id=None)


def test_choices_are_kept_and_what_is_not_offered_is_refused(
    sign_in: SignIn, make_firm: Callable[[], int]
) -> None:
    hr = sign_in(Role.HR, firm_id=make_firm())
    html = hr.get("/notices/choices").get_data(as_text=True)
    assert "没有登记邮箱" in html
    asked = set(re.findall(r'name="(\w+)" type="radio"', html))
    assert asked >= {"returned", "suspended", "running_out"}
    assert not asked & {"new_case", "to_sign", "overdue"}
    sent = dict.fromkeys(asked, "inbox")
    assert hr.post("/notices/choices", data=sent).status_code == 303
    rows = reading().query(NoticeChoice).all()
    assert {(row.kind, row.channel) for row in rows} == {(kind, Channel.INBOX.value) for kind in asked}
    refused = hr.post("/notices/choices", data=sent | {"suspended": "off"})
    assert refused.status_code == 422
    assert hr.post("/notices/choices", data=sent | {"healed": "off"}).status_code == 303


@pytest.mark.parametrize("role", sorted(Role))
def test_the_folded_navigation_has_the_same_links(sign_in: SignIn, role: Role) -> None:
    scope = {"district_code": "310115"} if role in (Role.REVIEWER, Role.SIGN_OFF) else {}
    html = sign_in(role, **scope).get("/account").get_data(as_text=True)
    lists = re.findall(r'<ul class="rs-nav__(?:folded|list)[^>]*>(.*?)</ul>', html, re.S)
    assert lists[0].strip() == lists[-1].strip()
    assert len(lists) == (2 if html.count("rs-nav__menu") else 1)


def test_every_link_of_a_notice_opens_for_who_is_told(app: Flask) -> None:
    links = {
        Role.HR: ("/case/00000000-0000-0000-0000-000000000000", "/", "/passes/changes", "/plan", "/list"),
        Role.REVIEWER: ("/review/00000000-0000-0000-0000-000000000000",),
        Role.SIGN_OFF: ("/review/00000000-0000-0000-0000-000000000000",),
    }
    for role, paths in links.items():
        for path in paths:
            endpoint, _arguments = app.url_map.bind("").match(path)
            assert role in roles_of(app, endpoint), path
