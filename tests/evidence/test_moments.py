"""The boundaries of the facts: each record one second before its moment, at it, and one second after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from resume.clock import SHANGHAI
from resume.policy import Facts
from tests.evidence.test_facts import facts
from tests.intake.feeding import good, number, person, review_row

SECOND = timedelta(seconds=1)
#: The last second of a month, and the first of the next one.
LAST = datetime(2022, 4, 30, 23, 59, 59, tzinfo=SHANGHAI)
FIRST = LAST + SECOND
NOW = FIRST + timedelta(days=1)

Row = dict[str, str]


def code(moment: str) -> Row:
    return {**person(1), "colour": "red", "changed_at": moment, "reason": ""}


def contact(moment: str, until: str = "") -> Row:
    return {**person(1), "kind": "close", "since": moment, "until": until}


def zone(moment: str, until: str = "") -> Row:
    kept = {"place_code": "P1", "level": "sealed", "kind": "declared", "reason": ""}
    return {**kept, "since": moment, "until": until}


def discharge(moment: str) -> Row:
    return {**person(1), "discharged_at": moment}


LONG_AGO = "2022-04-01T00:00:00+08:00"
BEGINS: dict[str, tuple[str, Callable[[str], Row], Callable[[Facts], Any]]] = {
    "a code": ("codes", code, lambda found: found.code),
    "a contact": ("contacts", contact, lambda found: found.contact),
    "a zone": ("zones", zone, lambda found: found.zone),
    "a discharge": ("discharges", discharge, lambda found: found.discharged_at),
}
ENDS: dict[str, tuple[str, Callable[[str], Row], Callable[[Facts], Any]]] = {
    "a contact": ("contacts", lambda moment: contact(LONG_AGO, moment), lambda found: found.contact),
    "a zone": ("zones", lambda moment: zone(LONG_AGO, moment), lambda found: found.zone),
}


@pytest.mark.parametrize("moment", [LAST, FIRST], ids=["23:59:59", "00:00:00"])
@pytest.mark.parametrize("word", BEGINS)
def test_it_begins_at_its_moment(places: Flask, word: str, moment: datetime) -> None:
    name, row, found = BEGINS[word]
    good(name, row(moment.isoformat()), at=NOW)
    seen = [found(facts(at=moment + shift * SECOND)) is not None for shift in (-1, 0, 1)]
    assert seen == [False, True, True]


@pytest.mark.parametrize("moment", [LAST, FIRST], ids=["23:59:59", "00:00:00"])
@pytest.mark.parametrize("word", ENDS)
def test_it_ends_before_its_moment(places: Flask, word: str, moment: datetime) -> None:
    """[since, until): the moment itself is not in it."""
    name, row, found = ENDS[word]
    good(name, row(moment.isoformat()), at=NOW)
    seen = [found(facts(at=moment + shift * SECOND)) is not None for shift in (-1, 0, 1)]
    assert seen == [True, False, False]


@pytest.mark.parametrize(
    ("screened_on", "first", "last"),
    [
        ("2022-04-23", "2022-04-23", "2022-04-30"),
        ("2022-04-30", "2022-04-30", "2022-05-07"),
        ("2022-12-31", "2022-12-31", "2023-01-07"),
        ("2024-02-22", "2024-02-22", "2024-02-29"),
        ("2024-02-29", "2024-02-29", "2024-03-07"),
    ],
)
def test_a_screening_counts_from_its_day_to_the_seventh_after_it(
    places: Flask, screened_on: str, first: str, last: str
) -> None:
    begin = datetime.fromisoformat(f"{first}T00:00:00+08:00")
    end = datetime.fromisoformat(f"{last}T23:59:59+08:00")
    good("screenings", {"place_code": "P1", "screened_on": screened_on, "complete": "1"}, at=end)
    asked = [begin - SECOND, begin, end, end + SECOND]
    known = [facts(at=moment).building for moment in asked]
    assert [building.known for building in known] == [False, True, True, False]
    assert {building.known_until for building in known if building.known} == {end}


@pytest.mark.parametrize(("shift", "is_over"), [(-1, False), (0, True), (1, True)])
def test_a_discharge_ends_a_confirmed_review_opened_by_then(places: Flask, shift: int, is_over: bool) -> None:
    confirmed = {"opened_at": LAST.isoformat(), "cleared_at": NOW.isoformat(), "outcome": "confirmed"}
    good("reviews", review_row("V1", document_number=number(1), **confirmed), at=NOW)
    good("discharges", discharge((LAST + shift * SECOND).isoformat()), at=NOW)
    (review,) = facts(at=NOW).reviews
    assert (review.cleared_at is not None) is is_over
