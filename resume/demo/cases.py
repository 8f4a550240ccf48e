"""The positives of the fortnight, as the daily feed of cases tells of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from resume.clock import iso
from resume.demo.city import City
from resume.demo.feeds import Line
from resume.demo.moments import NOW, ROUNDS, apr
from resume.demo.people import Condition, Person
from resume.places.register import Place

_FIRST_DAY, _LAST_DAY = 8, 22
_EXCLUDED = ("re_positive", "found_in_isolation")


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One positive. `transferred_at` is told by a later line under the same id."""

    case_id: str
    kind: str
    place: Place
    unit: str
    reported_at: datetime
    transferred_at: datetime | None
    excluded: str = ""
    supersedes: str = ""

    def line(self, *, is_transferred: bool) -> Line:
        """The case as first reported, or completed."""
        moved = self.transferred_at if is_transferred else None
        return {
            "case_id": self.case_id,
            "kind": self.kind,
            "place_code": self.place.place_code,
            "unit": self.unit,
            "reported_at": iso(self.reported_at),
            "transferred_at": iso(moved) if moved else "",
            "disinfected_at": "",
            "excluded": self.excluded,
            "supersedes": self.supersedes,
        }


def make_cases(city: City, people: Iterable[Person], positives: int, rng: Random) -> list[DemoCase]:
    """About `positives` cases in the hot buildings, those of the workers found positive among them."""
    found = [
        _case(number, person.home, ROUNDS[4].ends_at, rng)
        for number, person in enumerate(_positive(people), 1)
    ]
    for number in range(len(found) + 1, positives + 1):
        found.append(_case(number, rng.choice(city.hot), _reported_at(rng), rng))
    return sorted(found, key=lambda case: (case.reported_at, case.case_id))


def _positive(people: Iterable[Person]) -> Iterator[Person]:
    return (person for person in people if person.condition is Condition.POSITIVE)


def _reported_at(rng: Random) -> datetime:
    """More in the first days than in the last."""
    day = min(rng.randrange(_FIRST_DAY, _LAST_DAY), rng.randrange(_FIRST_DAY, _LAST_DAY))
    return apr(day, rng.randrange(24), rng.randrange(60))


def _case(number: int, place: Place, reported_at: datetime, rng: Random) -> DemoCase:
    transferred_at = reported_at + timedelta(hours=rng.randrange(6, 44))
    return DemoCase(
        case_id=f"YX{number:05d}",
        kind="confirmed" if rng.random() < 0.1 else "asymptomatic",
        place=place,
        unit=f"{rng.randrange(1, 4)}单元" if place.has_units else "",
        reported_at=reported_at,
        transferred_at=transferred_at if transferred_at < NOW - timedelta(hours=2) else None,
        excluded=rng.choice(_EXCLUDED) if rng.random() < 0.05 else "",
    )


def daily_lines(cases: Sequence[DemoCase]) -> dict[datetime, list[Line]]:
    """The feed of each morning, 08:00: what was reported since the last one, and who was taken away."""
    feeds: defaultdict[datetime, list[Line]] = defaultdict(list)
    for case in cases:
        told_at = _next_feed(case.reported_at)
        moved_at = _next_feed(case.transferred_at) if case.transferred_at else None
        feeds[told_at].append(case.line(is_transferred=moved_at == told_at))
        if moved_at is not None and moved_at != told_at:
            feeds[moved_at].append(case.line(is_transferred=True))
    return dict(feeds)


def corrections(cases: Sequence[DemoCase], city: City, rng: Random) -> list[Line]:
    """Three cases that were booked to the wrong building, moved by a new id."""
    early = [case for case in cases if apr(15) < case.reported_at < apr(18) and case.transferred_at]
    return [
        replace(
            case, case_id=f"{case.case_id}-G", place=rng.choice(city.hot), unit="", supersedes=case.case_id
        ).line(is_transferred=True)
        for case in early[:3]
    ]


def _next_feed(moment: datetime) -> datetime:
    feed = moment.replace(hour=8, minute=0)
    return feed if moment <= feed else feed + timedelta(days=1)
