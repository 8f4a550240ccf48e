"""What the ledger holds about buildings: cases by unit, the latest screening, the zone. Three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import func, select

from resume.clock import shanghai_date, start_of_day
from resume.db import reading
from resume.evidence.models import CaseRecord, ScreeningRecord, ZoneRecord
from resume.evidence.sets import within
from resume.evidence.units import same_unit
from resume.places.models import Building as BuildingRow
from resume.policy import Building, Case
from resume.policy.facts import Zone

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

    def _counts(self, its_unit: str, unit: str) -> bool:
        return not (self.has_units and its_unit and unit) or same_unit(its_unit, unit)


def read_buildings(
    building_ids: Collection[int], *, at: datetime, screening_days: int
) -> dict[int, BuildingEvidence]:
    """The evidence of each building at `at`; nothing known gives empty evidence."""
    found = {building_id: BuildingEvidence() for building_id in building_ids}
    _read_cases(found)
    _read_screenings(found, at=at, days=screening_days)
    _read_zones(found, at=at)
    return found


def _read_cases(found: dict[int, BuildingEvidence]) -> None:
    query = (
        select(CaseRecord, BuildingRow.has_units)
        .join(BuildingRow, BuildingRow.id == CaseRecord.building_id)
        .where(within(CaseRecord.building_id, found), CaseRecord.replaced_at.is_(None))
        .order_by(CaseRecord.reported_at, CaseRecord.case_id)
    )
    for row, has_units in reading().execute(query):
        excluded = row.excluded
        case = Case(row.reported_at, row.transferred_at, excluded, row.disinfected_at, f"case:{row.case_id}")  # type: ignore[arg-type]
        found[row.building_id].cases.append((row.unit, case))
        found[row.building_id].has_units = has_units


def _read_screenings(found: dict[int, BuildingEvidence], *, at: datetime, days: int) -> None:
    """ "A building is known at T when a complete screening of it is dated from seven days before T's Shanghai
    date up to that date, and known_until is 23:59:59 of the seventh day after the latest one" (formats)."""
    today = shanghai_date(at)
    query = (
        select(ScreeningRecord.building_id, func.max(ScreeningRecord.screened_on))
        .where(within(ScreeningRecord.building_id, found), ScreeningRecord.replaced_at.is_(None))
        .where(ScreeningRecord.complete.is_(True))
        .where(ScreeningRecord.screened_on.between(today - timedelta(days=days), today))
        .group_by(ScreeningRecord.building_id)
    )
    for building_id, screened_on in reading().execute(query):
        evidence = found[building_id]
        evidence.screened_on = screened_on
        evidence.known_until = start_of_day(screened_on, days + 1) - timedelta(seconds=1)
        evidence.ref = f"screening:{building_id}:{screened_on.isoformat()}"


def _read_zones(found: dict[int, BuildingEvidence], *, at: datetime) -> None:
    query = (
        select(ZoneRecord)
        .where(within(ZoneRecord.building_id, found), ZoneRecord.replaced_at.is_(None))
        .where(ZoneRecord.since <= at)
    )
    by_building: dict[int, list[ZoneRecord]] = defaultdict(list)
    for row in reading().scalars(query):
        if row.until is None or at < row.until:
            by_building[row.building_id].append(row)
    for building_id, rows in by_building.items():
        found[building_id].zone = zone_of(rows)


def zone_of(rows: Iterable[ZoneRecord]) -> Zone | None:
    """The level of a place by the records that hold.

    The newest of what was declared and what a positive raised stands (the stricter where both begin
    together), so a later declaration ends a raise; an uplift (提级管理) can only lift it.
    """
    newest: dict[bool, ZoneRecord] = {}
    for row in rows:
        is_uplift = row.kind == "uplift"
        if is_uplift not in newest or _rank(row) > _rank(newest[is_uplift]):
            newest[is_uplift] = row
    level = max((row.level for row in newest.values()), key=_STRICTNESS.__getitem__, default=None)
    return cast("Zone | None", level)


def _rank(row: ZoneRecord) -> tuple[datetime, int]:
    return row.since, _STRICTNESS[row.level]
