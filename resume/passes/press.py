"""What prints sheets: one press for a thread, made at first use; issuing organ, hotline, fonts."""

from __future__ import annotations

import threading

from resume.passes.sheet.render import SheetPress
from resume.passes.sheet.template import SheetFiles
from resume.printing import BOLD, REGULAR, rare_fonts
from resume.settings import ROOT

#: A fictional organ: nothing here may look like a real one's paper.
ISSUING_ORGAN = "演示市复工通行专班"
HOTLINE = "021-0000 0000"
PROFILE_NAMES = {"RTW": "返岗通行 RTW"}
DIRECTIONS = {"RTW": "出小区 1 次 → 进厂 1 次"}

_local = threading.local()


def sheet_files() -> SheetFiles:
    """The sheet's template, style and declared fonts; fonts for rare characters where installed."""
    return SheetFiles(
        templates=ROOT / "templates",
        css=ROOT / "static/sheet.css",
        regular=REGULAR,
        bold=BOLD,
        fallbacks=rare_fonts(),
    )


def press() -> SheetPress:
    """This thread's press: it is not to be shared."""
    found: SheetPress | None = getattr(_local, "press", None)
    if found is None:
        found = SheetPress(sheet_files())
        _local.press = found
    return found
