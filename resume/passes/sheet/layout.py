"""Where things stand on the A5 sheet: the one source for template, fill and read-back.

Millimetres from the top left corner; sizes in points. Read-back finds a printed field by
its place, so a change here is a new layout: sheets already handed out must still be read.
"""

from dataclasses import dataclass
from typing import Literal

PAGE_WIDTH, PAGE_HEIGHT = 148.0, 210.0
POINTS_PER_MM = 72 / 25.4
PAGE_POINTS = (round(PAGE_WIDTH * POINTS_PER_MM, 2), round(PAGE_HEIGHT * POINTS_PER_MM, 2))

INK = (0x1A, 0x1F, 0x26)
GO = (0x0B, 0x6E, 0x3B)
WHITE = (0xFF, 0xFF, 0xFF)


@dataclass(frozen=True, slots=True)
class Slot:
    """A box that one text fills: shrunk from `size` to `least` until it fits, wrapped by lines."""

    x: float
    y: float
    width: float
    height: float
    size: float
    least: float = 4.5
    is_bold: bool = False
    align: Literal["left", "centre"] = "left"
    colour: tuple[int, int, int] = INK


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the facts: labels left, the slot `key` right of them."""

    key: str
    zh: str
    en: str
    y: float
    height: float


QR = Slot(x=93.0, y=27.5, width=45.0, height=45.0, size=0)
BOX_X, BOX_SIDE, BOX_PITCH = 102.0, 5.2, 6.15  # one-use boxes on the strip
STRIP_ROWS = {"exit": 131.0, "entry": 142.0}
STRIP_HEIGHT = 11.0


def _rows() -> tuple[Row, ...]:
    listed = (
        ("name", "姓名", "Name", 14.0),
        ("document", "证件", "Document", 8.5),
        ("firm", "单位", "Firm", 14.0),
        ("origin", "来自", "From", 11.5),
        ("destination", "去往", "To", 11.5),
        ("direction", "方向、次数", "Direction, uses", 8.5),
        ("pcr_sampled_at", "核酸采样", "PCR sampled", 7.8),
        ("building_clear_since", "楼内无阳性自", "Building clear since", 7.8),
        ("valid_from", "有效期自", "Valid from", 7.8),
        ("valid_to", "有效期至", "Valid to", 7.8),
    )
    top, rows = 26.0, []
    for key, zh, en, height in listed:
        rows.append(Row(key, zh, en, round(top, 2), height))
        top += height
    return tuple(rows)


ROWS = _rows()
_SIZES = {"name": 17.0, "firm": 10.5}


def _slots() -> dict[str, Slot]:
    slots = {
        row.key: Slot(
            x=33.0,
            y=row.y + 0.5,
            width=55.5,
            height=row.height - 1.0,
            size=_SIZES.get(row.key, 9.5),
            is_bold=row.key == "name",
        )
        for row in ROWS
    }
    slots["profile"] = Slot(92.0, 12.2, 46.0, 6.4, 9.5, colour=WHITE, align="centre")
    slots["number"] = Slot(91.0, 75.0, 49.0, 6.4, 13.0, is_bold=True, align="centre")
    slots["good_until"] = Slot(93.0, 97.2, 45.0, 11.0, 10.5, is_bold=True, align="centre", colour=GO)
    for key, top in STRIP_ROWS.items():
        slots[f"{key}_gate"] = Slot(29.0, top + 0.6, 71.0, STRIP_HEIGHT - 1.2, 9.5)
    slots["issuing_organ"] = Slot(106.0, 165.8, 22.0, 9.6, 8.0, is_bold=True, align="centre")
    slots["issued_on"] = Slot(106.0, 175.4, 22.0, 4.6, 7.0, align="centre")
    slots["hotline"] = Slot(26.0, 194.8, 50.0, 5.0, 9.5, is_bold=True)
    return slots


SLOTS = _slots()
