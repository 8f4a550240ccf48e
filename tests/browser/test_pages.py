"""Every page as its readers see it, in both languages, at a desk and on a phone.

One small demo city is loaded and served for all of this file: it has cases at every stage, passes in every
state, feeds with receipts. axe finds nothing, nothing is wider than the screen, the console is silent. A reader
walks by the links of his pages; what only a form leads to is reached by his steps (tests/browser/steps.py). At
the end, no endpoint that draws a page was left out.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from resume.app import create_app
from resume.settings import Settings
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
    "reviewer": (["/review", "/review?desk=withheld", "/registrations", "/objections"], r"/account|/notices/"),
    "signer": (["/review?desk=withheld", "/passes/releases"], r"/account|/notices|/objections|/buildings"),
    "steward": (["/", "/objections"], r"/account"),
    "steward-2": (["/corrections"], r"/(?!corrections)"),
    "guard-home": (["/gate", "/gate/medical"], r"/account"),
    "administrator": (["/", "/registrations"], r"/account/"),
    "auditor": (["/audit"], ""),
    "": (["/sign-in", "/v", "/w", "/sign-up", "/forgotten-password", "/join", "/reset", "/email"], ""),
}
#: Endpoints that draw no page of their own, or one that is reached in another file of these tests.
ELSEWHERE: set[str] = set()
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
