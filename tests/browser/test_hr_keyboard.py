"""The whole of HR's job by keyboard alone, sign-in to sign-out; the focus is seen at every step."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.browser.keyboard import Keyboard
from tests.browser.people import secrets_of, wait_for_preview

DESK = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}
SAVE = ".govuk-button-group button[value=save]"
TRANSPORT = {
    "disinfection": "每趟前后由驾驶员消毒",
    "rows-0-plate": "沪A12345",
    "rows-0-seats": "40",
    "rows-0-driver": "吴师",
    "rows-0-driver_phone": "16900000002",
    "rows-0-route": "曹路镇—东门",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser of nobody yet, at a desk."""
    page = browser.new_context(**DESK).new_page()
    page.set_default_timeout(20_000)
    yield page
    page.context.close()


def sign_in(page: Page, served: Served, name: str) -> Keyboard:
    """By keyboard; the sign-in is the only address that is typed."""
    page.goto(f"{served.url}/sign-in")
    keyboard = Keyboard(page)
    keyboard.write("#name", name)
    keyboard.write("#password", secrets_of(served, name)[0])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".rs-header__role")).to_have_text("企业人事")
    return keyboard


def go_to(keyboard: Keyboard, noun: str) -> None:
    """By the navigation; from wherever one is, on through the end of the page to its beginning."""
    keyboard.follow(f".rs-nav__list--wide a:text-is('{noun}')")


def test_from_a_draft_to_a_submitted_case(demo: Served, page: Page) -> None:
    keyboard = sign_in(page, demo, "hr-b")
    skip_to_the_text(keyboard)
    go_to(keyboard, "方案")
    fill_transport(keyboard)
    promise(keyboard)
    go_to(keyboard, "人员名单")
    upload(keyboard, demo)
    correct_a_row(keyboard)
    keyboard.follow("button:has-text('确认这份名单')")
    go_to(keyboard, "申请")
    keyboard.follow("button:has-text('提交申请')")
    expect(page.locator("main")).to_contain_text("已提交")
    sign_out(keyboard)


def skip_to_the_text(keyboard: Keyboard) -> None:
    """The first stop of a page leads past header and navigation."""
    keyboard.page.reload()
    assert "govuk-skip-link" in keyboard.tab()
    keyboard.page.keyboard.press("Enter")
    keyboard.expect_focus("#main-content")
    keyboard.tab()
    assert keyboard.page.evaluate("document.activeElement.closest('main') !== null")


def fill_transport(keyboard: Keyboard) -> None:
    """What cannot be read is summed up, with the focus; it saves itself; rows come and go under the hand."""
    page = keyboard.page
    keyboard.follow("main a:has-text('返岗交通')")
    if not page.locator("[name=rows-0-plate]").count():
        keyboard.press("button[value=add]")
        keyboard.expect_focus("fieldset.rs-row")
    for name, text in (TRANSPORT | {"rows-0-seats": "四十"}).items():
        keyboard.write(f"#section [name={name}]", text)
    expect(page.locator("#autosave")).to_contain_text("1 处还不能识别")
    assert page.evaluate("document.activeElement.name") == "rows-0-route"
    keyboard.press(SAVE)
    keyboard.expect_focus("#section .govuk-error-summary")
    keyboard.press("#section .govuk-error-summary a")
    assert page.evaluate("document.activeElement.name") == "rows-0-seats"
    keyboard.write("[name=rows-0-seats]", TRANSPORT["rows-0-seats"])
    keyboard.to("[name=rows-0-departs_at]")
    for _part in range(3):  # before or after noon, hour, minute, in the order of the language
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowRight")
    expect(page.locator("[name=rows-0-departs_at]")).not_to_have_value("")
    keyboard.press("button[value=add]")
    keyboard.expect_focus("fieldset.rs-row >> nth=1")
    assert 'name="rows-1-plate"' in keyboard.tab()
    keyboard.press("button[value=remove-1]", "Space")
    keyboard.expect_focus("button[value=add]")
    expect(page.locator("#autosave")).to_contain_text("已自动保存")
    keyboard.follow(SAVE)
    expect(page.locator("main")).to_contain_text("“返岗交通”已保存")


