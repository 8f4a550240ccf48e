"""A worker's phone in Chromium: its code read from the screen, on line and off; what pictures are worth."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from resume.clock import iso
from resume.credential.check import check
from resume.credential.keys import STATUS_PURPOSE, open_key_list
from resume.credential.phone import STEP
from resume.credential.token import parse
from resume.credential.views import GateView, PassStatus
from resume.passes.authority import load_authority
from resume.passes.keys import ISSUER
from tests.browser.conftest import Served

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "device_scale_factor": 2}
CODE = "#phone-code path"


@pytest.fixture
def own(demo: Served) -> tuple[str, str]:
    """The link of the demo that puts a pass on a phone, and the last four."""
    told = (demo.home / "demo-sign-ins.txt").read_text()
    found = re.search(r"/p(#\S+)\s+(\S{4})\s", told)
    assert found is not None
    return f"{demo.url}/p{found[1]}", found[2]


def test_a_phone_shows_its_pass_with_and_without_network(
    demo: Served, browser: Browser, own: tuple[str, str]
) -> None:
    link, four = own
    phone = browser.new_context(**PHONE)
    page = put_on(phone, link, four)
    assert page.url == f"{demo.url}/p", "no secret is left in the address of a page that is shown around"
    number = page.locator("[data-view=live] [data-fact=number]").inner_text().replace(" ", "")
    first = read_code(page)
    at = moment_of(first)
    assert first.startswith(f"{demo.url}/v#")
    assert on_line(demo, first, at) == ("green", "OK")
    anybody = browser.new_context(**PHONE).new_page()
    anybody.goto(first)
    expect(anybody.locator("[data-verdict=go]")).to_contain_text("有效")
    expect(anybody.locator("#answer")).to_contain_text("手机动态证")
    assert off_line(demo, first, at) == "OK"
    for late in (timedelta(seconds=60), timedelta(minutes=10)):  # the picture of it
        assert off_line(demo, first, at + late) == "PHONE_STALE"
        assert on_line(demo, first, at + late) == ("red", "PHONE_STALE")

    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    phone.set_offline(True)
    page.close()
    page = phone.new_page()
    page.goto(f"{demo.url}/p")
    expect(page.locator("#phone-old")).to_be_visible()
    later = wait_for_another(page, first)
    assert moment_of(later) > at
    assert off_line(demo, later, moment_of(later)) == "OK"
    phone.set_offline(False)

    second = put_on(browser.new_context(**PHONE), link, four)
    assert on_line(demo, read_code(second), moment_of(read_code(second)))[0] == "green"
    expect(page.locator("[data-word=replaced]")).to_be_visible(timeout=20_000)
    assert page.locator(CODE).get_attribute("d") == "", "nothing of a code is left on a screen that says no"
    assert json.loads(demo.command("pass", "show", number))["status"] == "replaced"
    former = parse(first).claims.payload.number
    assert former == number

    # The last word holds without network too, and nothing is left once it is removed.
    page.locator("[data-view=gone] summary").click()
    page.click("#phone-remove-gone")
    expect(page.locator("[data-say=removed]")).to_be_visible()
    page.reload()
    expect(page.locator("[data-view=entry]")).to_be_visible()
    assert page.evaluate("async () => (await caches.keys()).length") == 0

    demo.command("intake", "cases", str(demo.home / "demo" / "cases.csv"))
    expect(second.locator("[data-word=suspended]")).to_be_visible(timeout=20_000)
    assert second.locator(CODE).get_attribute("d") == ""
    demo.command("intake", "cases", str(demo.home / "demo" / "cases-correction.csv"))
    expect(second.locator("[data-view=live]")).to_be_visible(timeout=20_000)
    assert on_line(demo, read_code(second), moment_of(read_code(second)))[0] == "green"


def put_on(phone: BrowserContext, link: str, four: str) -> Page:
    """Open the link on a phone and put the pass there."""
    page = phone.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(link)
    page.fill("#phone-last-four", four)
    page.click("#phone-entry-form button")
    expect(page.locator("[data-word=active]")).to_be_visible()
    expect(page.locator(CODE)).to_have_attribute("d", re.compile("^M"))
    return page


def read_code(page: Page) -> str:
    """What a camera reads from the phone's screen."""
    picture = Image.open(BytesIO(page.locator("#phone-code").screenshot()))
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return str(found[0].text)


def wait_for_another(page: Page, former: str) -> str:
    """The next half minute's code."""
    for _ in range(70):
        text = read_code(page)
        if text != former:
            return text
        page.wait_for_timeout(500)
    raise AssertionError("the code does not change")


def moment_of(text: str) -> datetime:
    """The last second of the half minute that the phone signed."""
    proof = parse(text).proof
    assert proof is not None
    return datetime.fromtimestamp(proof.step * STEP + STEP - 1, UTC)


def on_line(demo: Served, text: str, at: datetime) -> tuple[str, str]:
    answer = json.loads(demo.command("verify", text, "--gate", "RTW", "--at", iso(at), codes=(0, 1)))
    return answer["verdict"], answer["code"]


def off_line(demo: Served, text: str, at: datetime) -> str:
    """The answer of Python's checker with the home's signed key list, and no network."""
    folder = demo.home.parent / "lists"
    demo.command("status", "export", str(folder), "--at", iso(at))
    anchor = load_authority(demo.home / "keys", purpose=STATUS_PURPOSE).private_key.public_key()
    message = (folder / "keys.cwt").read_bytes()
    keys, _issued_at = open_key_list(message, anchor, issuer=ISSUER, at=at)
    return check(
        text,
        keys,
        at=at,
        gate=GateView("1", profile="RTW"),
        status_of=lambda _: PassStatus.ACTIVE,
        status_as_of=at,
    ).code
