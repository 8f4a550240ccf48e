"""The main job, whole: from the plan to the guard's green, then the positive and the guard's red.

A real server, a real worker process, a real browser, a camera that sees the printed sheet.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser import city
from tests.browser.camera import fake_camera, picture_of_sheet, write_film
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Served
from tests.browser.people import add_account, add_gate, enter, fill_plan, take_feed

PHONE = {"width": 390, "height": 844}


def test_from_the_plan_to_green_and_from_the_positive_to_red(
    served: Served, browser: Browser, playwright: Playwright, tmp_path: Path
) -> None:
    url = served.url
    for feed, file in city.write_feeds(tmp_path).items():
        served.command("intake", feed, str(file))
    served.command("admin", "create", "root.admin", "--password", "a long enough secret")
    administrator = enter(browser, url, "root.admin")
    firm = register_firm(administrator, url)
    add_account(administrator, url, "hr.one", firm=firm)
    for name, role in (("reviewer.one", "reviewer"), ("signer.one", "sign_off")):
        add_account(administrator, url, name, role=role, district=city.DISTRICT)
    add_account(administrator, url, "steward.one", role="steward")

    hr = enter(browser, url, "hr.one")
    fill_plan(hr, url, site=city.SITE)
    upload_list(hr, url, tmp_path)
    submit(hr, url)

    case = recommend(enter(browser, url, "reviewer.one"), url)
    sign_off(enter(browser, url, "signer.one"), case)

    films = sheets_as_films(hr, url, tmp_path)
    compound = add_gate(
        administrator, url, kind="compound", search=city.COMPOUND, district=city.DISTRICT, name="南门"
    )
    plant = add_gate(administrator, url, kind="plant", search=city.SITE, district=city.DISTRICT, name="东门")
    add_account(administrator, url, "guard.home", gate=compound)
    add_account(administrator, url, "guard.plant", gate=plant)

    first, second = films["陈"], films["阿"]
    with_camera(playwright, first, url, "guard.home", lambda page: let_out(page))
    with_camera(playwright, first, url, "guard.plant", lambda page: let_in(page))

    steward = enter(browser, url, "steward.one")
    positive = city.write_positive(tmp_path, reported_at="2022-04-22T08:30:00+08:00")
    take_feed(steward, url, "cases", positive)
    # One of the building's two is inside the plant already: a completed trip is never suspended.
    expect(steward.locator("main")).to_contain_text("暂停")
    with_camera(playwright, second, url, "guard.home", lambda page: sees(page, "stop"))
    with_camera(playwright, first, url, "guard.home", lambda page: sees(page, "stop"))

    hr.goto(f"{url}/")
    expect(hr.locator("main")).to_contain_text("质检员")  # the post that lost cover
    anybody_sees_red(browser, served)
    assert json.loads(served.command("audit", "verify"))["whole"]


def anybody_sees_red(browser: Browser, served: Served) -> None:
    """The QR of the suspended pass, opened on any phone."""
    suspended = json.loads(served.command("pass", "list", "--status", "suspended"))
    token = json.loads(served.command("pass", "show", suspended["number"]))["token"]
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(token)
    sees(page, "stop")


def register_firm(page: Page, url: str) -> str:
    page.goto(f"{url}/firms/new")
    page.fill("#credit_code", city.CREDIT_CODE)
    page.fill("#name", city.FIRM)
    page.fill("#short_name", "虚构电驱动")
    page.select_option("#district", city.DISTRICT)
    page.click("main button:has-text('登记')")
    page.wait_for_url(re.compile(r"/firms/\d+$"))
    return page.url.rsplit("/", 1)[1]


def upload_list(page: Page, url: str, folder: Path) -> None:
    """The preview names the bad cell and keeps the good rows."""
    page.goto(f"{url}/list")
    page.set_input_files("#upload input[type=file]", str(city.write_list(folder)))
    page.click("button:has-text('上传并核对')")
    page.wait_for_url(re.compile(r"/list/[0-9a-f-]{36}"))
    expect(page.locator("main")).to_contain_text("证件号码")
    page.click("button:has-text('确认这份名单（5 人）')")
    page.goto(f"{url}/list")
    expect(page.locator("main")).to_contain_text("陈一舟")
    expect(page.locator(".rs-tabs")).to_contain_text(re.compile(r"符合\s*3"))


def submit(page: Page, url: str) -> None:
    page.goto(f"{url}/case")
    page.click("button:has-text('提交申请')")
    expect(page.locator("main")).to_contain_text("已提交")


def recommend(page: Page, url: str) -> str:
    """The reviewer sees the case and recommends it; its address."""
    page.goto(f"{url}/review")
    page.click(f"a:has-text('{city.FIRM}')")
    page.wait_for_url(re.compile(r"/review/[0-9a-f-]{36}"))
    case = page.url
    page.click("button:has-text('推荐签发')")
    expect(page.locator("main")).to_contain_text("推荐")
    return case


def sign_off(page: Page, case: str) -> None:
    page.goto(case)
    page.click("button:has-text('签发')")
    page.wait_for_url(re.compile(r"/batches/"))
    expect(page.locator("main")).to_contain_text(re.compile(r"3"))
    expect(page.locator("main")).to_contain_text(re.compile(r"暂缓"))


def sheets_as_films(page: Page, url: str, folder: Path) -> dict[str, Path]:
    """HR downloads each sheet that the worker has printed; its film, by the first character of the name."""
    films: dict[str, Path] = {}
    for _ in range(60):
        page.goto(f"{url}/passes")
        if page.locator("a[href$='sheet.pdf']").count() == 3:
            break
        page.wait_for_timeout(1000)
    rows = page.locator("tr:has(a[href$='sheet.pdf'])")
    assert rows.count() == 3
    for number in range(3):
        with page.expect_download() as waiting:
            rows.nth(number).locator("a[href$='sheet.pdf']").click()
        pdf = waiting.value.path().read_bytes()
        (folder / f"{number}.pdf").write_bytes(pdf)
        film = folder / f"{number}.y4m"
        write_film(film, [picture_of_sheet(pdf)])
        text = rows.nth(number).inner_text()
        films[next(mark for mark in "陈阿欧" if mark in text)] = film
    return films


def with_camera(playwright: Playwright, film: Path, url: str, name: str, act) -> None:
    """A guard whose phone sees the film."""
    launched = playwright.chromium.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, *fake_camera(film)], headless=True
    )
    try:
        page = enter(launched, url, name, viewport=PHONE, permissions=["camera"])
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{url}/gate")
        act(page)
        # Where the server was slow the phone judged by itself: what it owes is there before it is put away.
        expect(page.locator("#gate-queue")).to_have_text("", timeout=30_000)
        assert not faults
    finally:
        launched.close()


def sees(page: Page, verdict: str) -> None:
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", verdict, timeout=30_000)


def let_out(page: Page) -> None:
    sees(page, "go")
    expect(page.locator(".gate-verdict")).to_contain_text("陈")
    page.click("button:has-text('放行出门')")
    expect(page.locator(".gate-verdict")).to_contain_text("已")


def let_in(page: Page) -> None:
    """At the plant the on-the-spot antigen is asked for first."""
    expect(page.locator("[data-verdict]")).to_have_count(1, timeout=30_000)
    page.check("input[name=antigen]")
    page.click("button:has-text('放行进厂')")
    expect(page.locator(".gate-verdict")).to_contain_text("已")
