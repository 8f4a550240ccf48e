"""A guard's phone and the server it may lose: a Chromium that keeps what it stores, a server to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, ViewportSize, expect
from sqlalchemy import select

from resume.db import reading
from resume.gate.models import MedicalExit, Scan
from resume.passes.models import Pass
from resume.passes.sheets import token_text
from resume.places.models import Building, Gate
from tests.browser.camera import blank, fake_camera, picture_of_text, write_film
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Served, home_of, wait_until_up
from tests.browser.people import pass_second_factor, secrets_of

GUARD = "guard-home"
PHONE: ViewportSize = {"width": 390, "height": 844}


def in_store(arguments: str, body: str) -> str:
    """A script that works on the device's store `db`, as nobody but a test does."""
    return f"""async ({arguments}) => {{
      const heard = (asked) => new Promise((ok) => {{ asked.onsuccess = () => ok(asked.result); }});
      const db = await heard(indexedDB.open('resume-gate'));
      try {{ {body} }} finally {{ db.close(); }}
    }}"""


#: Reads a value, and writes it with changes.
STORE = in_store(
    "[kind, key, change]",
    """
  const rows = db.transaction(kind, 'readwrite').objectStore(kind);
  const value = await heard(rows.get(key));
  if (change) await heard(rows.put({ ...value, ...change }, key));
  return value;
""",
)
#: How many scans wait on the device.
WAITING = in_store("", "return await heard(db.transaction('queue').objectStore('queue').count());")
#: All that the device stores, as text: bytes too, as far as they are letters.
EVERYTHING = in_store(
    "",
    """
  const text = (key, value) => {
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
    return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : value;
  };
  const kinds = [...db.objectStoreNames];
  const rows = kinds.map((kind) => heard(db.transaction(kind).objectStore(kind).getAll()));
  const local = JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
  return JSON.stringify(await Promise.all(rows), text) + local;
""",
)


@dataclass
class Server:
    """`resume run`, which may be killed and started again."""

    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.environment["RESUME_PUBLIC_URL"]

    def start(self) -> None:
        log = Path(self.environment["RESUME_HOME"]).parent / "gate-server.log"
        with log.open("ab") as out:
            command = [sys.executable, "-m", "resume", "run"]
            # A session of its own: killed with whatever it started.
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=out, stderr=out, start_new_session=True
            )
        try:
            wait_until_up(self.url, self.process)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None


@dataclass
class Phone:
    """One Chromium with a folder of its own: what it keeps outlives its end, as on a phone."""

    playwright: Playwright
    folder: Path
    url: str
    context: BrowserContext | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def film(self) -> Path:
        return self.folder / "camera.y4m"

    def sees(self, text: str = "") -> None:
        """What the camera sees from the next time it is opened; nothing: a white wall."""
        write_film(self.film, [picture_of_text(text, module=4) if text else blank()])

    def open(self) -> Page:
        self.folder.mkdir(exist_ok=True)
        if not self.film.exists():
            self.sees()
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder / "profile"),
            executable_path=CHROMIUM,
            args=[*ARGUMENTS, *fake_camera(self.film)],
            headless=True,
            viewport=PHONE,
            locale="zh-CN",
            permissions=["camera"],
        )
        page = self.context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._note)
        return page

    def _note(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def kill(self) -> None:
        """End it as a flat battery does."""
        mark = f"--user-data-dir={self.folder / 'profile'}"
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if mark in line and not any(part.startswith("--type=") for part in line):
                os.kill(int(entry.name), signal.SIGKILL)
        if self.context is not None:
            with suppress(Error):  # it is gone
                self.context.close()
            self.context = None
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self.folder / "profile" / name).unlink(missing_ok=True)


def signed_in(page: Page, url: str, name: str, password: str) -> None:
    page.goto(f"{url}/sign-in?to=/gate")
    page.fill("#name", name)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    pass_second_factor(page, name)


def at_the_gate(phone: Phone, server: Server) -> Page:
    """A guard who signed in on line, with everything on his phone."""
    page = phone.open()
    enter(page, server)
    page.goto(f"{server.url}/gate")
    ready(page)
    return page


def enter(page: Page, server: Server) -> None:
    """Sign the guard in."""
    served = Served(Path(server.environment["RESUME_HOME"]), server.url, server.environment)
    signed_in(page, server.url, GUARD, secrets_of(served, GUARD)[0])


def scan(phone: Phone, page: Page, text: str) -> None:
    """Hold a code before the camera of the page, opened anew."""
    phone.sees(text)
    page.goto(f"{phone.url}/gate")


def let_through(phone: Phone, page: Page, token: str) -> None:
    """A good pass is scanned, and its bearer goes."""
    scan(phone, page, token)
    sees(page, "go")
    page.click("text=放行出门")
    expect(page.locator(".gate-verdict__done")).to_contain_text("已登记放行")


def hand_over(phone: Phone, page: Page, server: Server) -> None:
    """The guard signs in again, and all that waited goes to the server."""
    enter(page, server)
    page.goto(f"{phone.url}/gate")
    ready(page)
    expect(page.locator("#gate-queue")).to_have_text("")


def press_keys(page: Page, text: str, *, gap: float) -> None:
    """The keys of a text and Enter, `gap` seconds apart for the page, however slow this machine is."""
    keyboard = page.context.new_cdp_session(page)
    began = time.time()
    for place, key in enumerate([*text, "Enter"]):
        event = {"key": key, "text": key, "timestamp": began + place * gap}
        if key == "Enter":
            event |= {"text": "\r", "code": "Enter", "windowsVirtualKeyCode": 13}
        keyboard.send("Input.dispatchKeyEvent", event | {"type": "keyDown"})
        keyboard.send("Input.dispatchKeyEvent", event | {"type": "keyUp", "text": ""})
    keyboard.detach()


def type_number(page: Page, number: str) -> None:
    page.click(".gate-number > summary")
    page.fill("#presented", number)
    page.click(".gate-number__line button")


def ready(page: Page) -> None:
    """The page has asked for everything once, and its service worker has taken over."""
    expect(page.locator("html[data-gate=ready]")).to_have_count(1)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def sees(page: Page, verdict: str) -> None:
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", verdict)


def are_kept(page: Page, scans: int) -> None:
    """So many scans are on the phone's disk: a verdict is on the screen before it is."""
    until = time.monotonic() + 60
    while (found := page.evaluate(WAITING)) != scans:
        assert time.monotonic() < until, f"{found} scans wait"
        page.wait_for_timeout(50)


def bearers(environment: dict[str, str], gate_id: int) -> list[str]:
    """QR texts of passes that a compound's gate lets out, also in some hours."""
    with home_of(environment):
        gate = reading().get_one(Gate, gate_id)
        buildings = select(Building.id).where(Building.compound_id == gate.compound_id)
        live = select(Pass).where(Pass.building_id.in_(buildings), Pass.is_live, ~Pass.is_suspended)
        fresh = live.where(Pass.out_at.is_(None)).order_by(Pass.good_until.desc(), Pass.number)
        return [token_text(found) for found in reading().scalars(fresh.limit(12))]


def events_since(environment: dict[str, str], before: set[Any]) -> tuple[list[Scan], int]:
    """Scans whose nonce is not in `before`, by their counter, and how many medical exits there are."""
    with home_of(environment):
        scans = reading().scalars(select(Scan).order_by(Scan.counter)).all()
        exits = len(reading().scalars(select(MedicalExit.id)).all())
        reading().expunge_all()
        return [scan for scan in scans if scan.nonce not in before], exits
