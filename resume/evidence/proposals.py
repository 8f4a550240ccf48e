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
from resume.evidence.sets import within
from resume.evidence.zones import (
    Base,
    ZoneState,
    ZoneStatus,
    base_of,
    by_building,
    read_zones,
    status_of,
    zone_states,
)
from resume.places.models import Building, Compound
from resume.places.queries import buildings_by_id
from resume.policy.facts import Zone
from resume.policy.zones import Held, Proposal, propose

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
    rows = read_zones([building_id], at=at)
    return _complete(_held(rows, at=at), at=at).get(building_id)


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
    strict = by_building(
        ZoneState._make(row) for row in reading().execute(_strict_states(district_code), {"at": at})
    )
    statuses = {building_id: status_of(rows, at=at) for building_id, rows in strict.items()}
    proposals = _complete(_held(strict, at=at), at=at)
    stages = {building_id: _stage(proposal, at) for building_id, proposal in proposals.items()}
    wanted = sorted(
        (proposals[building_id].from_when, building_id)
        for building_id, found in stages.items()
        if found is stage
    )
    shown = [building_id for _from, building_id in wanted[offset : offset + limit]]
    buildings = buildings_by_id(shown)
    counted = Counter(stages.values())
    return ProposalPage(
        [BuildingProposal(buildings[one], statuses[one], proposals[one], stage) for one in shown],
        {each: counted[each] for each in Stage},
        _levels(statuses, district_code, at=at),
    )


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


def _held(rows: Mapping[int, Sequence[ZoneState]], *, at: datetime) -> dict[int, Held]:
    """What stands at each building whose own level can be lowered, with its positives. One query."""
    bases = {building_id: base_of(states, at=at) for building_id, states in rows.items()}
    strict: dict[int, Base] = {
        building_id: base
        for building_id, base in bases.items()
        if base is not None and base.level != "precaution"
    }
    positives = _positives(strict, at=at)
    return {
        building_id: Held(base.level, base.since, base.before, *positives.get(building_id, (None, None)))
        for building_id, base in strict.items()
    }


def _complete(held: Mapping[int, Held], *, at: datetime) -> dict[int, Proposal]:
    """The proposals; where the days are over, with what is known of screenings and reviews. Two queries."""
    proposals = {building_id: propose(one, at=at) for building_id, one in held.items()}
    over = [
        building_id
        for building_id, proposal in proposals.items()
        if proposal is not None and proposal.is_over(at)
    ]
    screened, reviewed = _screened(over, at=at), _reviewed(over, at=at)
    for building_id in over:
        known = replace(
            held[building_id],
            screened=screened.get(building_id),
            review_since=reviewed.get(building_id),
        )
        proposals[building_id] = propose(known, at=at)
    return {building_id: proposal for building_id, proposal in proposals.items() if proposal is not None}


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
    statuses: Mapping[int, ZoneStatus], district_code: str | None, *, at: datetime
) -> dict[Zone | None, int]:
    """How many buildings hold each level. Two queries: all buildings, and those with any record that holds.

    Who has nothing stricter on record and any that holds is precaution.
    """
    buildings = select(func.count(Building.id))
    holding = select(func.count(ZoneRecord.building_id.distinct())).where(
        ZoneRecord.replaced_at.is_(None),
        ZoneRecord.since <= at,
        or_(ZoneRecord.until.is_(None), ZoneRecord.until > at),
    )
    if district_code is not None:
        buildings = buildings.where(_in_district(Building.id, district_code))
        holding = holding.where(_in_district(ZoneRecord.building_id, district_code))
    counted = Counter(status.level for status in statuses.values())
    total, covered = reading().scalar(buildings) or 0, reading().scalar(holding) or 0
    among_others = covered - (len(statuses) - counted[None])
    return {
        "sealed": counted["sealed"],
        "controlled": counted["controlled"],
        "precaution": counted["precaution"] + among_others,
        None: total - covered,
    }
