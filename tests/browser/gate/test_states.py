"""A guard's screen out of the ordinary: a hand scanner, a specimen, a second window, no sign-in."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from playwright.sync_api import expect

from resume import clock
from resume.credential.token import mint, parse, qr_text
from resume.passes.keys import token_signer
from tests.browser.conftest import home_of
from tests.browser.gate.phone import (
    Phone,
    Server,
    at_the_gate,
    events_since,
    hand_over,
    press_keys,
    ready,
    scan,
    sees,
    type_number,
)

SCANNER, FINGERS = 0.005, 0.15  # s between two keys


def test_a_hand_scanner_types_wherever_the_focus_is(phone: Phone, server: Server, tokens: list[str]) -> None:
    page = at_the_gate(phone, server)
    server.kill()
    page.goto(f"{phone.url}/gate")
    for focus in ("body", "a[data-does=medical]"):
        page.locator(focus).focus()
        press_keys(page, tokens[0], gap=SCANNER)
        expect(page.locator("[data-verdict]")).to_have_attribute(
            "data-pass", parse(tokens[0]).claims.cti.hex()
        )
        page.click("text=查验下一位")
    press_keys(page, "3101150000011", gap=FINGERS)
    expect(page.locator("[data-verdict]")).to_have_count(0)


def test_a_specimen_is_grey_with_the_server_and_without(
    phone: Phone, server: Server, tokens: list[str]
) -> None:
    page = at_the_gate(phone, server)
    claims = parse(tokens[1]).claims
    specimen = replace(claims, cti=uuid4().bytes, payload=replace(claims.payload, specimen=True))
    with home_of(server.environment):
        text = qr_text(server.url, mint(specimen, token_signer("RTW", at=clock.now())))
    for is_there in (True, False):
        if not is_there:
            server.kill()
        scan(phone, page, text)
        sees(page, "still")
        expect(page.locator("#desk")).to_contain_text("样证")
        expect(page.locator("[data-does=release]")).to_have_count(0)
        assert (page.locator("[data-own]").count() == 0) is is_there


def test_the_newest_window_has_the_gate(phone: Phone, server: Server, tokens: list[str]) -> None:
    former = at_the_gate(phone, server)
    newer = former.context.new_page()
    newer.goto(f"{phone.url}/gate")
    ready(newer)
    expect(former.locator("#gate-state")).to_contain_text("另一个窗口")
    type_number(former, parse(tokens[0]).claims.payload.number)
    type_number(newer, parse(tokens[0]).claims.payload.number)
    sees(newer, "go")
    expect(former.locator("[data-verdict]")).to_have_count(0)


def test_a_guard_whose_sign_in_has_ended_goes_on_and_uploads_later(
    phone: Phone, server: Server, tokens: list[str]
) -> None:
    page = at_the_gate(phone, server)
    before = {row.nonce for row in events_since(server.environment, set())[0]}
    page.context.clear_cookies()
    press_keys(page, tokens[0], gap=SCANNER)
    sees(page, "go")
    expect(page.locator(".gate-verdict__source")).to_contain_text("离线核验")
    expect(page.locator("#gate-state")).to_contain_text("登录已失效")
    expect(page.locator("#gate-sign-in")).to_be_visible()
    page.click("text=放行出门")
    expect(page.locator("#gate-queue")).to_contain_text("待上传 1 条")
    hand_over(phone, page, server)
    scans, _exits = events_since(server.environment, before)
    assert [(row.action, row.is_offline) for row in scans] == [("let_through", True)]
