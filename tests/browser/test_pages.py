"""Every page as its readers see it, in both languages, at a desk and on a phone.

One small demo city is loaded and served for all of this file: it has cases at every stage, passes in every
state, feeds with receipts. axe finds nothing, nothing is wider than the screen, the console is silent. A
reader walks by the links of his pages; what only a form leads to is reached by his steps (steps.py). At the
end, no endpoint that draws a page was left out.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import Served
from tests.browser.people import reader
from tests.browser.steps import AFTERWARDS, BEFORE
from tests.browser.walking import Walk

CHINESE, ENGLISH = {"locale": "zh-CN"}, {"locale": "en-GB"}
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}
#: Who walks, from where, and what he leaves to another reader of the same pages.
WALKS: dict[str, tuple[list[str], str]] = {
    "hr-a": (["/", "/case"], r"/plan/\w+\?edit|/list/workers/"),
    "hr-b": (["/plan", "/list"], r"/account|/notices|/colleagues|/passes|/case|/$"),
    "hr-c": (["/passes", "/list", "/notices", "/"], r"/plan|/account|/colleagues"),
    "reviewer": (
        ["/review", "/review?desk=withheld", "/registrations", "/objections"],
        r"/account|/notices/",
    ),
    "signer": (["/review?desk=withheld", "/passes/releases"], r"/account|/notices|/objections|/buildings"),
    "steward": (["/", "/objections"], "/account"),
    "steward-2": (["/corrections"], r"/(?!corrections)"),
    "guard-home": (
        ["/gate", "/gate/medical", "/gate/shell", "/gate/document", "/gate/refusals", "/manifests"],
        r"/account",
    ),
    "street": (
        ["/desk", "/devices", "/manifests", "/trips", "/trips/conflicts", "/trips/forced", "/medical-exits"],
        r"/account|/notices",
    ),
    "administrator": (["/", "/registrations"], r"/account/"),
    "auditor": (["/audit"], ""),
    "": (
        [
            "/sign-in",
            "/v",
            "/verify",
            "/w",
            "/p",
            "/sign-up",
            "/forgotten-password",
            "/join",
            "/reset",
            "/email",
        ],
        "",
    ),
}
#: What answers a GET with no page of its own: files, what machines read, ways on to another page.
NO_PAGES = {
    "static", "health.health", "language.switch", "api.openapi", "api.intake", "api.show", "passes.keys",
    "passes.status_list", "passes.status_lists", "passes.sheet", "passes.sheets_zip", "passes.listed",
    "plans.version_pdf", "plans.attachment", "review.plan_pdf", "review.attachment", "roster.sampling",
    "roster.template", "staffing.error_report", "intake.refused", "disclosure.sheet", "gate.package",
    "gate.worker_script", "gate.app_file", "gate.manifest",
    "gate.photo", "portraits.image", "manifests.file", "phone.worker",
}  # fmt: skip
#: Pages of a moment that these readers do not come to; the tests of their slices read them.
ELSEWHERE = {
    "accounts.confirm_email", "accounts.signed_in", "applications.answer_return", "disclosure.insist",
    "roster.progress", "audit.verification",
}  # fmt: skip
_SEEN: dict[str, set[str]] = {}


@pytest.mark.parametrize("name", WALKS)
def test_every_page_is_fit_for_its_reader(demo: Served, browser: Browser, name: str) -> None:
    starts, left_out = WALKS[name]
    page = reader(browser, demo, name, **CHINESE)
    if name in BEFORE:
        BEFORE[name](page, demo)
    chinese = Walk(page, demo.url)
    paths = chinese.through(starts, left_out=left_out)
    assert len(paths) >= len(starts)
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    # The same session in another browser: a second factor's code is good once.
    state = page.context.storage_state()
    english = Walk(browser.new_context(storage_state=state, **ENGLISH).new_page(), demo.url)
    for path in paths:
        english.look_at(path)
    assert english.page.locator("html").get_attribute("lang") == "en"
    for walk in (chinese, english):
        if name in AFTERWARDS:
            AFTERWARDS[name](walk, demo)
        walk.page.context.close()
    _SEEN[name] = chinese.opened | english.opened
    assert chinese.faults + english.faults == []


def test_no_page_was_left_out(app: Flask) -> None:
    """Every endpoint that answers a GET was looked at by somebody, once all have walked."""
    if len(_SEEN) < len(WALKS):
        pytest.skip("not everybody has walked")
    adapter = app.url_map.bind("127.0.0.1")
    seen = set()
    for path in set().union(*_SEEN.values()):
        try:
            seen.add(adapter.match(path)[0])
        except HTTPException:  # a page that is not there, looked at on purpose
            continue
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - seen - NO_PAGES - ELSEWHERE == set()


def test_the_guard_needs_no_javascript(demo: Served, browser: Browser) -> None:
    """He types a number, compares, lets through, and it is on record; a wrong number is explained."""
    hr = reader(browser, demo, "hr-c", **CHINESE)
    hr.goto(f"{demo.url}/passes?status=active")
    number = str(hr.locator("#list td[data-label='编号']").first.text_content()).strip()
    hr.context.close()
    page = reader(browser, demo, "guard-home", java_script_enabled=False, **PHONE)
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
