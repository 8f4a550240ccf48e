"""The closed loop as a picture: gate -> buffer -> lodging <-> production, isolation aside. Pure.

Places are in the picture's own units, 360 wide, so that on a phone a unit is a pixel and the text stays text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _

from resume.plans.sections.zones import COLOUR_NAMES, KINDS

WIDTH = 360
_MAIN, _ASIDE = (8, 206), (246, 106)  # left edge and width of the two columns
_HEIGHT, _GAP = 76, 34
_ORDER = ("gate", "buffer", "lodging", "production", "office")
_MOST_NAME = {True: 13, False: 6}  # characters of a name that a box holds
#: Fill, edge: light enough for dark text (7:1); the colour's word is always written.
_PAINT = {
    "green": ("#e3f2e9", "#0b6e3b"),
    "blue": ("#e2edf8", "#0b57a4"),
    "yellow": ("#fff4d6", "#8a5a00"),
    "red": ("#fbe4e5", "#b3141c"),
    "": ("#eef1f4", "#5b6470"),
}


@dataclass(frozen=True, slots=True)
class Area:
    """All areas of one use: names, colours (words), people and room; None where a number is not given."""

    kind: str
    title: str
    names: tuple[str, ...]
    colours: tuple[str, ...]
    people: int | None
    capacity: int | None

    @property
    def colour_words(self) -> str:
        return "、".join(str(COLOUR_NAMES[colour]) for colour in self.colours)

    @property
    def name_words(self) -> str:
        return "、".join(self.names) or "—"

    @property
    def counts(self) -> str:
        """20 / 40: as `count_words`, where there is no room for the unit."""
        return f"{_number(self.people)} / {_number(self.capacity)}"

    @property
    def count_words(self) -> str:
        """20 / 40 人: how many are there, how many there is room for."""
        return str(
            _("%(people)s / %(capacity)s 人", people=_number(self.people), capacity=_number(self.capacity))
        )


@dataclass(frozen=True, slots=True)
class Box:
    """An area where it is drawn: left, top, width, height; `fill` and `edge` its paint."""

    area: Area
    x: int
    y: int
    width: int
    height: int

    @property
    def fill(self) -> str:
        return _PAINT[self.area.colours[0] if self.area.colours else ""][0]

    @property
    def edge(self) -> str:
        return _PAINT[self.area.colours[0] if self.area.colours else ""][1]

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def short_name(self) -> str:
        most, name = _MOST_NAME[self.width > 150], self.area.name_words
        return name if len(name) <= most else name[: most - 1] + "…"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line between two boxes; `is_both`: a way there and back; `is_aside`: only for somebody found ill."""

    x1: int
    y1: int
    x2: int
    y2: int
    is_both: bool = False
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """The whole picture; `areas` in the order of its table."""

    areas: tuple[Area, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    height: int

    @property
    def description(self) -> str:
        """The picture in one sentence, for whoever does not see it."""
        return "；".join(
            f"{area.title}（{area.colour_words or '—'}）{area.count_words}" for area in self.areas
        )


def loop_of(rows: Sequence[Mapping[str, Any]]) -> Loop | None:
    """The picture of a plan's areas (rows of the section `zones`); None where none is named."""
    areas = tuple(area for kind, title in KINDS if (area := _area(kind, str(title), rows)) is not None)
    if not areas:
        return None
    by_kind = {area.kind: area for area in areas}
    main = [by_kind[kind] for kind in _ORDER if kind in by_kind]
    boxes = [
        Box(area, _MAIN[0], 8 + place * (_HEIGHT + _GAP), _MAIN[1], _HEIGHT)
        for place, area in enumerate(main)
    ]
    arrows = [_down(upper, lower) for upper, lower in pairwise(boxes)]
    bottom = boxes[-1].y + _HEIGHT if boxes else 8
    if "isolation" in by_kind:
        aside = _aside(by_kind["isolation"], boxes)
        arrows += [
            Arrow(box.x + box.width, _meet(box, aside), aside.x, _meet(box, aside), is_aside=True)
            for box in boxes
            if box.area.kind in ("buffer", "lodging", "production") and _overlap(box, aside)
        ]
        boxes.append(aside)
        bottom = max(bottom, aside.y + aside.height)
    return Loop(areas, tuple(boxes), tuple(arrows), bottom + 8)


def _area(kind: str, title: str, rows: Sequence[Mapping[str, Any]]) -> Area | None:
    mine = [row for row in rows if row.get("kind") == kind]
    if not mine:
        return None
    colours = [key for key in COLOUR_NAMES if any(row.get("colour") == key for row in mine)]
    names = tuple(str(row["name"]) for row in mine if row.get("name"))
    return Area(kind, title, names, tuple(colours), _sum(mine, "people"), _sum(mine, "capacity"))


def _sum(rows: Sequence[Mapping[str, Any]], field: str) -> int | None:
    """Together; not known where one of them is not known."""
    values = [row.get(field) for row in rows]
    return None if None in values else sum(value for value in values if value is not None)


def _number(value: int | None) -> str:
    return "？" if value is None else str(value)


def _down(upper: Box, lower: Box) -> Arrow:
    is_both = upper.area.kind in ("lodging", "production")
    return Arrow(upper.middle, upper.y + upper.height, lower.middle, lower.y, is_both=is_both)


def _aside(area: Area, boxes: Sequence[Box]) -> Box:
    """Beside the buffer and what follows, as tall as they are."""
    beside = [box for box in boxes if box.area.kind in ("buffer", "lodging", "production")]
    if not beside:
        return Box(area, _ASIDE[0], 8, _ASIDE[1], _HEIGHT)
    top, bottom = beside[0].y, beside[-1].y + _HEIGHT
    return Box(area, _ASIDE[0], top, _ASIDE[1], bottom - top)


def _meet(box: Box, aside: Box) -> int:
    return min(max(box.y + box.height // 2, aside.y), aside.y + aside.height)


def _overlap(box: Box, aside: Box) -> bool:
    return box.y < aside.y + aside.height and aside.y < box.y + box.height
