"""One building as its page shows it: why and when, its level, what was reported; never a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from resume.clock import shanghai_date
from resume.db import reading
from resume.evidence.explain import BuildingWhy, why_buildings
from resume.evidence.models import ScreeningRecord
from resume.evidence.proposals import proposal_of
from resume.evidence.units import same_unit
from resume.evidence.zones import ZoneStatus, base_of, read_zones, status_of
from resume.places.models import Building
from resume.policy import Case
from resume.policy.zones import Proposal, closed_until

SHOWN_SCREENINGS = 14


@dataclass(frozen=True, slots=True)
class CaseDay:
    """The positives reported on one Shanghai date: how many count, how many of these have not been
    transferred, how many do not count. `case_ids`: for the steward alone."""

    on: date
    counted: int
    staying: int
    uncounted: int
    case_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class BuildingView:
    """`unit`: the unit `why` is of, "" for who gives none; `units`: those with cases of their own.

    `closed_until`: until when a sealed place whose level has two parts is closed; what follows is staying at
    home. `screenings`: the latest ones, newest first.
    """

    building: Building
    unit: str
    units: Sequence[str]
    why: BuildingWhy
    known_until: datetime | None
    zone: ZoneStatus
    closed_until: datetime | None
    proposal: Proposal | None
    case_days: Sequence[CaseDay]
    screenings: Sequence[ScreeningRecord]


def view_building(building: Building, *, unit: str, at: datetime) -> BuildingView:
    """The building at `at`. Eight queries. Raises NoPolicy before the first policy."""
    asked = unit if building.has_units else ""
    evidence, whys = why_buildings({building.id: [asked]}, at=at)[building.id]
    zones = read_zones([building.id], at=at).get(building.id, [])
    base = base_of(zones, at=at)
    cases = [case for _unit, case in evidence.cases if case.reported_at <= at]
    closed = None
    if base is not None and base.level == "sealed":
        closed = closed_until(
            base.since, [case.reported_at for case in cases if case.excluded is None], at=at
        )
    return BuildingView(
        building,
        asked,
        _units(name for name, _case in evidence.cases) if building.has_units else (),
        whys[asked],
        evidence.known_until,
        status_of(zones, at=at),
        closed,
        proposal_of(building.id, at=at),
        _by_day(cases, at=at),
        _screenings(building.id, at=at),
    )


def _units(names: Iterable[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        if name and not any(same_unit(name, other) for other in found):
            found.append(name)
    return sorted(found)


def _by_day(cases: Iterable[Case], *, at: datetime) -> list[CaseDay]:
    by_day: dict[date, list[Case]] = defaultdict(list)
    for case in cases:
        by_day[shanghai_date(case.reported_at)].append(case)
    return [_day(on, by_day[on], at=at) for on in sorted(by_day, reverse=True)]


def _day(on: date, cases: Sequence[Case], *, at: datetime) -> CaseDay:
    counted = [case for case in cases if case.excluded is None]
    staying = [case for case in counted if case.transferred_at is None or case.transferred_at > at]
    ids = [case.ref.removeprefix("case:") for case in cases if case.ref is not None]
    return CaseDay(on, len(counted), len(staying), len(cases) - len(counted), ids)


def _screenings(building_id: int, *, at: datetime) -> Sequence[ScreeningRecord]:
    query = select(ScreeningRecord).where(
        ScreeningRecord.building_id == building_id,
        ScreeningRecord.replaced_at.is_(None),
        ScreeningRecord.screened_on <= shanghai_date(at),
    )
    query = query.order_by(ScreeningRecord.screened_on.desc(), ScreeningRecord.id.desc())
    return reading().scalars(query.limit(SHOWN_SCREENINGS)).all()
