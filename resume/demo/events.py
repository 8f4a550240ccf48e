"""What happened, and when: the load lives through the fortnight in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at `at`; `happen` does it through a door."""

    at: datetime
    name: str
    happen: Callable[[], object]


def live_through(events: Iterable[Event]) -> Iterator[Event]:
    """Do everything in order of time (of two at once, the one that was listed first); each when done."""
    for event in sorted(events, key=lambda event: event.at):
        event.happen()
        yield event
