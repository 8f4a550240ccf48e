"""Whose level may be lowered: the proposals of a district or the city, and of one building.

Read as sets: the statements are as many for one building as for all that are sealed or controlled. What only
a proposal whose days are over needs (screenings, open reviews) is asked for those alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, or_, select

from resume.clock import shanghai_date, start_of_day
from resume.db import reading
from resume.evidence.models import CaseRecord, ReviewRecord, ScreeningRecord, ZoneRecord
from resume.evidence.zones import (
    Base,
    ZoneState,
    ZoneStatus,
    base_and_level,
    base_of,
    by_building,
    read_zones,
    status_of,
    zone_states,
)
from resume.places.models import Building, Compound
from resume.places.queries import buildings_by_id
from resume.policy.facts import Zone
from resume.policy.zones import LEVELS, Held, Proposal, propose
from resume.sets import within

_SCREENINGS_BACK = timedelta(days=60)  # older than any count reaches


class Stage(StrEnum):
    """Where a proposal stands: complete, its days over but something missing, or still counting."""

    DUE = "due"
    LACKING = "lacking"
    COUNTING = "counting"


@dataclass(frozen=True, slots=True)
class BuildingProposal:
    """One building whose level may be lowered, now or later. The level with uplifts is `status.level`."""

    building: Building
    status: ZoneStatus
    proposal: Proposal
    stage: Stage


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One page of a stage; how many each stage has; how many buildings hold each level (None: no record)."""

    items: Sequence[BuildingProposal]
    counts: Mapping[Stage, int]
    levels: Mapping[Zone | None, int]


def proposal_of(building_id: int, *, at: datetime) -> Proposal | None:
    """The proposal for one building, or None. Four queries."""
    base = base_of(read_zones([building_id], at=at).get(building_id, ()), at=at)
    held = _held({building_id: base} if base is not None else {}, at=at)
    _complete(held, at=at)
    return propose(held[building_id], at=at) if building_id in held else None


def list_proposals(
    *,
    at: datetime,
    district_code: str | None = None,
    stage: Stage = Stage.DUE,
    limit: int = 50,
    offset: int = 0,
) -> ProposalPage:
    """The buildings declared or raised to sealed or controlled, of one district where given, those whose days
    are over first first. Seven queries."""
    strict = by_building(map(ZoneState._make, reading().execute(_strict_states(district_code), {"at": at})))
    bases: dict[int, Base] = {}
    levels: Counter[Zone | None] = Counter()
    for building_id, rows in strict.items():
        base, level = base_and_level(rows, at=at)
        levels[level] += 1
        if base is not None:
            bases[building_id] = base
    held = _held(bases, at=at)
    proposals = _complete(held, at=at)
    stages = {building_id: _stage(proposal, at) for building_id, proposal in proposals.items()}
    wanted = sorted(
        (proposals[building_id].from_when, building_id)
        for building_id, found in stages.items()
        if found is stage
    )
    shown = [building_id for _from, building_id in wanted[offset : offset + limit]]
    buildings = buildings_by_id(shown)
    items = []
    for building_id in shown:
        proposal = propose(held[building_id], at=at)
        assert proposal is not None
        status = status_of(strict[building_id], at=at)
        items.append(BuildingProposal(buildings[building_id], status, proposal, stage))
    counted = Counter(stages.values())
    return ProposalPage(items, {each: counted[each] for each in Stage}, _levels(levels, district_code, at=at))


def _stage(proposal: Proposal, at: datetime) -> Stage:
    if not proposal.is_over(at):
        return Stage.COUNTING
    return Stage.LACKING if proposal.missing else Stage.DUE


def _strict_states(district_code: str | None) -> Select[*tuple[Any, ...]]:
    """All begun rows of the buildings at which any record that counts says more than precaution."""
    strict = select(ZoneRecord.building_id).where(
        ZoneRecord.replaced_at.is_(None), ZoneRecord.level.in_(("sealed", "controlled"))
    )
    query = zone_states().where(ZoneRecord.building_id.in_(strict))
    return (
        query if district_code is None else query.where(_in_district(ZoneRecord.building_id, district_code))
    )


def _in_district(building_id: Any, district_code: str) -> Any:
    of_district = select(Building.id).join(Compound, Compound.id == Building.compound_id)
    return building_id.in_(of_district.where(Compound.district_code == district_code))


def _held(bases: Mapping[int, Base], *, at: datetime) -> dict[int, Held]:
    """What stands at each building whose own level can be lowered, with its positives. One query."""
    strict = {building_id: base for building_id, base in bases.items() if base.level != "precaution"}
    positives = _positives(strict, at=at)
    return {
        building_id: Held(base.level, base.since, base.before, *positives.get(building_id, (None, None)))
        for building_id, base in strict.items()
    }


