"""What the phone keeps, it keeps twice: a browser that drops one of the two databases loses nothing."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import Page, expect

from tests.browser.gate.phone import (
    EVERYTHING,
    Phone,
    Server,
    are_kept,
    at_the_gate,
    events_since,
    hand_over,
    let_through,
    scan,
    sees,
)

MAIN, SPARE = "IndexedDB", "WebStorage/*/IndexedDB"  # below a profile of Chromium


def drop(phone: Phone, database: str) -> None:
    """End the browser, and take away a database as Chromium does where a write of it was torn."""
    phone.kill()
    phone.sees()  # a browser that comes back may open its last page, and scan what lies before it
    found = list((phone.folder / "profile" / "Default").glob(database))
    assert len(found) == 1
    shutil.rmtree(found[0])


@pytest.mark.parametrize("lost", [[MAIN], [SPARE, MAIN], [MAIN, SPARE, MAIN]], ids=lambda lost: len(lost))
def test_a_lost_database_is_mended_from_the_other(
    phone: Phone, server: Server, tokens: list[str], lost: list[str]
) -> None:
    page = at_the_gate(phone, server)
    before = {row.nonce for row in events_since(server.environment, set())[0]}
    server.kill()
    gone, here = tokens[4 + len(lost)], tokens[0]
    let_through(phone, page, gone)
    for database in lost:
        drop(phone, database)
        page = reopened(phone)
        expect(page.locator("#gate-queue")).to_contain_text("待上传 1 条")
    # It judges as before, and knows who went: the lists, the time and the trips are there.
    scan(phone, page, here)
    sees(page, "go")
    scan(phone, page, gone)
    sees(page, "stop")
    expect(page.locator(".gate-verdict__reason")).to_contain_text("已使用")
    are_kept(page, 3)
    assert gone not in page.evaluate(EVERYTHING)
    phone.sees()
    server.start()
    page.context.clear_cookies()
    hand_over(phone, page, server)
    scans, _exits = events_since(server.environment, before)
    assert [row.action for row in scans] == ["let_through", "checked", "checked"]
    assert [row.counter for row in scans] == [1, 2, 3]
    assert not phone.faults


def test_a_spare_that_cannot_be_read_today_is_read_tomorrow(
    phone: Phone, server: Server, tokens: list[str]
) -> None:
    page = at_the_gate(phone, server)
    server.kill()
    let_through(phone, page, tokens[0])
    drop(phone, MAIN)
    page = phone.open()
    page.add_init_script("navigator.storageBuckets.open = () => Promise.reject(new Error('not today'))")
    page.goto(f"{phone.url}/gate")
    expect(page.locator("html[data-gate]")).to_have_count(1)
    expect(page.locator("#gate-queue")).to_have_text("")
    phone.kill()
    expect(reopened(phone).locator("#gate-queue")).to_contain_text("待上传 1 条")


def reopened(phone: Phone) -> Page:
    page = phone.open()
    page.goto(f"{phone.url}/gate")
    expect(page.locator("html[data-gate]")).to_have_count(1)
    return page
