"""What each reader does to see the pages that no link leads to: refused forms, answers, one-time secrets.

Each step works in both languages, one after the other, and leaves the city as the other readers expect it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route

from resume.demo.firms import credit_code
from tests.browser.conftest import Served
from tests.browser.people import fresh_code, secrets_of, wait_for_preview
from tests.browser.walking import Walk

#: Where a form, or a file, was refused it is said here.
REFUSED = ".govuk-error-summary, .rs-panel--stop"
SUBMIT = "main form button[type=submit]"
OWN_CODE = "482915"


def press(walk: Walk, label: str, button: str = SUBMIT) -> None:
    """Press a button and look at the page it leads to."""
    with walk.page.expect_navigation():
        walk.page.locator(button).first.click()
    walk.look(label)


def refused(walk: Walk, path: str, button: str = SUBMIT) -> None:
    """Send the form of a page as it stands and look at what is said."""
    walk.page.goto(f"{walk.url}{path}")
    press(walk, f"{path} refused", button)
    if not walk.page.locator(REFUSED).count():
        walk.faults.append(f"{path}: nothing refused")


def upload_a_list(page: Page, served: Served) -> None:
    """hr-b's list with its bad rows, to be looked through."""
    page.goto(f"{served.url}/list")
    page.set_input_files("#upload input[type=file]", str(served.home / "demo" / "worker-list.xlsx"))
    page.click("#upload button[type=submit]")
    wait_for_preview(page)


def hr_refused(walk: Walk, served: Served) -> None:
    """hr-a, whose case is with the authority: rows, colleagues, his own account."""
    page, url = walk.page, walk.url
    page.goto(f"{url}/list")
    add = page.locator("a[href$='/add']").first.get_attribute("href")
    assert add is not None
    refused(walk, add, "main form:has([name$=document_number]) button[type=submit]")
    refused(walk, "/colleagues/new")
    refused(walk, "/account", "form:has(#new) button[type=submit]")
    refused(walk, "/account/email")
    refused(walk, "/account/second-factor")
    page.fill("input[type=password]", secrets_of(served, "hr-a")[0])
    press(walk, "a second factor to be set up")
    page.fill("#code", "000000")
    press(walk, "a wrong first code")
    page.locator("form[action$='/drop'] button").click()


def hr_drafting(walk: Walk, served: Served) -> None:
    """hr-b: unreadable answers, one more row, a file that is none, a bad row that stays bad."""
    page, url = walk.page, walk.url
    page.goto(f"{url}/plan/lodging")
    page.fill("[name=beds]", "四百")
    page.click(".govuk-button-group button[value=save]")
    page.wait_for_selector("#section .govuk-error-summary")
    walk.look("/plan/lodging that cannot be read")
    page.goto(f"{url}/plan/transport")
    before = page.locator("fieldset.rs-row").count()
    page.click("button[value=add]")
    page.locator("fieldset.rs-row").nth(before).wait_for()
    walk.look("/plan/transport with one more row")
    refused(walk, "/plan/attachments", "#upload button[type=submit]")
    page.goto(f"{url}/list")
    page.set_input_files(
        "#upload input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"\xff\xfe\x00"}
    )
    page.route("**/list/uploads/**", _answer_no_poll)
    page.click("#upload button[type=submit]")
    page.wait_for_load_state()
    walk.look("a list on its way")
    page.unroute("**/list/uploads/**")
    page.reload()
    page.wait_for_selector(REFUSED)
    walk.look("a list that cannot be read")
    page.goto(f"{url}/list")
    preview = page.locator("main .govuk-inset-text a").first.get_attribute("href")
    page.goto(f"{url}{preview}?tab=errors")
    page.locator(".rs-bad-row a").first.click()
    page.locator(".rs-bad-row form:has([name$=document_number]) button[type=submit]").first.click()
    page.wait_for_selector(".rs-bad-row .govuk-error-summary")
    walk.look("a bad row, refused in its place")


def _answer_no_poll(route: Route) -> None:
    if route.request.headers.get("hx-request"):
        route.fulfill(status=204)
    else:
        route.continue_()


def hr_searching(walk: Walk, served: Served) -> None:
    """hr-c: a search of workers, and lists in which nothing is found."""
    page = walk.page
    page.goto(f"{walk.url}/list")
    page.fill("#filter-q", "zzz")
    press(walk, "a search that finds nobody", "form[action$='/search'] button")
    walk.look_at("/passes?q=ZZZZ")
    walk.look_at("/passes/progress")


