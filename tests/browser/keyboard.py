"""A reader without a mouse: Tab, Shift+Tab, Enter, Space, arrows and letters, nothing else.

At every step the focus must be seen: on the screen, and drawn otherwise than without it. What is wrong is
raised at once, with the place.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

#: The looks of what has the focus, and whether it is on the screen; and whether what had it before looks the
#: same at rest. A box that is ticked is drawn by its label.
_STEP = """() => {
  const looks = element => {
    const pieces = [element, ...(element.labels ?? [])];
    return pieces.flatMap(piece => [null, '::before', '::after'].map(pseudo => {
      const style = getComputedStyle(piece, pseudo);
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
              style.backgroundColor, style.borderColor, style.borderWidth].join();
    })).join(';');
  };
  const before = window.keyboardBefore;
  let unseen = '';
  if (before && before.element.isConnected && before.element !== document.activeElement
      && looks(before.element) === before.looks) {
    unseen = before.element.outerHTML.slice(0, 160);
  }
  const element = document.activeElement;
  if (!element || element === document.body) { window.keyboardBefore = null; return {unseen, where: ''}; }
  window.keyboardBefore = {element, looks: looks(element)};
  const isShown = [element, ...(element.labels ?? [])].some(piece => {
    const box = piece.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0
      && box.top < innerHeight && box.left < innerWidth;
  });
  return {unseen, where: element.outerHTML.slice(0, 160), isShown};
}"""


class Keyboard:
    """Works one page; the page is opened by links and buttons alone, but for the first address."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab(self, *, back: bool = False) -> str:
        """One step; what has the focus now, empty for the page itself (between its end and its beginning)."""
        self.page.keyboard.press("Shift+Tab" if back else "Tab")
        step = self.page.evaluate(_STEP)
        assert not step["unseen"], f"the focus is not drawn: {step['unseen']}"
        assert not step["where"] or step["isShown"], f"the focus is not on the screen: {step['where']}"
        return str(step["where"])

    def to(self, wanted: str | Locator, *, at_most: int = 400, back: bool = False) -> None:
        """Tab until the first element that is meant has the focus."""
        locator = self.page.locator(wanted) if isinstance(wanted, str) else wanted
        seen = []
        for _step in range(at_most):
            if self.has_focus(locator.first):
                return
            seen.append(self.tab(back=back))
        raise AssertionError(f"{wanted} is not reached; last: {seen[-5:]}")

    def has_focus(self, locator: Locator) -> bool:
        return locator.count() > 0 and bool(
            locator.first.evaluate("element => element === document.activeElement")
        )

    def press(self, wanted: str | Locator, key: str = "Enter", *, back: bool = False) -> None:
        """Tab to a control and press a key on it."""
        self.to(wanted, back=back)
        self.page.keyboard.press(key)

    def follow(self, wanted: str | Locator, *, back: bool = False) -> None:
        """Tab to a link or button, press Enter, and wait for the page it leads to."""
        self.to(wanted, back=back)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def write(self, wanted: str | Locator, text: str) -> None:
        """Tab to a box and type over what is in it."""
        self.to(wanted)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def choose_file(self, wanted: str, file: Path) -> None:
        """Tab to the box of a file. The system's own picker, which Enter opens there, cannot be driven."""
        self.to(wanted)
        self.page.locator(wanted).set_input_files(str(file))

    def expect_focus(self, wanted: str) -> None:
        """The page has put the focus there by itself, and what htmx brought has settled."""
        expect(self.page.locator(wanted).first).to_be_focused()
        expect(self.page.locator(".htmx-added, .htmx-swapping, .htmx-settling")).to_have_count(0)
        expect(self.page.locator(wanted).first).to_be_focused()

    def around(self, *, at_most: int = 400) -> int:
        """Through a page just opened to its end, and a few steps back; how many stops. No trap: it ends."""
        first, stops = self.tab(), 1
        while (where := self.tab()) and where != first:
            stops += 1
            assert stops < at_most, f"no end: {where}"
        for _step in range(5):
            self.tab(back=True)
        return stops
