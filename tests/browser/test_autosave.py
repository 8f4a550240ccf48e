"""A section saves itself while it is typed: the caret stays, and nothing is lost when the session ends."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from resume.accounts.models import SignInSession
from resume.accounts.operations import NewAccount, create_account
from resume.clock import real_now
from resume.db import transaction
from resume.firms.operations import NewFirm, register_firm
from resume.roles import CLI, Role
from tests.browser import city
from tests.browser.conftest import Served, home_of
from tests.browser.people import PASSWORD, enter
from tests.conftest import AT


@pytest.fixture
def hr(served: Served, browser: Browser) -> Iterator[Page]:
    """The HR person of a new firm, at his browser."""
    with home_of(served.environment):
        firm = register_firm(NewFirm(city.CREDIT_CODE, city.FIRM, "虚构电驱动", city.DISTRICT), by=CLI, at=AT)
        for name in ("hr.one", "hr.two"):
            new = NewAccount(name, f"演示 {name}", PASSWORD, Role.HR, firm_id=firm.id)
            create_account(new, by=CLI, at=AT, real_at=real_now())
    page = enter(browser, served.url, "hr.one", viewport={"width": 390, "height": 844})
    yield page
    page.context.close()


def end_sessions(served: Served) -> None:
    """Let every session of the home run out by silence."""
    with home_of(served.environment), transaction() as session:
        session.execute(update(SignInSession).values(seen_at=real_now() - timedelta(hours=1)))


@contextmanager
def served_post(served: Served) -> Iterator[None]:
    """Wait for one more POST in the server's log: the page that sends it is gone."""
    log = served.home.parent / "server.log"
    before = log.read_text().count('"method": "POST"')
    yield
    until = time.monotonic() + 20
    while log.read_text().count('"method": "POST"') == before:
        assert time.monotonic() < until, "nothing was sent"
        time.sleep(0.1)


def sign_in_again(page: Page, name: str) -> None:
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button:has-text('登录')")


def status(page: Page) -> str:
    return page.locator("#autosave").inner_text()


def test_typing_saves_and_keeps_the_caret(served: Served, hr: Page) -> None:
    said: list[str] = []
    hr.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    hr.goto(f"{served.url}/plan/lodging")
    hr.locator("[name=grouping]").press_sequentially("二号楼北", delay=40)
    hr.keyboard.press("ArrowLeft")
    expect(hr.locator("#autosave")).to_contain_text(re.compile(r"已自动保存 \d\d:\d\d"))
    assert hr.evaluate("document.activeElement.name") == "grouping"
    assert hr.evaluate("document.activeElement.selectionStart") == 3
    expect(hr.locator("#autosave-said")).to_have_text("已自动保存；之后的修改也会自动保存")
    hr.locator("[name=beds]").fill("四百")
    expect(hr.locator("#autosave")).to_contain_text("1 处还不能识别")
    hr.locator("[name=rooms]").fill("12")
    hr.locator("[name=rooms]").press("Tab")
    hr.reload()
    expect(hr.locator("[name=grouping]")).to_have_value("二号楼北")
    expect(hr.locator("[name=beds]")).to_have_value("四百")
    expect(hr.locator(".govuk-error-summary")).to_contain_text("请填写整数")
    assert not said, said


def test_what_was_typed_just_before_leaving_is_saved_too(served: Served, hr: Page) -> None:
    hr.goto(f"{served.url}/plan/lodging")
    hr.locator("[name=grouping]").press_sequentially("三号楼")
    with served_post(served):
        hr.goto(f"{served.url}/plan/testing")
    hr.goto(f"{served.url}/plan/lodging")
    expect(hr.locator("[name=grouping]")).to_have_value("三号楼")


