"""Who is expected at a compound's gate on a day, and the papers that were made of it.

Expected is who holds a pass out of one of its buildings, is to arrive that day or was before, has not left,
and whose evidence is good now. A paper cannot be evaluated at the gate, so nobody else is on it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import undefer

from resume.db import in_chunks, reading
from resume.firms.models import Firm, Site
from resume.manifests.models import Manifest
from resume.passes.lifecycle import Status
from resume.passes.models import Pass
from resume.passes.queries import status_column
from resume.places.models import Building, Compound
from resume.plans.models import Plan, PlanVersion
from resume.plans.queries import answers_of
from resume.policy import SHANGHAI, Answer
from resume.refusals import NotFound
from resume.roster.details import WorkerDetails, open_details
from resume.roster.eligibility import verdicts_of
from resume.roster.models import Worker

#: How long a paper gives green, and how long it may be asked about at all: as a list without network.
GREEN, LIFE = timedelta(hours=4), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Line:
    """One expected person. `departs_at` "HH:MM" is that of his vehicle in the firm's plan, "" where none is
    said; `good_until`: to when his evidence holds as things are."""

    pass_id: UUID
    number: str
    person: WorkerDetails
    firm: str
    building: str
    plant: str
    departs_at: str
    plate: str
    shift: str
    arrive_on: date
    good_until: datetime

    @property
    def grouped_number(self) -> str:
        return f"{self.number[:4]} {self.number[4:8]} {self.number[8:12]} {self.number[12:]}"

    @property
    def last_four(self) -> str:
        return self.person.document_number[-4:]


@dataclass(frozen=True, slots=True)
class Expected:
    """The lines by firm and time; how many more hold a suspended pass, or evidence that is not good."""

    compound: Compound
    day: date
    at: datetime
    lines: Sequence[Line]
    suspended: int
    not_ready: int

    @property
    def digest(self) -> str:
        """SHA-256 over what the lines say without names: the same list has the same digest."""
        said = [
            [line.number, line.departs_at, line.plate, line.good_until.isoformat()] for line in self.lines
        ]
        whole = [self.compound.id, self.day.isoformat(), said]
        return hashlib.sha256(json.dumps(whole, separators=(",", ":")).encode()).hexdigest()


def shown_digest(digest: str) -> str:
    """As it is printed and compared: 16 digits in groups of four."""
    return " ".join(digest[start : start + 4].upper() for start in range(0, 16, 4))


def expected_at(compound: Compound, day: date, *, at: datetime) -> Expected:
    """Whom to expect on a Shanghai day, as things are at `at`. A fixed number of statements."""
    rows = _holders(compound.id, day, at)
    held = sum(status == Status.SUSPENDED for *_others, status in rows)
    live = [row for row in rows if row[-1] == Status.ACTIVE]
    good = _good_until([(worker, state) for _pass, worker, _f, _s, _b, state, _status in live], at)
    times = _departures({row[0].firm_id for row in live}, at)
    lines = [
        Line(
            pass_id=found.id,
            number=found.number,
            person=open_details(worker),
            firm=firm.short_name,
            building=building.short_name,
            plant=site.name,
            departs_at=times.get((found.firm_id, worker.plate), ""),
            plate=worker.plate,
            shift=worker.shift,
            arrive_on=worker.arrive_on,
            good_until=good[worker.id],
        )
        for found, worker, firm, site, building, _state, _status in live
        # A paper cannot be evaluated at the gate: whose evidence ends before the day is not on it.
        if worker.id in good and good[worker.id] >= _begin(day)
    ]
    lines.sort(key=lambda line: (line.firm, line.departs_at or "99", line.plate, line.building, line.number))
    return Expected(compound, day, at, lines, held, len(live) - len(lines))


def _holders(compound_id: int, day: date, at: datetime) -> Sequence[Any]:
    query = (
        select(Pass, Worker, Firm, Site, Building, Plan.state, status_column(at).label("status"))
        .join(Worker, Worker.id == Pass.worker_id)
        .join(Firm, Firm.id == Pass.firm_id)
        .join(Site, Site.id == Pass.site_id)
        .join(Building, Building.id == Pass.building_id)
        .outerjoin(Plan, Plan.firm_id == Pass.firm_id)
        .where(*_expected(day), Building.compound_id == compound_id)
        .order_by(Pass.number)
    )
    return reading().execute(query).all()


def _expected(day: date) -> list[ColumnElement[bool]]:
    """Who may still go out on that day, evidence aside."""
    return [
        Pass.is_live.is_(True),
        Pass.out_at.is_(None),
        Pass.expires_at > _begin(day),
        Worker.arrive_on <= day,
        Worker.left_at.is_(None),
    ]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _good_until(workers: Sequence[tuple[Worker, str | None]], at: datetime) -> dict[UUID, datetime]:
    """To when the evidence of those holds of whom it is good. Statements for each state of a plan."""
    found: dict[UUID, datetime] = {}
    for state in sorted({state or "none" for _worker, state in workers}):
        group = [worker for worker, of in workers if (of or "none") == state]
        for worker, verdict in zip(group, verdicts_of(group, at=at, plan=state), strict=True):
            if verdict.outcome is Answer.ELIGIBLE and verdict.good_until is not None:
                found[worker.id] = verdict.good_until
    return found


def _departures(firm_ids: set[int], at: datetime) -> Mapping[tuple[int, str], str]:
    """(firm, plate) -> "HH:MM", from the newest approved version of each plan. One query a chunk of firms."""
    found: dict[tuple[int, str], str] = {}
    for chunk in in_chunks(sorted(firm_ids)):
        query = (
            select(Plan.firm_id, PlanVersion.sections)
            .join(PlanVersion, PlanVersion.plan_id == Plan.id)
            .where(Plan.firm_id.in_(chunk), PlanVersion.approved_at.is_not(None))
            .order_by(Plan.firm_id, PlanVersion.number)
        )
        newest = {row.firm_id: row.sections for row in reading().execute(query)}
        for firm_id, sections in newest.items():
            for vehicle in answers_of(sections, at=at).rows("transport"):
                if vehicle.get("plate") and vehicle.get("departs_at"):
                    found[firm_id, vehicle["plate"]] = str(vehicle["departs_at"])[:5]
    return found


def count_expected(*, district_code: str, street: str, day: date) -> Sequence[tuple[Compound, int]]:
    """The street's compounds of which somebody may go out that day, with how many hold a pass. One query."""
    query = (
        select(Compound, func.count(Pass.id))
        .join(Building, Building.compound_id == Compound.id)
        .join(Pass, Pass.building_id == Building.id)
        .join(Worker, Worker.id == Pass.worker_id)
        .where(*_expected(day))
        .where(Compound.district_code == district_code, Compound.street == street)
        .group_by(Compound.id)
        .order_by(Compound.name, Compound.id)
    )
    return [(compound, count) for compound, count in reading().execute(query)]


def list_manifests(compound_id: int, day: date) -> Sequence[Manifest]:
    """The papers made for a compound and day, newest first."""
    query = select(Manifest).where(Manifest.compound_id == compound_id, Manifest.day == day)
    return reading().scalars(query.order_by(Manifest.number.desc())).all()


def get_manifest(manifest_id: UUID, *, with_file: bool = False) -> Manifest:
    """A paper, with its sealed file where asked, or NotFound. Whose it is, is the caller's to ask."""
    options = [undefer(Manifest.sealed_pdf)] if with_file else []
    found = reading().get(Manifest, manifest_id, options=options, populate_existing=with_file)
    if found is None:
        raise NotFound
    return found