def _complete(held: dict[int, Held], *, at: datetime) -> dict[int, Proposal]:
    """The proposals, with their days but not their sentences exact; where the days are over, `held` is
    completed by what is known of screenings and reviews. Two queries."""
    by_day = _ByDay(at)
    proposals = {building_id: by_day.propose(one) for building_id, one in held.items()}
    over = [
        building_id
        for building_id, proposal in proposals.items()
        if proposal is not None and proposal.is_over(at)
    ]
    screened, reviewed = _screened(over, at=at), _reviewed(over, at=at)
    for building_id in over:
        known = screened.get(building_id), reviewed.get(building_id)
        if known != (None, None):
            held[building_id] = replace(held[building_id], screened=known[0], review_since=known[1])
            proposals[building_id] = by_day.propose(held[building_id])
    return {building_id: proposal for building_id, proposal in proposals.items() if proposal is not None}


class _ByDay:
    """Proposals asked once for all places alike by Shanghai dates: of 80,000 sealed ones few differ."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._found: dict[tuple[object, ...], Proposal | None] = {}

    def propose(self, held: Held) -> Proposal | None:
        moments = (
            held.since,
            held.last_positive,
            held.not_transferred,
            held.screened,
            held.review_since,
        )
        days = tuple(None if moment is None else _day_number(moment) for moment in moments)
        key = (held.level, held.before, *days)
        if key not in self._found:
            self._found[key] = propose(held, at=self._at)
        return self._found[key]


def _day_number(moment: datetime) -> int:
    """The Shanghai date as a count of days (UTC+8 throughout)."""
    return int(moment.timestamp() + 8 * 3600) // 86400


def _positives(building_ids: Collection[int], *, at: datetime) -> dict[int, tuple[datetime, datetime | None]]:
    """The latest report of a case that counts, and of one that has not been transferred, by building."""
    staying = or_(CaseRecord.transferred_at.is_(None), CaseRecord.transferred_at > at)
    reported = func.max(CaseRecord.reported_at)
    query = (
        select(CaseRecord.building_id, reported, reported.filter(staying))
        .where(within(CaseRecord.building_id, building_ids), CaseRecord.replaced_at.is_(None))
        .where(CaseRecord.excluded.is_(None), CaseRecord.reported_at <= at)
        .group_by(CaseRecord.building_id)
    )
    return {building_id: (last, there) for building_id, last, there in reading().execute(query)}


def _screened(building_ids: Collection[int], *, at: datetime) -> dict[int, datetime]:
    """The start of the Shanghai date of the latest complete screening, by building."""
    today = shanghai_date(at)
    query = (
        select(ScreeningRecord.building_id, func.max(ScreeningRecord.screened_on))
        .where(within(ScreeningRecord.building_id, building_ids), ScreeningRecord.replaced_at.is_(None))
        .where(ScreeningRecord.complete.is_(True))
        .where(ScreeningRecord.screened_on.between(today - _SCREENINGS_BACK, today))
        .group_by(ScreeningRecord.building_id)
    )
    return {building_id: start_of_day(on) for building_id, on in reading().execute(query)}


def _reviewed(building_ids: Collection[int], *, at: datetime) -> dict[int, datetime]:
    """Since when the oldest review still open at `at` is open, by building.

    As for neighbours: `confirmed` without its moment is over, the case takes over (reviews.py).
    """
    is_open = or_(ReviewRecord.cleared_at.is_(None), ReviewRecord.cleared_at > at)
    is_over = ReviewRecord.outcome.is_not_distinct_from("confirmed") & ReviewRecord.cleared_at.is_(None)
    query = (
        select(ReviewRecord.building_id, func.min(ReviewRecord.opened_at))
        .where(within(ReviewRecord.building_id, building_ids), ReviewRecord.replaced_at.is_(None))
        .where(ReviewRecord.opened_at <= at, is_open, ~is_over)
        .group_by(ReviewRecord.building_id)
    )
    return {row[0]: row[1] for row in reading().execute(query)}


def _levels(
    counted: Mapping[Zone | None, int], district_code: str | None, *, at: datetime
) -> dict[Zone | None, int]:
    """How many buildings hold each level. `counted`: of those with anything stricter than precaution on
    record; any other with a record that holds is precaution. Two queries."""
    buildings = select(func.count(Building.id))
    holding = select(func.count(ZoneRecord.building_id.distinct())).where(
        ZoneRecord.replaced_at.is_(None),
        ZoneRecord.since <= at,
        or_(ZoneRecord.until.is_(None), ZoneRecord.until > at),
    )
    if district_code is not None:
        buildings = buildings.where(_in_district(Building.id, district_code))
        holding = holding.where(_in_district(ZoneRecord.building_id, district_code))
    total, covered = reading().scalar(buildings) or 0, reading().scalar(holding) or 0
    known: dict[Zone | None, int] = {level: counted.get(level, 0) for level in LEVELS}
    known["precaution"] += covered - sum(known.values())
    return known | {None: total - covered}
