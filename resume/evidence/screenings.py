"""Screenings that run out: buildings that were known and soon will not be, or have just ceased to be.

A building is known until 23:59:59 of the seventh day after its latest complete screening (formats, Facts), so
the question is which buildings' latest one is of certain dates. One seek in an index for each building.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ScalarSelect, Select, Subquery, func, select

from resume.clock import shanghai_date, start_of_day
from resume.db import reading
from resume.evidence.models import ScreeningRecord
from resume.places.models import Building, Compound
from resume.places.queries import buildings_by_id
from resume.policy import policy_at

_DAY = timedelta(days=1)
_PAST_DAYS = 2


class Within(StrEnum):
    """How soon the knowledge ends; PAST: it ended within the last two days."""

    DAY = "24"
    TWO_DAYS = "48"
    THREE_DAYS = "72"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class RunningOut:
    """A building, the date of its latest complete screening, and the last second at which it is known."""

    building: Building
    screened_on: date
    known_until: datetime


@dataclass(frozen=True, slots=True)
class RunningOutPage:
    """One page, soonest first; how many buildings each choice has."""

    items: Sequence[RunningOut]
    counts: dict[Within, int]


def list_running_out(
    *,
    at: datetime,
    within: Within = Within.DAY,
    district_code: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> RunningOutPage:
    """The buildings whose latest complete screening runs out within those hours, or ran out within the last
    two days (the latest first). Two queries. Raises NoPolicy before the first policy."""
    days = policy_at(at).profile("RTW").terms.screening_days.value
    windows = {each: _dates(each, days, at=at) for each in Within}
    rows = _rows(windows.values(), district_code, today=shanghai_date(at))
    per_date = Counter(on for _building_id, on in rows)
    first, last = windows[within]
    sign = -1 if within is Within.PAST else 1
    wanted = sorted(
        (sign * on.toordinal(), building_id, on) for building_id, on in rows if first <= on <= last
    )
    shown = wanted[offset : offset + limit]
    buildings = buildings_by_id([building_id for _order, building_id, _on in shown])
    return RunningOutPage(
        [RunningOut(buildings[one], on, _known_until(on, days)) for _order, one, on in shown],
        {
            each: sum(count for on, count in per_date.items() if since <= on <= until)
            for each, (since, until) in windows.items()
        },
    )


def _rows(
    windows: Collection[tuple[date, date]], district_code: str | None, *, today: date
) -> list[tuple[int, date]]:
    """Every building whose latest complete screening lies in any of the windows, with its date."""
    latest = _latest(district_code, today=today)
    on = latest.c.screened_on
    first, last = min(first for first, _ in windows), max(last for _, last in windows)
    query: Select[*tuple[Any, ...]] = select(latest.c.building_id, on).where(on.between(first, last))
    return [(row[0], row[1]) for row in reading().execute(query)]


def _latest(district_code: str | None, *, today: date) -> Subquery:
    """Every building with the date of its latest complete screening up to today (None: it has none)."""
    query = select(Building.id.label("building_id"), _latest_of_building(today).label("screened_on"))
    if district_code is not None:
        query = query.join(Compound, Compound.id == Building.compound_id)
        query = query.where(Compound.district_code == district_code)
    return query.subquery()


def _latest_of_building(today: date) -> ScalarSelect[Any]:
    return (
        select(func.max(ScreeningRecord.screened_on))
        .where(ScreeningRecord.building_id == Building.id, ScreeningRecord.replaced_at.is_(None))
        .where(ScreeningRecord.complete.is_(True), ScreeningRecord.screened_on <= today)
        .scalar_subquery()
    )


def _dates(within: Within, days: int, *, at: datetime) -> tuple[date, date]:
    """The first and the last date of a latest screening that is wanted."""
    running = shanghai_date(at) - days * _DAY  # known until the end of today
    if within is Within.PAST:
        return running - _PAST_DAYS * _DAY, running - _DAY
    end = at + timedelta(hours=int(within.value))
    return running, shanghai_date(end + timedelta(seconds=1)) - (days + 1) * _DAY


def _known_until(screened_on: date, days: int) -> datetime:
    return start_of_day(screened_on, days + 1) - timedelta(seconds=1)
