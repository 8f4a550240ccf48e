"""Readers at their browsers: signing in, and what each does on his pages."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from resume.accounts import totp
from resume.clock import real_now
from resume.plans.sections import SECTIONS
from tests.browser.conftest import Served
from tests.plans.complete import complete_sections

PASSWORD = "a long enough secret"


def enter(browser: Browser, url: str, name: str, **context: Any) -> Page:
    """A page of a reader who has signed in."""
    page = browser.new_context(locale="zh-CN", **context).new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{url}/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button:has-text('登录')")
    page.wait_for_url(lambda address: not address.endswith("/sign-in"))
    pass_second_factor(page, name)
    return page


#: Secrets of second factors by account, and the newest step of which a code was used.
SECRETS: dict[str, str] = {}
_USED: dict[str, int] = {}


def pass_second_factor(page: Page, name: str) -> None:
    """What follows the password: set a second factor up, or give its code; nothing where none is asked."""
    if page.url.endswith("/sign-in/second-factor"):
        SECRETS[name] = page.locator("main li code").inner_text().replace(" ", "")
        page.fill("#code", fresh_code(SECRETS[name]))
        page.click("main button:has-text('启用')")
        page.click("main a:has-text('已保存')")
    elif page.url.endswith("/sign-in/code"):
        page.fill("#code", fresh_code(SECRETS[name]))
        page.press("#code", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def fresh_code(secret: str) -> str:
    """A code that was not used yet: of this moment, of the next one, or after a wait."""
    step = max(totp.step_at(real_now()), _USED.get(secret, 0) + 1)
    while step > totp.step_at(real_now()) + totp.WINDOW:
        time.sleep(0.5)
    _USED[secret] = step
    return totp.code_at(secret, step)


def secrets_of(served: Served, name: str) -> tuple[str, str]:
    """Password and second factor's secret of one of the demo's accounts."""
    lines = (served.home / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
    _name, password, secret = next(line.split()[:3] for line in lines if line.split()[:1] == [name])
    return password, secret


def reader(browser: Browser, served: Served, name: str, **context: Any) -> Page:
    """The page of one of the demo's accounts, signed in; of nobody where it has no name."""
    page = browser.new_context(**context).new_page()
    page.set_default_timeout(30_000)
    if name:
        password, SECRETS[name] = secrets_of(served, name)
        page.goto(f"{served.url}/sign-in")
        page.fill("#name", name)
        page.fill("#password", password)
        page.press("#password", "Enter")
        page.wait_for_url(lambda address: not address.endswith("/sign-in"))
        pass_second_factor(page, name)
    return page


def upload_without_script(page: Page, url: str, file: Path) -> None:
    """Hand a worker list in and reload, where it is read by the worker, until its preview is there."""
    page.goto(f"{url}/list")
    page.set_input_files("#upload input[type=file]", str(file))
    page.click("#upload button[type=submit]")
    wait_for_preview(page)


def wait_for_preview(page: Page) -> None:
    """A list is read while its page waits; without JavaScript the page is loaded again."""
    until = time.monotonic() + 60
    while not re.search(r"/list/[0-9a-f-]{36}", page.url) or "/uploads/" in page.url:
        assert time.monotonic() < until, "the list was not read"
        page.wait_for_timeout(300)
        page.reload()


def add_account(page: Page, url: str, name: str, *, role: str = "", district: str = "", **scope: str) -> None:
    """The administrator makes an account: of a firm or a gate (scope), or with a role of the city's side."""
    query = "&".join(f"{key}={value}" for key, value in scope.items())
    page.goto(f"{url}/accounts/new?{query}")
    page.fill("#name", name)
    page.fill("#display_name", f"演示 {name}")
    page.fill("#password", PASSWORD)
    if role:
        page.select_option("#role", role)
    if district:
        page.select_option("#district", district)
    page.click("button:has-text('建立账号')")
    expect(page.locator("main")).to_contain_text(f"账号已建立：{name}")


def add_gate(page: Page, url: str, *, kind: str, search: str, district: str, name: str) -> str:
    """The administrator registers a gate; its number."""
    page.goto(f"{url}/gates/new?kind={kind}&district={district}&q={search}")
    page.locator("input[name=place]").first.check()
    page.fill("#name", name)
    page.click("button:has-text('登记'):not(:has-text('门岗'))")
    page.wait_for_url(re.compile(r"/gates/\d+$"))
    return page.url.rsplit("/", 1)[1]


def fill_plan(page: Page, url: str, *, site: str) -> None:
    """HR fills every section of the plan, page by page."""
    sections = complete_sections()
    sections["sites"]["rows"][0]["name"] = site
    for section in SECTIONS:
        page.goto(f"{url}/plan/{section.key}")
        values = dict(sections[section.key])
        rows = values.pop("rows", [])
        while page.locator("fieldset.rs-row").count() < len(rows):
            before = page.locator("fieldset.rs-row").count()
            page.click("button[value=add]")
            expect(page.locator("fieldset.rs-row")).to_have_count(before + 1)
        for key, value in values.items():
            _fill(page, key, value)
        for number, row in enumerate(rows):
            for key, value in row.items():
                _fill(page, f"rows-{number}-{key}", value)
        page.click(".govuk-button-group button[value=save]")
        expect(page).to_have_url(f"{url}/plan")


def _fill(page: Page, name: str, value: Any) -> None:
    """One field by its name, whatever it is."""
    if value is None:
        return
    field = page.locator(f"#section [name='{name}']")
    kind = field.first.get_attribute("type")
    if kind == "radio":
        page.check(f"#section [name='{name}'][value='{_choice(value)}']")
    elif kind == "checkbox":
        field.first.set_checked(bool(value))
    elif kind == "hidden":
        return
    elif field.first.evaluate("element => element.tagName") == "SELECT":
        field.first.select_option(_choice(value))
    else:
        field.first.fill(str(value))


def _choice(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def take_feed(page: Page, url: str, feed: str, file: Path) -> None:
    """The steward hands a feed in and confirms it; the page is its receipt."""
    page.goto(f"{url}/intake")
    choice = page.locator(f"[name=feed][value={feed}]")
    if choice.count():
        choice.check()
    else:
        page.select_option("[name=feed]", feed)
    page.set_input_files("input[type=file]", str(file))
    page.click("button:has-text('预览')")
    page.wait_for_url(re.compile(r"/intake/uploads/[0-9a-f-]+$"))
    page.click("button:has-text('确认接收')")
    page.wait_for_url(re.compile(r"/intake/\d+$"))
