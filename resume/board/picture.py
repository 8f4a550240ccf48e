"""The firm's pictures: where the lines of its curve and the parts of its bar stand. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from resume.clock import shanghai_date
from resume.roster.outlook import Day

WIDTH, HEIGHT = 380, 262
LEFT, RIGHT, TOP, BOTTOM = 42, 334, 38, 192
_APART = 17
"""Units of the picture; a number at the end of a line needs that much height."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its points as SVG writes them, the number at its end and the height where that is written.

    `peak`: where its highest number is written (x, y, number); None where that is the one at the end.
    """

    points: str
    last: int
    label_y: float
    peak: tuple[float, float, int] | None


@dataclass(frozen=True, slots=True)
class Curve:
    """Both lines over the days of `days`, of which the first is today.

    `ticks`: (x, day, number of the day in its month). `grid`: (y, number of workers), from nought up to a
    round number not below any day's.
    """

    days: Sequence[Day]
    in_hand: Line
    if_sampled: Line
    ticks: Sequence[tuple[float, datetime, int]]
    grid: Sequence[tuple[float, int]]


def draw(days: Sequence[Day]) -> Curve:
    """The curve of at least two days in order."""
    top = round_above(max(max(day.in_hand, day.if_sampled) for day in days))
    step = (RIGHT - LEFT) / (len(days) - 1)
    across = [round(LEFT + step * number, 1) for number in range(len(days))]

    def height(count: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * count / top, 1)

    def line(counts: Sequence[int], label_y: float) -> Line:
        points = " ".join(f"{x:g},{height(count):g}" for x, count in zip(across, counts, strict=True))
        most = max(counts)
        # Of equal days the last, in from the right-hand edge; a number needs room on both sides.
        where = min(across[len(counts) - 1 - counts[::-1].index(most)], RIGHT - _APART)
        peak = (where, height(most) - 6, most) if most > counts[-1] else None
        return Line(points, counts[-1], label_y, peak)

    upper, lower = _labels(height(days[-1].if_sampled), height(days[-1].in_hand))
    return Curve(
        days=days,
        in_hand=line([day.in_hand for day in days], lower),
        if_sampled=line([day.if_sampled for day in days], upper),
        ticks=[(x, day.at, shanghai_date(day.at).day) for x, day in zip(across, days, strict=True)],
        grid=[(height(count), count) for count in (0, top // 2, top)],
    )


BAR_WIDTH, BAR_HEIGHT = 380, 40
_LEAST_PART, _LEAST_LABEL = 6, 30
"""Units of the picture: the narrowest part that is seen, and one that holds its number."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bar: which, how many, from where and how wide; whether its number fits into it."""

    name: str
    count: int
    x: float
    width: float

    @property
    def has_label(self) -> bool:
        return self.width >= _LEAST_LABEL

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


def stack(counts: Mapping[str, int]) -> list[Part]:
    """A bar of all that are counted, in the order given: no part of nought, and none too small to be seen."""
    shown = {name: count for name, count in counts.items() if count > 0}
    total = sum(shown.values())
    least = min(_LEAST_PART, BAR_WIDTH / max(1, len(shown)))
    free = BAR_WIDTH - least * len(shown)
    parts, x = [], 0.0
    for name, count in shown.items():
        width = least + free * count / total
        parts.append(Part(name, count, round(x, 1), round(width, 1)))
        x += width
    return parts


def round_above(count: int) -> int:
    """The least of 2, 4, 6, 10, 20, 40, 60, 100 ... that is not below the count: its half is whole."""
    scale = 1
    while True:
        for number in (2, 4, 6, 10):
            if number * scale >= count:
                return number * scale
        scale *= 10


def _labels(upper: float, lower: float) -> tuple[float, float]:
    """Heights of both numbers, moved apart where the ends of the lines are close.

    Who is eligible without a new sample is so with one: the line of those sampled ends above or equal.
    """
    if lower - upper >= _APART:
        return upper, lower
    middle = min((upper + lower) / 2, BOTTOM - _APART / 2)
    return round(middle - _APART / 2, 1), round(middle + _APART / 2, 1)
