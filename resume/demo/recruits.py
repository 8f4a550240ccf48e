"""Firm C's second list: a preview that waits to be worked through, and a file of more people to append.

Whoever is new on it was in no feed: nothing is known of him yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from resume.demo.city import City
from resume.demo.firms import DemoFirm
from resume.demo.lists import list_rows
from resume.demo.people import Person, Population
from resume.roster.columns import WORKER_LIST

_SEED = 20220423
_FIRST = 700_001  # serials that no other person of the city has
_NEW, _MORE = 9, 6
_AT = {column.name: place for place, column in enumerate(WORKER_LIST)}
_NO_SUCH_HOUSE = "999号"


def recruits(firm: DemoFirm, city: City) -> tuple[list[Person], list[Person]]:
    """Those of the preview, and those of the file to append; they live where the firm's workers do."""
    population = Population(city, Random(_SEED), first=_FIRST)  # noqa: S311 - nobody must not guess it
    homes = [person.home for person in firm.staff] or list(city.clean)
    people = [population.person(homes[place * 7 % len(homes)]) for place in range(_NEW + _MORE)]
    return people[:_NEW], people[_NEW:]


def second_list(firm: DemoFirm, new: Sequence[Person]) -> list[list[str]]:
    """The firm's list a day later: two are gone, three changed shift, one has moved; of the new ones three
    gave a house that is not registered, and four rows have errors."""
    rows = list_rows(firm, [*firm.staff[:-2], *new])
    for row in rows[1:4]:
        row[_AT["shift"]] = "夜班"
    if len(rows) > len(new) + 6:
        moved, there = rows[5], rows[6]
        for name in ("street", "compound", "building", "unit"):
            moved[_AT[name]] = there[_AT[name]]
        moved[_AT["room"]] = "1808室"
    first = len(rows) - len(new)
    lost, wrong = rows[first : first + 3], rows[first + 3 : first + 7]
    for row in lost:
        for name in ("district", "street", "compound"):
            row[_AT[name]] = lost[0][_AT[name]]
        row[_AT["building"]] = _NO_SUCH_HOUSE
    for row, (name, value) in zip(wrong, _WRONG, strict=True):
        row[_AT[name]] = value
    return rows


_WRONG = (
    ("phone", "1690000"),
    ("key_post", "也许"),
    ("arrive_on", "下周一"),
    ("document_number", "31999919850101"),
)
