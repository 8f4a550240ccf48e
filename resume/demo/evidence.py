"""The fortnight's feeds in their order, each through the door of intake at the time it came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random

from resume.demo import cases, feeds
from resume.demo.events import Event
from resume.demo.feeds import Line, as_csv
from resume.demo.moments import BEGIN, EARLIER, ROUNDS, Round, apr
from resume.demo.world import SEED, World
from resume.intake.operations import take_in
from resume.roles import Actor


def feed_events(world: World, *, by: Actor) -> list[Event]:
    """Every feed of the city; what comes to no line is not sent."""
    events: list[Event] = []

    def feed(name: str, at: datetime, lines: Callable[[], Iterable[Line]]) -> None:
        events.append(Event(at, f"数据 {name}", lambda: _take(name, lines(), by=by, at=at)))

    people, city = world.people, world.city
    rng = Random(SEED + 1)  # noqa: S311
    feed("tests", EARLIER.taken_at, lambda: feeds.earlier_positive_lines(people, EARLIER))
    feed("codes", apr(9, 8), lambda: feeds.green_lines(people))
    feed("reviews", apr(10, 12), lambda: feeds.former_review_lines(people))
    feed("reviews", apr(11, 16), lambda: feeds.former_review_lines(people, is_cleared=True))
    feed("zones", apr(11, 9), lambda: feeds.zone_lines(city, rng))
    for day in (12, 19):
        feed("screenings", apr(day, 21), lambda day=day: feeds.screening_lines(city, apr(day)))  # type: ignore[misc]
    feed("screenings", apr(21, 16), lambda: feeds.late_screening_lines(city))
    feed("discharges", apr(16, 12), lambda: feeds.discharge_lines(people))
    feed("zones", apr(17, 9), lambda: feeds.uplift_lines(city, rng))
    feed("cases", apr(19, 9), lambda: cases.corrections(world.cases, city, rng))
    feed("contacts", apr(20, 19), lambda: feeds.contact_lines(people))
    red, yellow = apr(20, 20), apr(21, 12)
    feed("codes", red, lambda: feeds.code_lines(people, colour="red", changed_at=red))
    feed("codes", yellow, lambda: feeds.code_lines(people, colour="yellow", changed_at=yellow))
    feed("tests", apr(21, 19), lambda: feeds.antigen_lines(people, Round("h", apr(21, 15), apr(21, 18, 50))))
    feed("reviews", apr(21, 19), lambda: feeds.review_lines(people))
    feed("tests", apr(22, 8, 30), lambda: feeds.waiting_lines(people, apr(22, 5)))
    for taken in ROUNDS:
        feed("tests", taken.taken_at, lambda taken=taken: feeds.test_lines(people, taken))  # type: ignore[misc]
    for at, lines in cases.daily_lines(world.cases).items():
        feed("cases", at, lambda lines=lines: lines)  # type: ignore[misc]
    return events


def take_places(world: World, *, by: Actor) -> None:
    """The register of places, before everything else."""
    _take("places", feeds.place_lines(world.city.places), by=by, at=BEGIN)


def _take(name: str, lines: Iterable[Line], *, by: Actor, at: datetime) -> None:
    """Take the lines in; one that is refused would be a mistake of the demo's own."""
    rows = list(lines)
    if not rows:
        return
    report = take_in(name, as_csv(rows), f"{name}-{at:%m%d-%H%M}.csv", by=by, at=at)
    if report.refused_count:
        raise AssertionError(f"the demo's own {name} feed of {at:%d %b}: {report.refused[0]}")
