"""The example with every component in a real browser: accessible, within the screen, inside the CSP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Playwright
from werkzeug.serving import make_server

from resume.settings import ROOT
from tests.web.conftest import make_app

CHROMIUM = "/usr/bin/chromium"
SWITCHES = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
VIEWPORTS = [pytest.param(1280, id="desk"), pytest.param(390, id="phone")]


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES.split())
    yield browser
    browser.close()


@pytest.fixture
def address(tmp_path: Path, april: object) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app(tmp_path), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("width", VIEWPORTS)
def test_axe_finds_nothing(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.add_script_tag(path=ROOT / "static/vendor/axe.min.js")
    found = page.evaluate("axe.run()")["violations"]
    context.close()
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", VIEWPORTS)
def test_inside_the_policy_and_the_screen(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    # htmx polls after two seconds and gets the finished form, which asks no more.
    page.get_by_text("通行证已生成").wait_for(timeout=10_000)
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    # A refusal of an htmx request is shown in the page's own notice.
    page.evaluate("htmx.ajax('GET', '/refused/conflict', {target: '#sheets'})")
    page.locator("#notice").get_by_text("该批次已由他人签发").wait_for(timeout=10_000)
    context.close()
    assert scroll_width <= width
    assert not [line for line in said if "Content Security" in line or "Error" in line], said
