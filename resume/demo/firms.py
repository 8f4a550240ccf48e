"""Forty invented firms: the three of the story, one that employs thousands, and thirty-six more.

Codes are under the address code 319999 with subject codes of our own (DEM...), and every full name says
演示, so that no firm of the country is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random

from resume.demo.city import STORY_DISTRICT
from resume.demo.moments import BATCHES
from resume.demo.people import Person, Population
from resume.demo.sizes import Sizes
from resume.demo.words import FIRM_FIRST, FIRM_SECOND, INDUSTRIES
from resume.firms.credit_code import check_character, organisation_check_character
from resume.places.districts import DISTRICTS

OTHERS = 36


class Course(StrEnum):
    """How far a firm has come by 22 April 09:00."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECOMMENDED = "recommended"
    RETURNED = "returned"
    REFUSED = "refused"
    APPROVED = "approved"
    APPROVED_TWICE = "approved_twice"  # a second plan version, passes issued again
    EDITING = "editing"  # approved, and a second version begun
    SUSPENDED = "suspended"


@dataclass(slots=True)
class DemoFirm:
    """A firm before it is registered. `approved_at` is its first approval; `firm_id` is set when it is."""

    credit_code: str
    name: str
    short_name: str
    district_code: str
    industry: str
    course: Course
    sites: tuple[str, ...]
    staff: list[Person] = field(default_factory=list)
    approved_at: datetime | None = None
    firm_id: int = 0

    @property
    def hr(self) -> str:
        """The name by which its HR is on record."""
        return f"hr-{self.credit_code[-6:].lower()}"


@dataclass(slots=True)
class Firms:
    """All firms; the three of the story by name."""

    waiting: DemoFirm  # A: submitted, waits for review
    drafting: DemoFirm  # B: its plan is nearly complete, its list lies ready to be uploaded
    running: DemoFirm  # C: approved, its workers hold good passes
    crowd: DemoFirm
    others: list[DemoFirm]

    @property
    def all(self) -> list[DemoFirm]:
        return [self.waiting, self.drafting, self.running, self.crowd, *self.others]

    @property
    def people(self) -> list[Person]:
        return [person for firm in self.all for person in firm.staff]


_COURSES = (
    *[Course.APPROVED] * 9,
    *[Course.APPROVED_TWICE] * 8,
    *[Course.EDITING] * 7,
    *[Course.SUSPENDED] * 2,
    *[Course.SUBMITTED] * 3,
    *[Course.RECOMMENDED] * 2,
    *[Course.RETURNED] * 2,
    Course.REFUSED,
    *[Course.DRAFT] * 2,
)


def found_firms(sizes: Sizes, population: Population, rng: Random) -> Firms:
    """Firms with their staff; those of the story hire later (`staffing`)."""
    names = _names(rng)
    codes = iter(range(1, 1000))

    def firm(district: str, course: Course, sites: int) -> DemoFirm:
        return _firm(next(codes), next(names), district, course, sites, rng)

    waiting = firm(STORY_DISTRICT, Course.SUBMITTED, 2)
    drafting = firm(STORY_DISTRICT, Course.DRAFT, 2)
    running = firm(STORY_DISTRICT, Course.APPROVED, 1)
    running.approved_at = BATCHES[3]
    crowd = firm(STORY_DISTRICT, Course.APPROVED, 3)
    crowd.approved_at, crowd.staff = BATCHES[2], population.crowd(sizes.crowd)
    districts = list(DISTRICTS)
    others = []
    for place, (course, size) in enumerate(zip(_COURSES, _sizes(sizes.others), strict=True)):
        other = firm(districts[place % len(districts)], course, 1 + (place % 9 == 0))
        other.staff = population.crowd(size)
        other.approved_at = _first_batch(course, place)
        others.append(other)
    return Firms(waiting, drafting, running, crowd, others)


def _first_batch(course: Course, place: int) -> datetime | None:
    if course is Course.APPROVED_TWICE:
        return BATCHES[place % 2]
    if course in (Course.APPROVED, Course.EDITING, Course.SUSPENDED):
        return BATCHES[place % len(BATCHES)]
    return None


def _sizes(total: int) -> Sequence[int]:
    """36 sizes from 3 up, some small and a few large, `total` together."""
    weights = [1.18**place for place in range(OTHERS)]
    free = total - 3 * OTHERS
    sizes = [3 + int(free * weight / sum(weights)) for weight in weights]
    sizes[-1] += total - sum(sizes)
    # Neighbouring courses get small and large ones alike: 7 and 36 have no common divisor.
    return [sizes[place * 7 % OTHERS] for place in range(OTHERS)]


def _names(rng: Random) -> Iterator[str]:
    names = [first + second for first in FIRM_FIRST for second in FIRM_SECOND]
    rng.shuffle(names)
    return iter(names)


def _firm(serial: int, name: str, district: str, course: Course, sites: int, rng: Random) -> DemoFirm:
    trade, industry = rng.choice(INDUSTRIES)
    place = DISTRICTS[district].removesuffix("新区").removesuffix("区")
    return DemoFirm(
        credit_code=credit_code(serial),
        name=f"{name}{trade}（演示）有限公司",
        short_name=f"{name}{trade}",
        district_code=district,
        industry=industry,
        course=course,
        sites=tuple(f"{place}{number}厂" for number in "一二三四五"[:sites]),
    )


def credit_code(serial: int) -> str:
    """An invented code of ours."""
    subject = f"DEM{serial:05d}"
    body = f"91319999{subject}{organisation_check_character(subject)}"
    return body + check_character(body)
