"""The gate with the server gone: a real server killed with -9, a phone whose battery is flat, a camera.

What was let through, refused or failed comes to the server once, in order, whatever was killed when.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from resume.credential.token import parse
from tests.browser.gate.phone import (
    EVERYTHING,
    STORE,
    Phone,
    Server,
    are_kept,
    at_the_gate,
    events_since,
    hand_over,
    scan,
    sees,
    type_number,
)

HOUR = 3600_000  # ms


def test_a_shift_without_the_server(phone: Phone, server: Server, tokens: list[str]) -> None:
    page = at_the_gate(phone, server)
    before = {row.nonce for row in events_since(server.environment, set())[0]}
    medical = events_since(server.environment, set())[1]
    server.kill()
    scan(phone, page, tokens[0])
    sees(page, "go")
    expect(page.locator(".gate-verdict__source")).to_contain_text("离线核验")
    expect(page.locator("#gate-state")).to_contain_text("离线核验")
    expect(page.locator("#gate-lists")).to_contain_text("名单")
    page.click("text=放行出门")
    expect(page.locator(".gate-verdict__done")).to_contain_text("已登记放行")
    # This device saw it: the same paper a moment later.
    page.click("text=查验下一位")
    sees(page, "stop")
    expect(page.locator(".gate-verdict__reason")).to_contain_text("已使用")
    expect(page.locator(".gate-facts")).to_contain_text("已出")
    are_kept(page, 2)
    scan(phone, page, tokens[1])
    sees(page, "go")
    page.click("summary:has-text('不放行')")
    page.click("button[value=WRONG_PERSON]")
    expect(page.locator(".gate-verdict__done")).to_contain_text("已登记不放行")
    # Let through by mistake, and taken back: the worker may go a minute later.
    scan(phone, page, tokens[2])
    sees(page, "go")
    page.click("text=放行出门")
    page.click("text=撤销放行")
    expect(page.locator(".gate-verdict__done")).to_contain_text("已撤销放行")
    scan(phone, page, tokens[2])
    sees(page, "go")
    are_kept(page, 6)
    phone.sees()
    page.goto(f"{phone.url}/gate")
    type_number(page, "310115000001")
    expect(page.locator("[data-error]")).to_contain_text("编号不对")
    page.click("a[data-does=medical]")
    page.click("text=放行并登记")
    expect(page.locator(".gate-verdict__reason")).to_contain_text("已放行并登记")
    # The battery is flat with everything still to be uploaded.
    phone.kill()
    page = phone.open()
    page.goto(f"{phone.url}/gate")
    expect(page.locator("#gate-queue")).to_contain_text("待上传 8 条")
    # Nothing a person could be known by lies there in clear, and no pass.
    kept = page.evaluate(EVERYTHING)
    names = [parse(token).claims.payload.name for token in tokens[:3]]
    assert [text for text in (*tokens[:3], *names, *map(hand_typed, tokens[:3])) if text in kept] == []
    page.context.clear_cookies()  # whether a killed browser still has its session's is a matter of seconds
    server.start()
    expect(page.locator("#gate-sign-in")).to_be_visible(timeout=30_000)
    hand_over(phone, page, server)
    scans, exits = events_since(server.environment, before)
    assert [row.action for row in scans] == [
        "let_through", "checked", "refused", "let_through", "annulled", "checked", "failed", "medical",
    ]  # fmt: skip
    assert exits == medical + 1
    assert len({row.nonce for row in scans}) == len(scans)
    assert all(row.is_offline and row.clock == "good" for row in scans)
    assert not phone.faults


def hand_typed(token: str) -> str:
    """The number of a pass."""
    return parse(token).claims.payload.number


def test_what_is_old_or_doubtful_lets_nobody_through(phone: Phone, server: Server, tokens: list[str]) -> None:
    page = at_the_gate(phone, server)
    server.kill()
    for hours, verdict, words in ((5, "wait", "只能请核"), (20, "stop", "不能放行")):
        phone.sees(tokens[3])
        wait_dark(page, hours)
        page.goto(f"{phone.url}/gate")
        sees(page, verdict)
        expect(page.locator("#gate-lists")).to_contain_text(words)
        expect(page.locator("[data-does=release]")).to_have_count(0)
    page.click("text=查验下一位")
    phone.sees()
    page.goto(f"{phone.url}/gate")
    page.click("a[data-does=medical]")
    page.click("text=放行并登记")
    expect(page.locator(".gate-verdict__reason")).to_contain_text("已放行并登记")


def test_a_clock_that_went_back_gives_no_green(phone: Phone, server: Server, tokens: list[str]) -> None:
    page = at_the_gate(phone, server)
    server.kill()
    phone.sees(tokens[3])
    wait_dark(page, -2)
    page.goto(f"{phone.url}/gate")
    sees(page, "wait")
    expect(page.locator("#gate-lists")).to_contain_text("本机时间存疑")
    server.start()
    # It comes back by itself, and the server's time ends the doubt.
    expect(page.locator("#gate-state")).to_contain_text("联网")
    expect(page.locator("#gate-lists")).not_to_contain_text("存疑")


def wait_dark(page: Page, hours: float) -> None:
    """Let the phone lie switched off for some hours: its own clock has gone on when it is looked at again."""
    elsewhere = f"{page.url.split('/gate')[0]}/elsewhere"  # of the same origin, without the page's script
    page.route(elsewhere, lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto(elsewhere)
    kept = page.evaluate(STORE, ["meta", "clock", None])
    page.evaluate(STORE, ["meta", "clock", {"wall": kept["wall"] - hours * HOUR}])


#: One life of the phone: writes scans from number `first` on until it is killed, and uploads in between.
LIFE = """async ([first, gate]) => {
  const base = document.querySelector('script[src*="/gate.js"]').src.replace(/gate\\.js$/, '');
  const { Store } = await import(base + 'store.js');
  const { Seal } = await import(base + 'seal.js');
  const { Queue } = await import(base + 'queue.js');
  const { Link } = await import(base + 'link.js');
  const store = await Store.open('resume-gate-trial');
  const queue = new Queue(store, await Seal.of(store));
  const link = new Link();
  link.csrf = document.querySelector('input[name=csrf_token]').value;
  let asked = 0;
  const send = async (scans) => {
    asked += 1;
    if (asked % 3 === 0) return null;                         // never got there
    const results = await link.upload(scans.slice(0, 20));
    return asked % 3 === 1 ? results : null;                  // got there, and nobody heard the answer
  };
  window.kept = first;
  window.upload = () => queue.upload(gate, send);
  window.left = () => queue.waiting(gate).then(({ own }) => own);
  const nonce = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const at = new Date().toISOString();
  (async () => {
    while (window.kept < 500) {
      const n = window.kept;
      const failed = { presented: 'trial', verdict: 'red', code: 'MALFORMED', action: 'failed' };
      await queue.append({ nonce: nonce(n), lane: 'out', at, device_at: at, clock: 'good', ...failed }, gate);
      window.kept = n + 1;
      if (n % 25 === 0) window.upload();
    }
  })();
}"""


def test_five_hundred_scans_ten_flat_batteries_and_a_bad_network(phone: Phone, server: Server) -> None:
    """F11: each of 500 scans is on the server once, whatever was killed when."""
    page = at_the_gate(phone, server)
    before = {row.nonce for row in events_since(server.environment, set())[0]}
    gate = page.evaluate(STORE, ["meta", "package", None])["package"]["gate"]["id"]
    assert phone.context is not None
    cookies = phone.context.cookies()
    kept = 0
    for life in range(11):
        if life:
            phone.kill()
            page = phone.open()
            assert phone.context is not None
            phone.context.add_cookies(cookies)
            page.goto(f"{phone.url}/gate")
        expect(page.locator("html[data-gate]")).to_have_count(1)
        page.evaluate(LIFE, [kept, gate])
        wanted = min(500, kept + 48) if life < 10 else 500
        while (kept := page.evaluate("window.kept")) < wanted:
            page.wait_for_timeout(10)
    for _ in range(60):
        page.evaluate("window.upload()")
        if not page.evaluate("window.left()"):
            break
    scans, _exits = events_since(server.environment, before)
    assert len(scans) == 500
    assert len({row.nonce for row in scans}) == 500
    counters = [row.counter for row in scans]
    assert len(set(counters)) == 500
    assert [row.nonce.int & 0xFFFF_FFFF_FFFF for row in scans] == [int(f"{n:012d}", 16) for n in range(500)]
