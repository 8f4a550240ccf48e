"""Invented persons: names, documents under the address code 319999, homes, and how they are.

319999 was never issued (domain.md 4.3), so no number here is anybody's; the other documents carry DEMO, a
country that does not exist, or a birth in 1899; telephones begin with 169, which no operator has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count
from random import Random

from resume.demo.city import City
from resume.demo.words import GIVEN, RARE_SURNAMES, SURNAMES, UNUSUAL_NAMES
from resume.people.documents import DocumentType, check_character
from resume.places.register import Place

ADDRESS_CODE = "319999"
_FIRST_BIRTH = date(1962, 1, 1)


class Condition(StrEnum):
    """What is on record of a person; everything but `well` and `recovered` is in the way of a pass."""

    WELL = "well"
    RECOVERED = "recovered"  # positive, discharged, negative since
    PCR_OLD = "pcr_old"
    PCR_NONE = "pcr_none"
    PCR_PENDING = "pcr_pending"
    POSITIVE = "positive"
    TUBE_PENDING = "tube_pending"
    UNDER_REVIEW = "under_review"
    DISPUTED = "disputed"  # the lab says negative, CDC says positive
    CODE_RED = "code_red"
    CODE_YELLOW = "code_yellow"
    CODE_UNKNOWN = "code_unknown"
    CLOSE_CONTACT = "close_contact"
    SECONDARY_CONTACT = "secondary_contact"


#: How many of a thousand workers are in each condition; the rest is well.
PER_THOUSAND = {
    Condition.RECOVERED: 6,
    Condition.PCR_OLD: 22,
    Condition.PCR_NONE: 8,
    Condition.PCR_PENDING: 10,
    Condition.POSITIVE: 3,
    Condition.TUBE_PENDING: 3,
    Condition.UNDER_REVIEW: 2,
    Condition.DISPUTED: 1,
    Condition.CODE_RED: 3,
    Condition.CODE_YELLOW: 5,
    Condition.CODE_UNKNOWN: 4,
    Condition.CLOSE_CONTACT: 3,
    Condition.SECONDARY_CONTACT: 3,
}


@dataclass(slots=True)
class Person:
    """One invented worker with a home. `serial` counts all persons of the city from 1."""

    serial: int
    name: str
    document_type: DocumentType
    number: str
    phone: str
    home: Place
    unit: str
    room: str
    condition: Condition = Condition.WELL


class Population:
    """Makes persons one after another, no document twice."""

    def __init__(self, city: City, rng: Random, *, first: int = 1) -> None:
        self._city, self._rng = city, rng
        self._serials = count(first)

    def person(self, home: Place, condition: Condition = Condition.WELL) -> Person:
        """A new person who lives there."""
        rng, serial = self._rng, next(self._serials)
        kind, number = _document(serial)
        return Person(
            serial=serial,
            name=_name(serial, rng),
            document_type=kind,
            number=number,
            phone=f"169{serial:08d}",
            home=home,
            unit=f"{rng.randrange(1, 4)}单元" if home.has_units else "",
            room=f"{rng.randrange(1, 19)}{rng.randrange(1, 7):02d}室",
            condition=condition,
        )

    def crowd(self, number: int) -> list[Person]:
        """Persons from all over the city in the usual conditions; one in twelve shares a flat."""
        rng, kinds = self._rng, list(PER_THOUSAND)
        weights = [PER_THOUSAND[kind] for kind in kinds]
        people: list[Person] = []
        for _ in range(number):
            is_well = rng.randrange(1000) >= sum(weights)
            condition = Condition.WELL if is_well else rng.choices(kinds, weights)[0]
            person = self.person(rng.choice(self._city.places), condition)
            if people and rng.random() < 1 / 12:
                share_flat(person, rng.choice(people))
            people.append(person)
        return people

    def well(self, number: int, homes: Sequence[Place]) -> list[Person]:
        """Persons with nothing in the way, spread over these homes in turn."""
        return [self.person(homes[place % len(homes)]) for place in range(number)]


def share_flat(person: Person, other: Person) -> None:
    """Let a person live where another one lives."""
    person.home, person.unit, person.room = other.home, other.unit, other.room


def _name(serial: int, rng: Random) -> str:
    if serial % 97 == 0:
        return UNUSUAL_NAMES[serial // 97 % len(UNUSUAL_NAMES)]
    surname = rng.choice(RARE_SURNAMES) if serial % 53 == 0 else rng.choice(SURNAMES)
    return surname + "".join(rng.sample(GIVEN, 1 if rng.random() < 0.2 else 2))


def _document(serial: int) -> tuple[DocumentType, str]:
    """Nearly always a resident number; now and then a document of another type."""
    if serial % 97 == 0 and UNUSUAL_NAMES[serial // 97 % len(UNUSUAL_NAMES)].isascii():
        return DocumentType.PASSPORT, f"DEMO{serial:06d}"
    if serial % 211 == 0:
        return DocumentType.FOREIGN_RESIDENCE, f"ZZZ{ADDRESS_CODE}{serial:06d}"
    if serial % 307 == 0:
        return DocumentType.HMT_RESIDENCE, _checked(f"81000018990101{serial // 307:03d}")
    born = _FIRST_BIRTH + timedelta(days=serial * 37 % 15_000)
    return DocumentType.RESIDENT_ID, _checked(f"{ADDRESS_CODE}{born:%Y%m%d}{serial // 15_000 + 1:03d}")


def _checked(body: str) -> str:
    return body + check_character(body)
