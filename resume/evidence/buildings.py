"""What the ledger holds about buildings: cases by unit, the latest screening, the zone. One query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from resume.clock import shanghai_date, start_of_day
from resume.db import UtcTime, read_rows
from resume.evidence.knowledge import Known, Mode, bound, counts, held_at, mode_of
from resume.evidence.models import CaseRecord, ScreeningRecord, ZoneRecord
from resume.evidence.units import same_unit
from resume.places.models import Building as BuildingRow
from resume.places.models import PlaceState
from resume.policy import Building, Case
from resume.policy.facts import Excluded, Zone
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
    found = read_buildings_over(building_ids, since=at, until=at, screening_days=screening_days, known=known)
    return {each: found.at(each, at, screening_days=screening_days) for each in building_ids}


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
    building_ids: Collection[int],
    *,
    since: datetime,
    until: datetime,
    screening_days: int,
    known: Known | None = None,
) -> BuildingsOver:
    """The evidence of buildings in [since, until], as it counts now or was known. One query."""
    name = dialect()
    asked = {
        "keys": packed(building_ids, name),
        "since": since,
        "until": until,
        "first": shanghai_date(since) - timedelta(days=screening_days),
        "today": shanghai_date(until),
    }
    cases: dict[int, list[tuple[str, Case]]] = defaultdict(list)
    has_units: dict[int, bool] = {}
    screenings: dict[int, list[date]] = defaultdict(list)
    zones: dict[int, list[ZoneRow]] = defaultdict(list)
    for row in map(_Row._make, read_rows(_places(name, mode_of(known)), asked | bound(known))):
        if row.table == "case":
            case = Case(row.since, row.until, row.excluded, row.disinfected_at, f"case:{row.word}")
            cases[row.building_id].append((row.unit, case))
            has_units[row.building_id] = row.has_units
        elif row.table == "zone":
            zones[row.building_id].append(ZoneRow(row.building_id, row.level, row.word, row.since, row.until))
        else:
            screenings[row.building_id].append(row.screened_on)
    for of_building in cases.values():
        of_building.sort(key=lambda found: (found[1].reported_at, found[1].ref))
    return BuildingsOver(cases, has_units, screenings, zones)


class _Row(NamedTuple):
    """A row of any of the three tables: what a table does not have is None or empty in its rows.

    `word`: the case's id, the zone's kind.
    """

    table: str
    building_id: int
    word: str
    unit: str
    has_units: bool
    since: datetime
    until: datetime | None
    disinfected_at: datetime | None
    excluded: Excluded | None
    level: Zone
    screened_on: date


# A gate asks for one building, and making a statement would cost more than running it: it is made once.


@cache
def _places(dialect: str, mode: Mode) -> CompoundSelect[Any]:
    """Cases, complete screenings from `first` to `today` and the zones of [since, until] in one query."""
    no_word, no_time = literal_column("''", String), null().cast(UtcTime)
    since, until = (bindparam(name, type_=UtcTime) for name in ("since", "until"))
    on = ScreeningRecord.screened_on
    cases = (
        select(
            literal_column("'case'", String),
            CaseRecord.building_id,
            CaseRecord.case_id,
            CaseRecord.unit,
            _has_units(mode),
            CaseRecord.reported_at,
            CaseRecord.transferred_at,
            CaseRecord.disinfected_at,
            CaseRecord.excluded,
            null().cast(String),
            null().cast(on.type),
        )
        .join(BuildingRow, BuildingRow.id == CaseRecord.building_id)
        .where(within_named(CaseRecord.building_id, "keys", dialect), counts(CaseRecord, mode))
    )
    no_unit = null().cast(BuildingRow.has_units.type)
    screenings = (
        select(literal_column("'screening'", String), ScreeningRecord.building_id, no_word, no_word, no_unit)
        .add_columns(no_time, no_time, no_time, null().cast(String), null().cast(String), on)
        .where(within_named(ScreeningRecord.building_id, "keys", dialect), counts(ScreeningRecord, mode))
        .where(ScreeningRecord.complete.is_(True))
        .where(on.between(bindparam("first", type_=on.type), bindparam("today", type_=on.type)))
    )
    zones = (
        select(literal_column("'zone'", String), ZoneRecord.building_id, ZoneRecord.kind, no_word, no_unit)
        .add_columns(ZoneRecord.since, ZoneRecord.until, no_time, null().cast(String), ZoneRecord.level)
        .add_columns(null().cast(on.type))
        .where(within_named(ZoneRecord.building_id, "keys", dialect), counts(ZoneRecord, mode))
        .where(ZoneRecord.since <= until, or_(ZoneRecord.until.is_(None), ZoneRecord.until > since))
    )
    return union_all(cases, screenings, zones)


def _has_units(mode: Mode) -> ColumnElement[bool]:
    """Whether the entrances are separate: by the newest state of the place, or by the one known then.

    A place that was registered later has no state of that time; its newest one is all that is known of it.
    """
    if mode == "now":
        return BuildingRow.has_units.expression
    then = select(PlaceState.has_units).where(PlaceState.place_code == BuildingRow.place_code)
    newest = then.where(held_at(PlaceState.received_at, PlaceState.replaced_at)).limit(1).scalar_subquery()
    return func.coalesce(newest, BuildingRow.has_units)


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