def promise(keyboard: Keyboard) -> None:
    """A box is ticked with Space, a date is typed in its parts."""
    page = keyboard.page
    keyboard.follow("main a:has-text('企业基本信息')")
    legal = page.locator("[name=legal_representative]").input_value()
    keyboard.follow(".govuk-breadcrumbs a", back=True)
    keyboard.follow("main a:has-text('承诺书')")
    keyboard.press("#section [name=is_promised]", "Space")
    keyboard.write("[name=signer]", legal)
    keyboard.write("[name=people]", "40")
    keyboard.to("[name=signed_on]")
    page.keyboard.type("04222022")  # in the order of the browser's own language, not the page's
    expect(page.locator("[name=signed_on]")).to_have_value("2022-04-22")
    keyboard.follow(SAVE)
    expect(page.locator("main")).to_contain_text("“承诺书”已保存")


def upload(keyboard: Keyboard, served: Served) -> None:
    """A list of which some rows are wrong."""
    keyboard.choose_file("#upload input[type=file]", served.home / "demo" / "worker-list.xlsx")
    keyboard.follow("#upload button[type=submit]")
    wait_for_preview(keyboard.page)
    if "tab=errors" not in keyboard.page.url:
        keyboard.follow(".rs-tabs a:has-text('有错误')")


def correct_a_row(keyboard: Keyboard) -> None:
    """In its place: what is wrong has the focus, also when it still is; one goes on from the row."""
    page = keyboard.page
    row = page.locator(".rs-bad-row", has=page.locator("strong:text-is('手机号码')")).first
    found = f"#{row.get_attribute('id')}"
    keyboard.press(f"{found} a:has-text('改正')")
    keyboard.expect_focus(f"{found} .govuk-error-summary")
    keyboard.write(f"{found} [name$=-phone]", "123")
    keyboard.press(f"{found} form:has([name$=-phone]) button[type=submit]")
    expect(page.locator(f"{found} [name$=-phone]")).to_have_value("123")
    keyboard.expect_focus(f"{found} .govuk-error-summary")
    keyboard.press(f"{found} .govuk-error-summary a")
    assert page.evaluate("document.activeElement.name").endswith("-phone")
    keyboard.write(f"{found} [name$=-phone]", "16900001234")
    keyboard.press(f"{found} form:has([name$=-phone]) button[type=submit]")
    expect(page.locator(found)).to_contain_text("已改正")
    keyboard.expect_focus(found)
    keyboard.tab()
    assert page.evaluate(f"document.querySelector('{found}').contains(document.activeElement)")


def sign_out(keyboard: Keyboard) -> None:
    keyboard.follow(".rs-header button:has-text('退出')")
    expect(keyboard.page.locator("h1")).to_have_text("登录")


def test_from_a_notice_to_a_sheet(demo: Served, page: Page) -> None:
    keyboard = sign_in(page, demo, "hr-c")
    keyboard.follow(".rs-header a:has-text('通知')")
    unread = page.locator(".rs-inbox__item--unread")
    before = unread.count()
    assert before > 1
    second = unread.nth(1).get_attribute("id")
    keyboard.press(f"#{second} button:has-text('标为已读')")
    expect(unread).to_have_count(before - 1)
    keyboard.expect_focus(f"#{second}")
    keyboard.follow(".rs-inbox__item--unread button[name=open]")
    assert not page.url.endswith("/notices")
    go_to(keyboard, "通行证")
    keyboard.to("#list a[download]")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    sign_out(keyboard)


def test_no_page_keeps_the_focus(demo: Served, page: Page) -> None:
    """Tab goes through each page of HR and out at its end, and back; what has the focus is in sight."""
    keyboard = sign_in(page, demo, "hr-c")
    for path in (
        "/",
        "/plan",
        "/plan/zones?edit=1",
        "/list",
        "/case",
        "/passes",
        "/passes/links",
        "/account",
    ):
        page.goto(f"{demo.url}{path}")
        assert keyboard.around() > 8, path
    preview = page.goto(f"{demo.url}/list") and page.locator("main .govuk-inset-text a").first
    page.goto(f"{demo.url}{preview.get_attribute('href')}?tab=errors")
    assert keyboard.around() > 8


def test_the_menu_of_a_phone_opens_by_key(demo: Served, page: Page) -> None:
    keyboard = sign_in(page, demo, "hr-c")
    page.set_viewport_size(PHONE["viewport"])
    page.goto(f"{demo.url}/")
    keyboard.press(".rs-nav__summary", "Space")
    keyboard.follow(".rs-nav__folded a:text-is('人员名单')")
    expect(page).to_have_url(re.compile(r"/list$"))
    assert keyboard.around() > 8
