"""What else waits at a street's desk: slices above this one say it, each with the way to its own page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from resume.refusals import Text


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the desk: how many, of what, where. `kind` colours it: stop, wait or none."""

    count: int
    text: Text
    href: str | None
    kind: str | None = None


#: `(district_code, street, at)` -> what waits there; a fixed number of statements.
Source = Callable[[str, str, datetime], Sequence[Duty]]

_sources: dict[str, Source] = {}


def duties_from(name: str) -> Callable[[Source], Source]:
    """Register the function that says what of `name` waits at a desk."""

    def register(source: Source) -> Source:
        _sources[name] = source
        return source

    return register


def duties_at(district_code: str, street: str, at: datetime) -> list[Duty]:
    """What waits at this desk, of every slice that told so, in their names' order."""
    return [duty for name in sorted(_sources) for duty in _sources[name](district_code, street, at)]