def test_a_session_that_ends_while_typing_loses_nothing(served: Served, hr: Page) -> None:
    hr.goto(f"{served.url}/plan/lodging")
    hr.locator("[name=grouping]").press_sequentially("二号")
    expect(hr.locator("#autosave")).to_contain_text("已自动保存")
    end_sessions(served)
    hr.locator("[name=grouping]").press_sequentially("楼")
    expect(hr.locator("#notice")).to_contain_text("仍在本页")
    assert hr.url.endswith("/plan/lodging")
    expect(hr.locator("[name=grouping]")).to_have_value("二号楼")
    with hr.context.expect_page() as opened:
        hr.click("#notice a")
    other = opened.value
    sign_in_again(other, "hr.one")
    expect(other.locator("h1")).to_have_text("已登录")
    other.close()
    hr.evaluate("window.dispatchEvent(new Event('focus'))")  # a headless window has the focus always
    expect(hr.locator("#notice")).to_be_empty()
    expect(hr.locator("#autosave")).to_contain_text("已自动保存")
    hr.reload()
    expect(hr.locator("[name=grouping]")).to_have_value("二号楼")
    assert "kept" not in hr.content()


def test_a_save_that_meets_an_ended_session_goes_through_afterwards(served: Served, hr: Page) -> None:
    hr.goto(f"{served.url}/plan/organisation")
    hr.locator("[name=leader]").fill("钱守诚")
    end_sessions(served)
    hr.click(".govuk-button-group button[value=save]")
    expect(hr.locator("#notice")).to_contain_text("仍在本页")
    other = hr.context.new_page()
    other.goto(f"{served.url}/sign-in?to=/signed-in")
    sign_in_again(other, "hr.one")
    expect(other.locator("h1")).to_have_text("已登录")
    other.close()
    for said in ("请再办理一次", "草稿已保存"):  # the first brings the token of the new sign-in
        hr.wait_for_timeout(1200)  # the button that was pressed twice sends once a second
        hr.click(".govuk-button-group button[value=save]")
        expect(hr.locator("main")).to_contain_text(said)


def test_without_javascript_an_ended_session_loses_nothing(
    served: Served, hr: Page, browser: Browser
) -> None:
    page = enter(browser, served.url, "hr.two", java_script_enabled=False)
    page.goto(f"{served.url}/plan/lodging")
    page.fill("[name=grouping]", "二号楼")
    page.fill("[name=beds]", "四百")
    end_sessions(served)
    page.click(".govuk-button-group button[value=save]")
    expect(page.locator("main")).to_contain_text("刚才填写的内容已为您保留")
    sign_in_again(page, "hr.two")
    expect(page.locator("#kept")).to_contain_text("登录过期时填写")
    expect(page.locator("[name=grouping]")).to_have_value("二号楼")
    expect(page.locator("[name=beds]")).to_have_value("四百")
    page.fill("[name=beds]", "400")
    page.click(".govuk-button-group button[value=save]")
    expect(page.locator("main")).to_contain_text("草稿已保存")
    page.context.close()


def test_two_at_one_section(served: Served, hr: Page, browser: Browser) -> None:
    colleague = enter(browser, served.url, "hr.two")
    for page in (hr, colleague):
        page.goto(f"{served.url}/plan/lodging")
    hr.locator("[name=grouping]").press_sequentially("二号楼")
    expect(hr.locator("#autosave")).to_contain_text("已自动保存")
    colleague.locator("[name=grouping]").press_sequentially("五号楼")
    expect(colleague.locator("#autosave")).to_contain_text("hr.one 已于")
    expect(colleague.locator("[name=grouping]")).to_have_value("五号楼")
    colleague.click(".govuk-button-group button[value=save]")
    expect(colleague.locator("#rival")).to_contain_text("二号楼")
    expect(colleague.locator("[name=grouping]")).to_have_value("五号楼")
    colleague.click("button:has-text('保存我的内容')")
    expect(colleague.locator("main")).to_contain_text("草稿已保存")
    assert json.loads(served.command("audit", "verify"))["whole"]
    colleague.context.close()
