"""Bearers of live passes as gates meet them: token, status, trip, and the evidence at each second."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from resume.credential.check import check
from resume.credential.keys import KeySet
from resume.credential.token import qr_text
from resume.credential.views import Answer, EvidenceAnswer, GateView, PassStatus, TripView
from resume.db import reading
from resume.gate.answer import PROFILE
from resume.passes.keys import key_set
from resume.passes.models import Pass
from resume.passes.reassess import live_condition
from resume.passes.sheets import token_of
from resume.places.models import Building, Gate
from resume.plans.models import Plan
from resume.policy import Facts, Verdict, decide, policy_at
from resume.roster.eligibility import facts_of
from resume.roster.models import Worker
from resume.sealing import sealer
from resume.sets import within
from resume.settings import Settings


class Bearer(NamedTuple):
    """A live pass whose bearer is at home."""

    number: str
    firm_id: int

    @property
    def serial(self) -> int:
        return int(self.number[6:12])


@dataclass(slots=True)
class Traveller:
    """A live pass whose bearer has not left when the wave begins."""

    number: str
    pass_id: UUID
    building_id: int
    compound_id: int
    site_id: int
    firm_id: int
    plate: str
    token: bytes
    digest: bytes
    is_suspended: bool
    facts: Facts
    keys: KeySet
    out_at: datetime | None = None
    in_at: datetime | None = None
    _verdict: Verdict | None = None
    _answers: dict[object, Answer] = field(default_factory=dict)

    def answer(self, gate: Gate, at: datetime, *, has_antigen: bool) -> Answer:
        """What the gate shows at `at`: `credential.check` with all that is known here.

        Asked once for each gate, trip and verdict: a second look a few minutes later says the same.
        """
        verdict = self._judged(at)
        asked = (gate.id, has_antigen, self.out_at, self.in_at, id(verdict))
        if asked not in self._answers:
            self._answers[asked] = self._check(gate, verdict, at, has_antigen=has_antigen)
        return self._answers[asked]

    def _check(self, gate: Gate, verdict: Verdict, at: datetime, *, has_antigen: bool) -> Answer:
        return check(
            self.token,
            self.keys,
            at=at,
            gate=self._view(gate),
            status_of=lambda _: self._status,
            evidence=lambda _: _evidence(verdict),
            trip=self._trip(at),
            antigen="negative" if has_antigen else None,
        )

    @property
    def _status(self) -> PassStatus:
        if self.in_at is not None:
            return PassStatus.USED
        return PassStatus.SUSPENDED if self.is_suspended else PassStatus.ACTIVE

    def _view(self, gate: Gate) -> GateView:
        """The gate as the check sees it; of its buildings only the bearer's can matter."""
        if gate.kind == "plant":
            plants = frozenset([gate.site_id]) if gate.site_id else frozenset[int]()
            return GateView(str(gate.id), "plant", PROFILE, plant_ids=plants, antigen_required=True)
        is_home = gate.compound_id == self.compound_id
        homes = frozenset([self.building_id]) if is_home else frozenset[int]()
        return GateView(str(gate.id), "compound", PROFILE, building_ids=homes)

    def _judged(self, at: datetime) -> Verdict:
        """The policy's verdict at `at`; one that holds until later is kept."""
        kept = self._verdict
        if kept is None or kept.good_until is None or not kept.at <= at <= kept.good_until:
            kept = self._verdict = decide(self.facts, profile=PROFILE, at=at)
        return kept

    def _trip(self, at: datetime) -> TripView:
        if self.out_at is None:
            return TripView()
        hours = policy_at(at).profile(PROFILE).terms.trip_hours.value
        return TripView(self.out_at, self.in_at, covers_until=self.out_at + timedelta(hours=hours))


def _evidence(verdict: Verdict) -> EvidenceAnswer:
    codes = dict.fromkeys(finding.code for finding in verdict.findings if finding.outcome != "met")
    outcome: Literal["eligible", "not_eligible", "not_known"] = verdict.outcome.value
    return EvidenceAnswer(outcome, tuple(codes))


def list_bearers(at: datetime) -> list[Bearer]:
    """Everybody who could leave at `at`, by pass number. One query."""
    query = select(Pass.number, Pass.firm_id).where(live_condition(at), Pass.out_at.is_(None))
    return [Bearer._make(row) for row in reading().execute(query.order_by(Pass.number))]


def read_travellers(numbers: Collection[str], at: datetime) -> list[Traveller]:
    """The bearers of these passes with what is known of them at `at`, by number. Twelve queries."""
    query = (
        select(Pass, Worker, Plan.state, Building.compound_id)
        .join(Worker, Worker.id == Pass.worker_id)
        .join(Plan, Plan.firm_id == Pass.firm_id)
        .join(Building, Building.id == Pass.building_id)
        .where(within(Pass.number, numbers))
        .order_by(Pass.number)
        .execution_options(populate_existing=True)
    )
    rows = reading().execute(query).all()
    facts = _facts([row[1] for row in rows], [row[2] for row in rows], at)
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    keys, index = key_set(), sealer().index
    found = []
    for (held, worker, _state, compound_id), each in zip(rows, facts, strict=True):
        token = token_of(held)
        found.append(
            Traveller(
                number=held.number,
                pass_id=held.id,
                building_id=held.building_id,
                compound_id=compound_id,
                site_id=held.site_id,
                firm_id=held.firm_id,
                plate=worker.plate,
                token=token,
                digest=index("scan", qr_text(settings.public_url, token)),
                is_suspended=held.is_suspended,
                facts=each,
                keys=keys,
            )
        )
    return found


def _facts(workers: Sequence[Worker], plans: Sequence[str], at: datetime) -> list[Facts]:
    """The facts of each with the state of his firm's plan: one reading for each state there is."""
    found: dict[int, Facts] = {}
    for state in set(plans):
        places = [place for place, plan in enumerate(plans) if plan == state]
        read = facts_of([workers[place] for place in places], at=at, plan=state)
        found |= zip(places, read, strict=True)
    return [found[place] for place in range(len(workers))]


def gates_by_place() -> Mapping[tuple[str, int], Gate]:
    """(kind, compound or plant) -> its gate."""
    found: dict[tuple[str, int], Gate] = {}
    for gate in reading().scalars(select(Gate).order_by(Gate.id.desc())):
        place = gate.compound_id if gate.kind == "compound" else gate.site_id
        if place is not None:
            found[gate.kind, place] = gate
    return found
