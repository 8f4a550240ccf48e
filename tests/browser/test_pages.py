"""Every page as its readers see it, at a desk in Chinese and on a phone in English; and without JavaScript.

One small demo city is loaded and served for all of this file: it has cases at every stage, passes in every
state, feeds with receipts. axe finds nothing, nothing is wider than the screen, the console is silent.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from resume import clock
from resume.app import create_app
from resume.clock import real_now
from resume.db import db
from resume.demo import load_demo
from resume.settings import Settings
from tests.browser.conftest import Served, free_port, serving
from tests.browser.people import SECRETS, pass_second_factor
from tests.browser.walking import Walk

SCALE = 0.02
DESK = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB"}
#: Who walks from where, and the most pages he looks at.
WALKS = {
    "hr-a": (["/", "/case", "/list", "/list?tab=not_eligible", "/colleagues", "/colleagues/new"], 14),
    "hr-b": (["/plan", "/plan/zones", "/plan/lodging", "/plan/transport", "/plan/answers", "/case"], 7),
    "hr-c": (["/", "/passes", "/nothing-here"], 4),
    "reviewer": (
        ["/review", "/review?desk=withheld", "/passes/releases", "/passes/revocation", "/registrations"],
        11,
    ),
    "signer": (["/review?desk=withheld", "/passes/releases"], 4),
    "steward": (["/intake"], 4),
    "guard-home": (["/gate", "/gate/medical"], 2),
    "administrator": (
        ["/firms", "/firms/new", "/gates", "/gates/new", "/accounts", "/accounts/new", "/invitations"],
        11,
    ),
    "auditor": (["/audit"], 4),
    "": (["/sign-in", "/v", "/sign-up", "/forgotten-password", "/join"], 5),
}


@pytest.fixture(scope="module")
def demo(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small demo city on SQLite, served."""
    home = tmp_path_factory.mktemp("pages") / "home"
    shutil.copytree(keys, home / "keys")
    environment = {
        **os.environ,
        "RESUME_HOME": str(home),
        "RESUME_PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        "RESUME_DATABASE_URL": "",
    }
    environment.pop("RESUME_CLOCK", None)
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        list(load_demo(SCALE, progress=lambda _line: None))
        db.session.remove()
        db.engine.dispose()
    clock.use_source(real_now)
    with serving(home, environment) as served:
        yield served


def secrets_of(served: Served, name: str) -> tuple[str, str]:
    """Password and second factor's secret of one of the demo's accounts."""
    lines = (served.home / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
    _name, password, secret = next(line.split()[:3] for line in lines if line.split()[:1] == [name])
    return password, secret


def reader(browser: Browser, served: Served, name: str, **context: object) -> Page:
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


@pytest.mark.parametrize("name", WALKS)
def test_every_page_is_fit_for_its_reader(demo: Served, browser: Browser, name: str) -> None:
    starts, at_most = WALKS[name]
    at_desk = Walk(reader(browser, demo, name, **DESK), demo.url)
    paths = at_desk.through(starts, at_most=at_most)
    assert len(paths) >= len(starts)
    assert at_desk.page.locator("html").get_attribute("lang") == "zh-Hans"
    on_phone = Walk(reader(browser, demo, name, **PHONE), demo.url)
    for path in paths:
        on_phone.look_at(path)
    assert on_phone.page.locator("html").get_attribute("lang") == "en"
    for walk in (at_desk, on_phone):
        walk.page.context.close()
    assert at_desk.faults + on_phone.faults == []


def test_hr_needs_no_javascript(demo: Served, browser: Browser) -> None:
    """A section is saved, a list with errors uploaded, looked at and confirmed."""
    page = reader(browser, demo, "hr-b", java_script_enabled=False, **DESK)
    page.goto(f"{demo.url}/plan/headcount")
    page.fill("#section [name=shifts]", "4")
    page.click(".govuk-button-group button[value=save]")
    expect(page.locator("main")).to_contain_text("已保存")
    page.goto(f"{demo.url}/plan/headcount")
    expect(page.locator("#section [name=shifts]")).to_have_value("4")
    page.goto(f"{demo.url}/list")
    page.set_input_files("#upload input[type=file]", str(demo.home / "demo" / "worker-list.xlsx"))
    page.click("#upload button[type=submit]")
    while re.search(r"/list/uploads/", page.url):  # without JavaScript the reader asks how far it is
        page.wait_for_timeout(300)
        page.click("main a:has-text('刷新')")
    expect(page.locator(".rs-tabs")).to_contain_text("有错误")
    page.click("button:has-text('确认这份名单')")
    expect(page.locator("main")).to_contain_text("花名册已确认")
    page.context.close()


def test_the_guard_needs_no_javascript(demo: Served, browser: Browser) -> None:
    """He types a number, compares, lets through, and it is on record; a wrong number is explained."""
    hr = reader(browser, demo, "hr-c", **DESK)
    hr.goto(f"{demo.url}/passes?status=active")
    number = str(hr.locator("#list td").first.text_content()).strip()
    hr.context.close()
    page = reader(browser, demo, "guard-home", java_script_enabled=False, **PHONE | {"locale": "zh-CN"})
    type_number(page, demo.url, "123")
    expect(page.locator("main")).to_contain_text("编号不对")
    type_number(page, demo.url, number)
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "go")
    page.click("button:has-text('放行出门')")
    expect(page.locator(".gate-verdict")).to_contain_text("已登记放行")
    page.context.close()


def type_number(page: Page, url: str, number: str) -> None:
    page.goto(f"{url}/gate")
    page.click(".gate-number > summary")
    page.fill("#presented", number)
    page.click(".gate-number__line button")
