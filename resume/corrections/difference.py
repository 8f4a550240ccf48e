"""What a correction changes: passes, workers and firms before and after, and the level of buildings.

Measured, not predicted: the correction is taken in inside a door, which is rolled back where it is only to be
seen. So what a steward reads before he confirms is what the confirmation does at that moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from resume.corrections.kinds import Concern
from resume.db import reading
from resume.evidence.buildings import read_buildings
from resume.firms.models import Firm
from resume.passes.models import Pass
from resume.passes.reassess import live_condition
from resume.places.queries import buildings_by_id
from resume.policy import Answer, policy_at
from resume.roster.eligibility import PROFILE, verdicts_of
from resume.roster.models import Claim, Worker
from resume.sets import within


@dataclass(slots=True)
class FirmDifference:
    """Of one firm: passes that are suspended or heal; workers who are eligible no longer, or now."""

    firm_id: int
    name: str
    suspended: int = 0
    healed: int = 0
    lost: int = 0
    gained: int = 0


@dataclass(slots=True)
class BuildingDifference:
    """A building whose level changes; None: no level."""

    name: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Difference:
    """What changes, firms by name; `workers`: how many live workers were looked at."""

    firms: list[FirmDifference] = field(default_factory=list)
    buildings: list[BuildingDifference] = field(default_factory=list)
    workers: int = 0

    def total(self, name: str) -> int:
        """The sum over all firms of suspended, healed, lost or gained."""
        return sum(getattr(firm, name) for firm in self.firms)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Difference:
        """The opposite of `to_json`."""
        return cls(
            [FirmDifference(**firm) for firm in content["firms"]],
            [BuildingDifference(**building) for building in content["buildings"]],
            content["workers"],
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How those concerned stand at one moment: worker -> (firm, eligible); pass -> (firm, suspended)."""

    workers: Mapping[UUID, tuple[int, bool]]
    passes: Mapping[UUID, tuple[int, bool]]
    levels: Mapping[int, str | None]


def snapshot(concern: Concern, *, at: datetime) -> Snapshot:
    """Those concerned as they stand now. A fixed number of statements."""
    mine = (Worker.list_id == Claim.list_id) & (Worker.person_key == Claim.person_key)
    concerned = or_(
        within(Worker.building_id, concern.building_ids), within(Worker.person_key, concern.person_keys)
    )
    rows = reading().execute(select(Worker, Claim.firm_id).join(Claim, mine).where(concerned)).all()
    verdicts = verdicts_of([row[0] for row in rows], at=at, plan=None)
    passes = select(Pass.id, Pass.firm_id, Pass.is_suspended).where(
        live_condition(at),
        or_(within(Pass.building_id, concern.building_ids), within(Pass.person_key, concern.person_keys)),
    )
    days = policy_at(at).profile(PROFILE).terms.screening_days.value
    places = read_buildings(concern.building_ids, at=at, screening_days=days)
    return Snapshot(
        {
            worker.id: (firm_id, verdict.outcome is Answer.ELIGIBLE)
            for (worker, firm_id), verdict in zip(rows, verdicts, strict=True)
        },
        {row.id: (row.firm_id, row.is_suspended) for row in reading().execute(passes)},
        {building_id: place.zone for building_id, place in places.items()},
    )


def compare(before: Snapshot, after: Snapshot) -> Difference:
    """What is otherwise afterwards."""
    firms: defaultdict[int, FirmDifference] = defaultdict(lambda: FirmDifference(0, ""))
    for word_gone, word_come, old, new in (
        ("lost", "gained", before.workers, after.workers),
        ("healed", "suspended", before.passes, after.passes),
    ):
        for row_id, (firm_id, holds) in new.items():
            held = old.get(row_id, (firm_id, holds))[1]
            if held != holds:
                word = word_come if holds else word_gone
                setattr(firms[firm_id], word, getattr(firms[firm_id], word) + 1)
    names = select(Firm.id, Firm.name).where(within(Firm.id, firms.keys()))
    for firm_id, name in reading().execute(names):
        firms[firm_id].firm_id, firms[firm_id].name = firm_id, name
    moved = [key for key, level in after.levels.items() if before.levels.get(key) != level]
    buildings = buildings_by_id(moved)
    return Difference(
        sorted(firms.values(), key=lambda firm: (firm.name, firm.firm_id)),
        [
            BuildingDifference(buildings[key].short_name, before.levels.get(key), after.levels[key])
            for key in sorted(moved)
        ],
        len(after.workers),
    )