def reviewing(walk: Walk, served: Served) -> None:
    """The reviewer: a return and a refusal without reasons, answers without words, a pass that is none."""
    page, url = walk.page, walk.url
    page.goto(f"{url}/review?desk=review")
    case = page.locator("a[href*='/review/']:not([href*='?'])").first.get_attribute("href")
    for form in ("return", "refusal"):
        refused(walk, f"{case}/{form}")
    for index, form in (("/objections", "/answer"), ("/registrations", "/refusal")):
        page.goto(f"{url}{index}")
        page.locator(f"main table a[href^='{index}/']").first.click()
        press(walk, f"{index} answered without words", f"form[action$='{form}'] button")
    refused(walk, "/passes/revocation")
    refused(walk, "/worker-codes")


def taking_in(walk: Walk, served: Served) -> None:
    """The steward: a feed's preview, no file at all, a compound that is looked for, a case to be left out."""
    page = walk.page
    page.goto(f"{walk.url}/cases")
    case = page.locator("main a[href^='/cases/']").first.get_attribute("href")
    walk.look_at(f"{case}/exclusion")
    page.goto(f"{walk.url}/zones")
    building = page.locator("main a[href^='/buildings/']").first.inner_text()
    page.goto(f"{walk.url}/places?q={building}")
    compound = page.locator("main a[href^='/places/compounds/']").first.get_attribute("href")
    assert compound is not None
    walk.look_at(compound)
    refused(walk, "/intake", "main form:has([type=file]) button")
    page.goto(f"{walk.url}/intake")
    choice = page.locator("[name=feed][value=cases]")
    if choice.count():
        choice.check()
    else:
        page.select_option("[name=feed]", "cases")
    page.set_input_files("input[type=file]", str(served.home / "demo" / "cases.csv"))
    press(walk, "the preview of a feed", "main form:has([type=file]) button")


def at_the_gate(walk: Walk, served: Served) -> None:
    """A number that is none, and the urgent way out."""
    page = walk.page
    page.goto(f"{walk.url}/gate")
    page.locator(".gate-number").evaluate("details => { details.open = true; }")
    page.fill("#presented", "123")
    page.click(".gate-number__line button")
    page.wait_for_selector("[data-verdict], #presented-error")
    walk.look("a number that is none")


def make_a_manifest(page: Page, served: Served) -> None:
    """The signed paper of the first compound of which somebody is expected tomorrow."""
    page.goto(f"{served.url}/manifests")
    page.locator("main td a").first.click()
    with page.expect_navigation():
        page.locator(SUBMIT).first.click()


def at_the_desk(walk: Walk, served: Served) -> None:
    """The street's desk: a code for one more phone, and times of leaving that cannot be."""
    page, url = walk.page, walk.url
    page.goto(f"{url}/devices")
    page.locator("main a[href*='/devices/gates/']").first.click()
    press(walk, "a code for a phone", "form[action$='/enrolments'] button")
    page.goto(f"{url}/manifests")
    page.locator("main td a").first.click()
    page.locator("main a[href$='/ticks']").first.click()
    page.locator("input[type=time]").first.fill("00:00")
    press(walk, "a time that cannot be")


def administering(walk: Walk, served: Served) -> None:
    """The administrator: forms left empty, an invitation, secrets shown once."""
    page, url = walk.page, walk.url
    for path in ("/firms/new", "/accounts/new", "/invitations/new", "/api-tokens/new"):
        refused(walk, path)
    page.goto(f"{url}/accounts")
    detail = page.locator("main tr:has-text('guard-plant') a").first.get_attribute("href")
    page.goto(f"{url}{detail}")
    press(walk, "a link to be handed over", "form[action$='/password-link'] button")
    link = page.locator("code.rs-code--long").inner_text()
    other = page.context.browser.new_context(locale=page.evaluate("navigator.language")).new_page()
    behind = Walk(other, url, faults=walk.faults)
    _follow(behind, link, "a new password by a link")
    other.context.close()
    name = f"new-{page.evaluate('navigator.language').lower()}"
    page.goto(f"{url}/accounts/new")
    page.fill("#name", name)
    page.fill("#display_name", name)
    page.fill("#password", "a long enough secret")
    page.select_option("#role", "reviewer")
    page.select_option("#district", "310115")
    page.locator(SUBMIT).first.click()
    page.goto(f"{url}/api-tokens/new")
    page.fill("main input[type=text]", name)
    page.locator("main input[type=checkbox]").first.check()
    press(walk, "a token shown once")
    _enrols(walk, name)


