"""Walking through the pages of a reader as a reader does, by their links; what a look at each page finds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

from resume.settings import ROOT

_AXE = (ROOT / "static/vendor/axe.min.js").read_text(encoding="utf-8")
#: Only what is wrong comes back: all that is right is long on a page of fifty rows.
_RUN_AXE = """axe.run({resultTypes: ['violations'], preload: false}).then(found =>
  found.violations.map(rule =>
    rule.id + ' ' + rule.nodes.slice(0, 3).map(node => node.target.join(' ')).join(', ')))"""
#: Where a page is looked at: at a desk and on a phone (width, height).
SIZES = ((1280, 900), (390, 844))
#: Not pages: files to download, and what machines read.
_FILES = re.compile(r"\.(pdf|zip|csv|xlsx)$|/keys\.cwt$|/status(/|$)")
#: A link that leads to another row, page or filter of the same list: one of each kind is enough.
_SAME_KIND = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+[0-9A-Z]?(?=/|$)")


@dataclass
class Walk:
    """One reader's browser; `faults` is everything wrong that was seen, each line with its address.

    `opened`: the paths of all pages that were looked at.
    """

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.said.append(f"Error: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        """Errors and warnings, among them what the CSP refused; a page that is refused on purpose is fine."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.said.append(message.text)

    def through(self, starts: list[str], *, left_out: str = "") -> list[str]:
        """Look at `starts` and at one page of each kind that links lead to; the paths, in order.

        `left_out`: a pattern of paths that are not followed.
        """
        waiting, seen, paths = list(starts), set[str](), list[str]()
        while waiting:
            path = waiting.pop(0)
            if kind_of(path) in seen or (left_out and path not in starts and re.match(left_out, path)):
                continue
            seen.add(kind_of(path))
            paths.append(path)
            self.look_at(path)
            waiting += self._links()
        return paths

    def look_at(self, path: str) -> None:
        """Open one page and note what is wrong with it."""
        self.page.goto(f"{self.url}{path}")
        self.look(path)

    def look(self, label: str) -> None:
        """Note what is wrong with the page as it stands, at every size: axe, headings, width, console."""
        page = self.page
        self.opened.add(urlsplit(page.url).path)
        if page.locator("h1").count() != 1:
            self.faults.append(f"{label}: not one h1")
        if not page.evaluate("'axe' in window"):
            page.evaluate(_AXE)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                self.faults.append(f"{label}: wider than {width}")
            self.faults += [f"{label} ({width}): {found}" for found in page.evaluate(_RUN_AXE)]
        self.faults += [f"{label}: {line}" for line in self.said]
        self.said.clear()

    def _links(self) -> list[str]:
        hrefs: list[str] = self.page.eval_on_selector_all(
            "a[href]:not([download])", "links => links.map(link => link.href)"
        )
        own = [href.removeprefix(self.url) for href in hrefs if href.startswith(f"{self.url}/")]
        return [path for path in own if "#" not in path and not _FILES.search(path.partition("?")[0])]


def kind_of(path: str) -> str:
    """Pages of one kind have one name: ids and the values of a query are left out."""
    place, _, query = path.partition("?")
    return _SAME_KIND.sub("*", place) + "?" + "&".join(sorted(re.findall(r"(\w+)=", query)))
