"""The whole of HR's job without JavaScript: every page by itself, every answer a page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.city import document
from tests.browser.conftest import Served
from tests.browser.people import reader, upload_without_script

DESK = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "java_script_enabled": False}
SAVE = ".govuk-button-group button[value=save]"
SUMMARY = ".govuk-error-summary"


@contextmanager
def hr(browser: Browser, served: Served, name: str) -> Iterator[Page]:
    page = reader(browser, served, name, **DESK)
    yield page
    page.click(".rs-header button:has-text('退出')")
    expect(page.locator("h1")).to_have_text("登录")
    page.context.close()


def test_from_a_draft_to_a_submitted_case(demo: Served, browser: Browser) -> None:
    with hr(browser, demo, "hr-b") as page:
        fill_transport(page, demo.url)
        promise(page, demo.url)
        change_attachments(page, demo.url)
        upload_without_script(page, demo.url, demo.home / "demo" / "worker-list.xlsx")
        correct_a_row(page)
        add_and_remove(page, demo.url)
        page.goto(f"{demo.url}/list")
        page.click("main .govuk-inset-text a")
        page.click("button:has-text('确认这份名单')")
        expect(page.locator("main")).to_contain_text("花名册已确认")
        page.goto(f"{demo.url}/case")
        page.click("button:has-text('提交申请')")
        expect(page.locator("main")).to_contain_text("已提交")


def fill_transport(page: Page, url: str) -> None:
    """What cannot be read is saved as typed and said; a row comes and goes."""
    page.goto(f"{url}/plan/transport")
    page.fill("[name=disinfection]", "每趟前后由驾驶员消毒")
    page.click("button[value=add]")
    rows = page.locator("fieldset.rs-row")
    expect(rows.last).to_have_attribute("autofocus", "")
    count = rows.count()
    page.click(f"button[value=remove-{count - 1}]")
    expect(rows).to_have_count(count - 1)
    if count == 1:
        page.click("button[value=add]")
    for name, text in (
        ("plate", "沪A12345"),
        ("seats", "四十"),
        ("driver", "吴师"),
        ("driver_phone", "16900000002"),
        ("route", "曹路镇—东门"),
        ("departs_at", "07:30"),
    ):
        page.fill(f"[name=rows-0-{name}]", text)
    page.click(SAVE)
    expect(page.locator(SUMMARY)).to_contain_text("请填写整数")
    page.goto(f"{url}/plan/transport")
    expect(page.locator("[name=rows-0-seats]")).to_have_value("四十")
    page.fill("[name=rows-0-seats]", "40")
    page.click(SAVE)
    expect(page.locator("main")).to_contain_text("“返岗交通”已保存")


def promise(page: Page, url: str) -> None:
    page.goto(f"{url}/plan/firm")
    legal = page.locator("[name=legal_representative]").input_value()
    page.goto(f"{url}/plan/commitment")
    page.check("[name=is_promised]")
    page.fill("[name=signer]", legal)
    page.fill("[name=people]", "40")
    page.fill("[name=signed_on]", "2022-04-22")
    page.click(SAVE)
    expect(page.locator("main")).to_contain_text("“承诺书”已保存")


def change_attachments(page: Page, url: str) -> None:
    """One that is none, one that is, and out with it."""
    page.goto(f"{url}/plan/attachments")
    page.click("#upload button[type=submit]")
    expect(page.locator(SUMMARY)).to_contain_text("请选择要上传的文件")
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    page.set_input_files(
        "#upload input[type=file]",
        {"name": "平面图-演示.png", "mimeType": "image/png", "buffer": picture.getvalue()},
    )
    page.click("#upload button[type=submit]")
    row = page.locator("#attachments tr:has-text('平面图-演示')")
    expect(row).to_have_count(1)
    row.locator("button").click()
    expect(row).to_have_count(0)


def correct_a_row(page: Page) -> None:
    """On its own page: still wrong, then right; another is left out."""
    if "tab=errors" not in page.url:
        page.click(".rs-tabs a:has-text('有错误')")
    bad = page.locator(".rs-bad-row")
    before = bad.count()
    bad.filter(has=page.locator("strong:text-is('手机号码')")).first.locator("a").click()
    expect(page).to_have_url(re.compile(r"/list/rows/"))
    for phone in ("123", "16900001234"):
        page.fill("[name$=-phone]", phone)
        page.click("form:has([name$=-phone]) button[type=submit]")
        if phone == "123":
            expect(page.locator(SUMMARY)).to_be_visible()
    expect(page.locator("main")).to_contain_text("行已改正")
    expect(bad).to_have_count(before - 1)
    bad.first.locator("button:has-text('删除此行')").click()
    expect(bad).to_have_count(before - 2)


def add_and_remove(page: Page, url: str) -> None:
    """One more on the preview, then one fewer."""
    page.click("a:has-text('添加人员')")
    page.click("main form:has([name$=document_number]) button[type=submit]")
    expect(page.locator(SUMMARY)).to_be_visible()
    for name, text in (
        ("name", "余新来"),
        ("document_number", document(77)),
        ("phone", "16900001235"),
        ("street", "虚构街道"),
        ("compound", "虚构新村"),
        ("building", "1号"),
        ("room", "101"),
        ("post", "装配工"),
        ("shift", "甲班"),
        ("arrive_on", "2022-04-25"),
    ):
        page.fill(f"main [name$='-{name}']", text)
    for name, index in (("document_type", 1), ("district", 1), ("key_post", 1), ("site", 1)):
        page.select_option(f"main [name$='-{name}']", index=index)
    page.select_option("main [name$='-document_type']", label="居民身份证")
    page.click("main form:has([name$=document_number]) button[type=submit]")
    expect(page.locator("main")).to_contain_text("余新来")
    page.goto(f"{url}/list")
    page.click("main .govuk-inset-text a")
    page.fill("#filter-q", "余新来")
    page.click("form[action$='/search'] button")
    page.click("main td a:has-text('余新来')")
    page.click("a:has-text('移出名单')")
    page.click("button:has-text('移出名单')")
    expect(page.locator("main")).to_contain_text("已移出名单")


def test_from_a_second_file_to_the_sheets(demo: Served, browser: Browser) -> None:
    with hr(browser, demo, "hr-c") as page:
        page.goto(f"{demo.url}/list")
        page.click("main .govuk-inset-text a")
        choose_a_building(page)
        page.click("a:has-text('看变化并确认')")
        page.click("button:has-text('追加到现有名单'), button:has-text('确认（共')")
        expect(page.locator("main .govuk-notification-banner")).to_be_visible()
        tick_and_download(page, demo.url)
        page.goto(f"{demo.url}/notices")
        unread = page.locator(".rs-inbox__item--unread")
        before = unread.count()
        unread.first.locator("button:has-text('标为已读')").click()
        expect(unread).to_have_count(before - 1)
        page.click("button:has-text('全部标为已读')")
        expect(unread).to_have_count(0)


def choose_a_building(page: Page) -> None:
    """Of those nearest to an address that matched none; in the row, which opens without a script."""
    preview = page.url.partition("?")[0]
    rows = page.locator("tr:has(form.rs-nearest)")
    for tab in ("not_known", "not_eligible"):
        page.goto(f"{preview}?tab={tab}")
        if rows.count():
            break
    before = rows.count()
    rows.first.locator("summary").click()
    rows.first.locator("form.rs-nearest button").first.click()
    expect(page.locator("main .govuk-notification-banner")).to_be_visible()
    page.goto(f"{preview}?tab={tab}")
    assert rows.count() < before
    page.goto(preview)


def tick_and_download(page: Page, url: str) -> None:
    page.goto(f"{url}/passes?status=active")
    ticks = page.locator("#list input[name=pass]")
    ticks.nth(0).check()
    ticks.nth(1).check()
    with page.expect_download(timeout=60_000) as waiting:
        page.click("button:has-text('下载所选（ZIP）')")
    names = zipfile.ZipFile(waiting.value.path()).namelist()
    assert len([name for name in names if name.endswith(".pdf")]) == 2
