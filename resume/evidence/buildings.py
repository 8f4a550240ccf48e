"""What the ledger holds about buildings: cases by unit, the latest screening, the zone. Three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from resume.clock import shanghai_date, start_of_day
from resume.db import UtcTime, reading
from resume.evidence.knowledge import Known, Mode, bound, counts, held_at, mode_of
from resume.evidence.models import CaseRecord, ScreeningRecord, ZoneRecord
from resume.evidence.units import same_unit
from resume.places.models import Building as BuildingRow
from resume.places.models import PlaceState
from resume.policy import Building, Case
from resume.policy.facts import Zone
from resume.sets import dialect, packed, within_named

_STRICTNESS = {"precaution": 1, "controlled": 2, "sealed": 3}


@dataclass(slots=True)
class BuildingEvidence:
    """One building at T. `cases`: each with its unit. `has_units`: whether the entrances are separate."""

    cases: list[tuple[str, Case]] = field(default_factory=list)
    has_units: bool = False
    screened_on: date | None = None
    known_until: datetime | None = None
    zone: Zone | None = None
    ref: str | None = None
    _by_unit: dict[str, Building] = field(default_factory=dict)

    def for_unit(self, unit: str) -> Building:
        """The building as a worker of that unit meets it.

        "Where a building has separate units, a case with a unit counts for that unit and for workers whose
        unit is not given; a case without a unit counts for all" (formats, Feeds).
        """
        if unit not in self._by_unit:
            cases = tuple(case for its_unit, case in self.cases if self._counts(its_unit, unit))
            self._by_unit[unit] = Building(self.known_until is not None, cases, self.known_until, self.ref)
        return self._by_unit[unit]

    def screened(self, building_id: int, on: date, *, days: int) -> None:
        """ "A building is known at T when a complete screening of it is dated from seven days before T's
        Shanghai date up to that date, and known_until is 23:59:59 of the seventh day after the latest one"
        (formats, Facts)."""
        self.screened_on = on
        self.known_until = start_of_day(on, days + 1) - timedelta(seconds=1)
        self.ref = f"screening:{building_id}:{on.isoformat()}"

    def _counts(self, its_unit: str, unit: str) -> bool:
        return not (self.has_units and its_unit and unit) or same_unit(its_unit, unit)


class Holding(Protocol):
    """What decides which of the records of the zones ledger stands."""

    @property
    def level(self) -> Zone: ...
    @property
    def kind(self) -> str: ...
    @property
    def since(self) -> datetime: ...


Row = TypeVar("Row", bound=Holding)


class ZoneRow(NamedTuple):
    """One row that counts of the zones ledger."""

    building_id: int
    level: Zone
    kind: str
    since: datetime
    until: datetime | None


def read_buildings(
    building_ids: Collection[int], *, at: datetime, screening_days: int, known: Known | None = None
) -> dict[int, BuildingEvidence]:
    """The evidence of each building at `at`, as it counts now or was known; without any it is empty."""
    found = {building_id: BuildingEvidence() for building_id in building_ids}
    name, mode = dialect(), mode_of(known)
    asked = {"keys": packed(building_ids, name)} | bound(known)
    for (
        building_id,
        unit,
        has_units,
        case_id,
        reported_at,
        transferred_at,
        excluded,
        disinfected_at,
    ) in reading().execute(_cases(name, mode), asked):
        case = Case(reported_at, transferred_at, excluded, disinfected_at, f"case:{case_id}")
        found[building_id].cases.append((unit, case))
        found[building_id].has_units = has_units
    today = shanghai_date(at)
    window = {"first": today - timedelta(days=screening_days), "today": today}
    for building_id, screened_on in reading().execute(_screenings(name, mode), asked | window):
        found[building_id].screened(building_id, screened_on, days=screening_days)
    for building_id, rows in _zones_by_building(_zones(name, mode), asked | {"at": at}).items():
        found[building_id].zone = zone_of(rows)
    return found


@dataclass(frozen=True, slots=True)
class BuildingsOver:
    """What counts of some buildings over a stretch of time, to be asked of any moment in it."""

    cases: Mapping[int, Sequence[tuple[str, Case]]]
    has_units: Mapping[int, bool]
    screenings: Mapping[int, Sequence[date]]
    zones: Mapping[int, Sequence[ZoneRow]]

    def at(self, building_id: int, at: datetime, *, screening_days: int) -> BuildingEvidence:
        """The evidence of one of the buildings, as `read_buildings` gives it for `at`."""
        has_units = self.has_units.get(building_id, False)
        found = BuildingEvidence(list(self.cases.get(building_id, ())), has_units)
        today = shanghai_date(at)
        first = today - timedelta(days=screening_days)
        screened = [on for on in self.screenings.get(building_id, ()) if first <= on <= today]
        if screened:
            found.screened(building_id, max(screened), days=screening_days)
        rows = self.zones.get(building_id, ())
        found.zone = zone_of(row for row in rows if row.since <= at and (row.until is None or row.until > at))
        return found


def read_buildings_over(
    building_ids: Collection[int], *, since: datetime, until: datetime, screening_days: int
) -> BuildingsOver:
    """The evidence of buildings as it counts now, for any moment in [since, until]. Three queries."""
    name = dialect()
    asked = {"keys": packed(building_ids, name)}
    cases: dict[int, list[tuple[str, Case]]] = defaultdict(list)
    has_units: dict[int, bool] = {}
    for (
        building_id,
        unit,
        its_units,
        case_id,
        reported_at,
        transferred_at,
        excluded,
        disinfected_at,
    ) in reading().execute(_cases(name, "now"), asked):
        case = Case(reported_at, transferred_at, excluded, disinfected_at, f"case:{case_id}")
        cases[building_id].append((unit, case))
        has_units[building_id] = its_units
    window = {
        "first": shanghai_date(since) - timedelta(days=screening_days),
        "today": shanghai_date(until),
    }
    screenings: dict[int, list[date]] = defaultdict(list)
    for building_id, on in reading().execute(_all_screenings(name), asked | window):
        screenings[building_id].append(on)
    zones = _zones_by_building(_zones_over(name), asked | {"since": since, "until": until})
    return BuildingsOver(cases, has_units, screenings, zones)


def _zones_by_building(query: Select[Any], asked: dict[str, Any]) -> dict[int, list[ZoneRow]]:
    by_building: dict[int, list[ZoneRow]] = defaultdict(list)
    for zone in map(ZoneRow._make, reading().execute(query, asked)):
        by_building[zone.building_id].append(zone)
    return by_building


# A gate asks for one building, and making a statement would cost more than running it: each is made once.


@cache
def _cases(dialect: str, mode: Mode) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CaseRecord.building_id,
            CaseRecord.unit,
            _has_units(mode),
            CaseRecord.case_id,
            CaseRecord.reported_at,
            CaseRecord.transferred_at,
            CaseRecord.excluded,
            CaseRecord.disinfected_at,
        )
        .join(BuildingRow, BuildingRow.id == CaseRecord.building_id)
        .where(within_named(CaseRecord.building_id, "keys", dialect), counts(CaseRecord, mode))
        .order_by(CaseRecord.reported_at, CaseRecord.case_id)
    )


def _has_units(mode: Mode) -> ColumnElement[bool]:
    """Whether the entrances are separate: by the newest state of the place, or by the one known then.

    A place that was registered later has no state of that time; its newest one is all that is known of it.
    """
    if mode == "now":
        return BuildingRow.has_units.expression
    then = select(PlaceState.has_units).where(PlaceState.place_code == BuildingRow.place_code)
    newest = then.where(held_at(PlaceState.received_at, PlaceState.replaced_at)).limit(1).scalar_subquery()
    return func.coalesce(newest, BuildingRow.has_units)


@cache
def _screenings(dialect: str, mode: Mode) -> Select[*tuple[Any, ...]]:
    on = ScreeningRecord.screened_on
    return (
        select(ScreeningRecord.building_id, func.max(on))
        .where(within_named(ScreeningRecord.building_id, "keys", dialect), counts(ScreeningRecord, mode))
        .where(ScreeningRecord.complete.is_(True))
        .where(on.between(bindparam("first", type_=on.type), bindparam("today", type_=on.type)))
        .group_by(ScreeningRecord.building_id)
    )


@cache
def _zones(dialect: str, mode: Mode) -> Select[*tuple[Any, ...]]:
    at = bindparam("at", type_=UtcTime)
    return (
        select(*(getattr(ZoneRecord, name) for name in ZoneRow._fields))
        .where(within_named(ZoneRecord.building_id, "keys", dialect), counts(ZoneRecord, mode))
        .where(ZoneRecord.since <= at, or_(ZoneRecord.until.is_(None), ZoneRecord.until > at))
    )


@cache
def _all_screenings(dialect: str) -> Select[*tuple[Any, ...]]:
    on = ScreeningRecord.screened_on
    return (
        select(ScreeningRecord.building_id, on)
        .where(within_named(ScreeningRecord.building_id, "keys", dialect), counts(ScreeningRecord, "now"))
        .where(ScreeningRecord.complete.is_(True))
        .where(on.between(bindparam("first", type_=on.type), bindparam("today", type_=on.type)))
    )


@cache
def _zones_over(dialect: str) -> Select[*tuple[Any, ...]]:
    since, until = (bindparam(name, type_=UtcTime) for name in ("since", "until"))
    return (
        select(*(getattr(ZoneRecord, name) for name in ZoneRow._fields))
        .where(within_named(ZoneRecord.building_id, "keys", dialect), counts(ZoneRecord, "now"))
        .where(ZoneRecord.since <= until, or_(ZoneRecord.until.is_(None), ZoneRecord.until > since))
    )


def zone_of(rows: Iterable[Holding]) -> Zone | None:
    """The level of a place by the records that hold (docs/adr/0009-what-level-holds.md).

    The newest of what was declared and what a positive raised stands (the stricter where both begin
    together), so a later declaration ends a raise; an uplift (提级管理) can only lift it.
    """
    levels = (row.level for row in standing(rows))
    return max(levels, key=_STRICTNESS.__getitem__, default=None)


def standing(rows: Iterable[Row]) -> list[Row]:
    """Those of the records that hold which stand: the newest declared or raised one, the newest uplift."""
    newest: dict[bool, Row] = {}
    for row in rows:
        is_uplift = row.kind == "uplift"
        if is_uplift not in newest or zone_rank(row) > zone_rank(newest[is_uplift]):
            newest[is_uplift] = row
    return list(newest.values())


def zone_rank(row: Holding) -> tuple[datetime, int]:
    """The order in which records replace one another: by beginning, then by strictness."""
    return row.since, _STRICTNESS[row.level]