def _enrols(walk: Walk, name: str) -> None:
    """Who has to set a second factor up at his first sign-in, and is given recovery codes."""
    language = walk.page.evaluate("navigator.language")
    assert walk.page.context.browser is not None
    page = walk.page.context.browser.new_context(locale=language).new_page()
    other = Walk(page, walk.url, faults=walk.faults)
    _sign_in(page, walk.url, name, "a long enough secret")
    other.look("a second factor is to be set up first")
    secret = page.locator("main li code").inner_text().replace(" ", "")
    page.fill("#code", "000000")
    press(other, "a wrong first code at the sign-in")
    page.fill("#code", fresh_code(secret))
    press(other, "recovery codes")
    walk.opened |= other.opened
    page.context.close()


def without_sign_in(walk: Walk, served: Served) -> None:
    """Nobody in particular: wrong passwords, links, a worker's own page, too many tries, nothing there."""
    page, url = walk.page, walk.url
    refused(walk, "/sign-in")
    _sign_in(page, url, "reviewer", secrets_of(served, "reviewer")[0])
    walk.look("a second factor is asked for")
    page.fill("#code", "000000")
    press(walk, "a wrong code")
    walk.look_at("/sign-in/code?with=recovery")
    refused(walk, "/forgotten-password")
    page.fill("main input[type=text], main input[type=email]", "nobody-here")
    press(walk, "a link is on its way")
    _follow(walk, "/reset#none", "a link that is none")
    _follow(walk, _link_in_mail(served.home, "/join"), "an invitation")
    press(walk, "an invitation, refused")
    refused(walk, "/sign-up")
    _registers(walk)
    _own_page(walk, served)
    for _ in range(6):
        page.goto(f"{url}/w")
        page.fill("[name=key]", f"WRONG-{page.evaluate('navigator.language')}")
        page.fill("[name=last_four]", "0000")
        with page.expect_navigation():
            page.locator("#own-entry button[type=submit]").click()
    walk.look("too many tries")
    walk.look_at("/nothing-here")


def _own_page(walk: Walk, served: Served) -> None:
    """By the link of the demo and the last four; then with the code that only the worker knows."""
    page = walk.page
    lines = (served.home / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
    link, last_four = next(line.split()[:2] for line in lines if "/w#" in line)
    page.goto(f"{walk.url}/w#{urlsplit(link).fragment}")
    page.fill("[name=last_four]", last_four)
    press(walk, "a worker's own page in part", "#own-entry button[type=submit]")
    press(walk, "without the code", "form[action$='/w/record'] button[type=submit]")
    page.fill("[name=code]", OWN_CODE)
    press(walk, "a worker's own page", "form[action$='/w/record'] button[type=submit]")
    refused(walk, "/w/objection", "form[action$='/w/objection'] button[type=submit]")
    page.goto(f"{walk.url}/w/record")
    with page.expect_navigation():
        page.locator("form[action$='/w/leave'] button").click()


def _registers(walk: Walk) -> None:
    page = walk.page
    serial = 951 if page.evaluate("navigator.language").startswith("en") else 950
    texts = {
        "credit_code": credit_code(serial),
        "name": f"虚构 {serial} 有限公司",
        "short_name": f"虚构{serial}",
        "contact": "周演示",
        "phone": "16900001299",
        "email": f"hr-{serial}@example.invalid",
    }
    page.goto(f"{walk.url}/sign-up")
    for name, text in texts.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=district]", "310115")
    press(walk, "a registration received")


def _follow(walk: Walk, link: str, label: str) -> None:
    """Open a link: what stands behind # is posted by the page itself."""
    parts = urlsplit(link)
    walk.page.goto(f"{walk.url}/")  # only what stands behind # differs otherwise, and nothing is loaded
    walk.page.goto(f"{walk.url}{parts.path}#{parts.fragment}")
    walk.page.wait_for_timeout(300)
    walk.page.wait_for_load_state()
    walk.look(label)


def _link_in_mail(home: Path, path: str) -> str:
    """The first link of that page in the letters of the home."""
    for file in sorted((home / "mail").iterdir()):
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        found = re.search(rf"https?://\S+{path}#\S+", letter.get_content())
        if found:
            return found[0]
    raise AssertionError(f"no letter has a link to {path}")


def _sign_in(page: Page, url: str, name: str, password: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("#name", name)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url(lambda address: not address.endswith("/sign-in"))


Before = Callable[[Page, Served], None]
After = Callable[[Walk, Served], None]
BEFORE: dict[str, Before] = {"hr-b": upload_a_list, "street": make_a_manifest}
AFTERWARDS: dict[str, After] = {
    "hr-a": hr_refused,
    "hr-b": hr_drafting,
    "hr-c": hr_searching,
    "reviewer": reviewing,
    "steward": taking_in,
    "guard-home": at_the_gate,
    "street": at_the_desk,
    "administrator": administering,
    "": without_sign_in,
}
