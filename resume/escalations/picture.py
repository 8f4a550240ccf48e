"""The picture of gates that refuse often: a bar a gate, the percent of good passes refused. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resume.escalations.lifecycle import Outcome
from resume.escalations.often import GateTally

WIDTH, ROW, TOP, LEFT, RIGHT = 460, 46, 8, 8, 396
MOST = 8  # bars
_DAYS = 30
#: The parts of a bar from left to right.
PARTS = (Outcome.RELEASED.value, Outcome.UPHELD.value, "")


@dataclass(frozen=True, slots=True)
class Bar:
    """One gate: its name at height `y`, the parts of its bar (outcome, x, width), where its number stands."""

    name: str
    y: int
    parts: Sequence[tuple[str, float, float]]
    label_x: float
    percent: float


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars, the height of the picture, and where the line of the threshold stands (percent)."""

    rows: Sequence[Bar]
    height: int
    threshold_x: float
    threshold: int


def draw(gates: Sequence[GateTally], *, percent: int) -> Bars | None:
    """The first gates over 30 days, on a scale that holds them all; None where nothing is to be drawn."""
    shown = [one for one in gates if one.windows[_DAYS].refused][:MOST]
    if not shown:
        return None
    top = max([percent * 2.0, *(one.windows[_DAYS].percent for one in shown)])
    scale = (RIGHT - LEFT) / top
    rows = []
    for number, one in enumerate(shown):
        tally, x, parts = one.windows[_DAYS], float(LEFT), []
        for outcome in PARTS:
            width = 100 * tally.count(outcome) / tally.presented * scale
            if width:
                parts.append((outcome, round(x, 1), round(width, 1)))
            x += width
        rows.append(Bar(one.gate.name, TOP + number * ROW, parts, round(x + 6, 1), tally.percent))
    return Bars(rows, TOP + len(rows) * ROW + 6, round(LEFT + percent * scale, 1), percent)
