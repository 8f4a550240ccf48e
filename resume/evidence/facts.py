"""From the ledger to the facts the policy asks for: any number of workers, four queries, judged in memory.

Only rows that count are read, and times are the records' own: what the policy finds at T depends on when
things were sampled, reported, opened or changed, not on when they reached us. With `known` the rows are those
that counted in what was known then (evidence.knowledge).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from resume.clock import iso
from resume.evidence.buildings import BuildingEvidence, read_buildings, read_buildings_over
from resume.evidence.knowledge import Known
from resume.evidence.persons import PersonEvidence, read_persons
from resume.evidence.reviews import read_reviews, reviews_for
from resume.evidence.samples import tests_and_conflicts
from resume.policy import Building, Code, Facts, NoPolicy, Review, policy_at

FlatmatesOf = Callable[[Collection[bytes]], Mapping[bytes, Collection[bytes]]]
"""Flats -> the number keys of those who live there, by the lists of those submitted."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A worker as evidence knows him.

    `building_id` None: his address matched no building. `flat_key` None: no room was given, so he is nobody's
    co-resident.
    """

    person_key: bytes
    number_key: bytes
    building_id: int | None
    unit: str
    flat_key: bytes | None


def facts_for(
    subjects: Sequence[Subject],
    *,
    at: datetime,
    plan: str | None,
    flatmates_of: FlatmatesOf,
    plan_ref: str | None = None,
    screening_days: int | None = None,
    known: Known | None = None,
) -> list[Facts]:
    """The facts of each subject at `at`, in the order given; four queries and one call of `flatmates_of`.

    `plan` goes into all of them as it is. `screening_days`: for how many days a complete screening makes a
    building known; None takes the value of the policy in force at `at` (NoPolicy before the first).
    `known`: None for what counts now, else for what was known then; `flatmates_of` answers for the same time.
    """
    if screening_days is None:
        screening_days = policy_at(at).profile("RTW").terms.screening_days.value
    buildings = {subject.building_id for subject in subjects if subject.building_id is not None}
    persons = read_persons({subject.person_key for subject in subjects}, at=at, known=known)
    flats = {subject.flat_key for subject in subjects if subject.flat_key is not None}
    flatmates = flatmates_of(flats) if flats else {}
    numbers = {subject.number_key for subject in subjects}.union(*flatmates.values())
    reviews = read_reviews(buildings, numbers, known=known)
    at_places = read_buildings(buildings, at=at, screening_days=screening_days, known=known)
    return [
        _facts(
            subject,
            persons[subject.person_key],
            reviews_for(
                reviews,
                number_key=subject.number_key,
                building_id=subject.building_id,
                flatmates=flatmates.get(subject.flat_key or b"", ()),
                discharges=persons[subject.person_key].discharges,
            ),
            at_places.get(subject.building_id) if subject.building_id is not None else None,
            at=at,
            plan=plan,
            plan_ref=plan_ref,
        )
        for subject in subjects
    ]


def facts_over(
    asked: Sequence[tuple[Subject, datetime, str]], *, flatmates_of: FlatmatesOf
) -> list[Facts | None]:
    """The facts of each subject at a moment of its own, with the state of a plan, by what counts now.

    Four queries and one call of `flatmates_of` for any number of subjects and moments. None where no policy
    was in force then.
    """
    days = [_screening_days(at) for _subject, at, _plan in asked]
    known = [(one, day) for one, day in zip(asked, days, strict=True) if day is not None]
    if not known:
        return [None] * len(asked)
    subjects = [subject for (subject, _at, _plan), _day in known]
    since, until = (choose(at for (_subject, at, _plan), _day in known) for choose in (min, max))
    persons = read_persons({subject.person_key for subject in subjects}, at=until)
    flats = {subject.flat_key for subject in subjects if subject.flat_key is not None}
    flatmates = flatmates_of(flats) if flats else {}
    numbers = {subject.number_key for subject in subjects}.union(*flatmates.values())
    buildings = {subject.building_id for subject in subjects if subject.building_id is not None}
    reviews = read_reviews(buildings, numbers)
    most = max(day for _one, day in known)
    places = read_buildings_over(buildings, since=since, until=until, screening_days=most)
    found: list[Facts | None] = []
    for (subject, at, plan), day in zip(asked, days, strict=True):
        if day is None:
            found.append(None)
            continue
        person = persons[subject.person_key]
        met = reviews_for(
            reviews,
            number_key=subject.number_key,
            building_id=subject.building_id,
            flatmates=flatmates.get(subject.flat_key or b"", ()),
            discharges=person.discharges,
        )
        home = subject.building_id
        place = None if home is None else places.at(home, at, screening_days=day)
        found.append(_facts(subject, person, met, place, at=at, plan=plan, plan_ref=None))
    return found


def _screening_days(at: datetime) -> int | None:
    try:
        return policy_at(at).profile("RTW").terms.screening_days.value
    except NoPolicy:
        return None


def _facts(
    subject: Subject,
    person: PersonEvidence,
    reviews: Sequence[Review],
    place: BuildingEvidence | None,
    *,
    at: datetime,
    plan: str | None,
    plan_ref: str | None,
) -> Facts:
    tests, conflicts = tests_and_conflicts(person.samples, person.tubes)
    contact = person.contact_at(at)
    discharged = [moment for moment in person.discharges if moment <= at]
    return Facts(
        tests=tests,
        code=_code(person, at),
        contact=contact.kind if contact else None,
        contact_ref=f"contact:{contact.kind}:{iso(contact.since)}" if contact else None,
        reviews=(*reviews, *conflicts),
        building=place.for_unit(subject.unit) if place else Building(known=False, cases=()),
        zone=place.zone if place else None,
        plan=plan,
        plan_ref=plan_ref,
        discharged_at=max(discharged, default=None),
    )


def _code(person: PersonEvidence, at: datetime) -> Code | None:
    """The latest colour known at `at`."""
    known = [code for code in person.codes if code.changed_at <= at]
    return max(known, key=lambda code: code.changed_at, default=None)
