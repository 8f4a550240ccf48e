"""Answers to many passes at once, each as of a moment of its own: for what happened without network.

`answer.py` asks about one pass now; here everything that a batch presents is read in a fixed number of
queries, and each is then checked in memory by the same `credential.check` with what this database knows of
that moment: status, evidence, and what of the trip was recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import or_, select

from resume.credential.check import check
from resume.credential.cose import Malformed
from resume.credential.keys import KeySet
from resume.credential.number import BadNumber, parse_number
from resume.credential.payload import Claims
from resume.credential.token import parse
from resume.credential.views import Antigen, EvidenceAnswer, GateView, PassStatus, TripView
from resume.db import reading
from resume.gate.answer import Check, looks_like_number, unregistered
from resume.passes.keys import key_set
from resume.passes.models import Pass, Suspension
from resume.passes.sheets import token_of
from resume.plans.models import Plan
from resume.policy import Facts, NoPolicy, decide
from resume.roster.eligibility import facts_over
from resume.roster.models import Worker
from resume.sets import within
from resume.trips.steps import due_at


@dataclass(frozen=True, slots=True)
class Asked:
    """What was presented, when, and the antigen result on the spot."""

    presented: str
    at: datetime
    antigen: Antigen | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """A pass with its worker, the state of the firm's plan now, and every cause that ever held it."""

    found: Pass
    worker: Worker
    plan: str
    causes: Sequence[Suspension]

    def causes_at(self, at: datetime) -> list[Suspension]:
        return [row for row in self.causes if row.since <= at and (row.ended_at is None or row.ended_at > at)]

    def plan_at(self, at: datetime) -> str:
        """A pass has an approved plan unless a cause of its own says otherwise for that moment."""
        is_held = any(row.code.startswith("PLAN_") for row in self.causes_at(at))
        return self.plan if is_held or self.plan == "approved" else "approved"

    def status_at(self, at: datetime, trip: TripView) -> PassStatus:
        found = self.found
        if found.revoked_at is not None and found.revoked_at <= at:
            return PassStatus.REVOKED
        if found.replaced_at is not None and found.replaced_at <= at:
            return PassStatus.REPLACED
        if trip.in_at is not None:
            return PassStatus.USED
        return PassStatus.SUSPENDED if self.causes_at(at) else PassStatus.ACTIVE


Key = UUID | str


class Knowledge:
    """What this database knows of everything in a batch. Ten queries, whatever its size."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._key_of = {one.presented: _key(one.presented) for one in asked}
        self._keys: KeySet = key_set()
        self._held = _read(set(self._key_of.values()) - {None})  # type: ignore[arg-type]
        self._facts = self._read_facts(asked)

    def find(self, presented: str) -> Pass | None:
        """The pass whose id or number was presented, genuine or not."""
        held = self._find(presented)
        return None if held is None else held.found

    def passes(self) -> list[Pass]:
        return [held.found for held in {held.found.id: held for held in self._held.values()}.values()]

    def answer(
        self, asked: Asked, *, gate: GateView, out_at: datetime | None, in_at: datetime | None
    ) -> Check:
        """The answer as of `asked.at`; `out_at`, `in_at`: the passages that stand, also later ones."""
        held = self._find(asked.presented)
        is_number = isinstance(self._key_of[asked.presented], str)
        if is_number and held is None:
            return unregistered()
        trip = TripView() if held is None else _trip(held.found, asked.at, out_at, in_at)
        answer = check(
            token_of(held.found) if is_number and held is not None else asked.presented,
            self._keys,
            at=asked.at,
            gate=gate,
            status_of=lambda _: None if held is None else held.status_at(asked.at, trip),
            evidence=lambda claims: None if held is None else self._evidence(held, claims, asked.at),
            trip=trip,
            antigen=asked.antigen,
            ask_phone=not is_number,
        )
        # A forged token may carry the id of a real pass: then it is not that pass that was presented.
        return Check(answer, None if held is None or answer.claims is None else held.found)

    def _find(self, presented: str) -> _Held | None:
        key = self._key_of[presented]
        return None if key is None else self._held.get(key)

    def _read_facts(self, asked: Sequence[Asked]) -> Mapping[tuple[UUID, datetime], Facts | None]:
        wanted = {
            (held.found.id, one.at): (held.worker, one.at, held.plan_at(one.at))
            for one in asked
            if (held := self._find(one.presented)) is not None
        }
        return dict(zip(wanted, facts_over(list(wanted.values())), strict=True)) if wanted else {}

    def _evidence(self, held: _Held, claims: Claims, at: datetime) -> EvidenceAnswer | None:
        facts = self._facts[held.found.id, at]
        if facts is None:
            return None
        try:
            verdict = decide(facts, profile=claims.payload.profile, at=at)
        except NoPolicy:
            return None
        codes = dict.fromkeys(finding.code for finding in verdict.findings if finding.outcome != "met")
        outcome: Literal["eligible", "not_eligible", "not_known"] = verdict.outcome.value
        return EvidenceAnswer(outcome, tuple(codes))


def _key(presented: str) -> Key | None:
    """The pass number or the token's id, as far as there is one."""
    if looks_like_number(presented):
        try:
            return parse_number(presented)
        except BadNumber:
            return None
    try:
        return UUID(bytes=parse(presented).claims.cti)
    except Malformed:
        return None


def _read(keys: Collection[Key]) -> dict[Key, _Held]:
    """The passes of these ids and numbers, by both. Two queries."""
    ids = [key for key in keys if isinstance(key, UUID)]
    numbers = [key for key in keys if isinstance(key, str)]
    query = (
        select(Pass, Worker, Plan.state)
        .join(Worker, Worker.id == Pass.worker_id)
        .outerjoin(Plan, Plan.firm_id == Pass.firm_id)
        .where(or_(within(Pass.id, ids), within(Pass.number, numbers)))
    )
    rows = reading().execute(query.execution_options(populate_existing=True)).all()
    causes = _causes([row[0].id for row in rows])
    found: dict[Key, _Held] = {}
    for held, worker, plan in rows:
        one = _Held(held, worker, plan or "none", causes.get(held.id, ()))
        found[held.id] = found[held.number] = one
    return found


def _causes(pass_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[Suspension]]:
    query = select(Suspension).where(within(Suspension.pass_id, list(pass_ids)))
    found: dict[UUID, list[Suspension]] = defaultdict(list)
    for row in reading().scalars(query.execution_options(populate_existing=True)):
        found[row.pass_id].append(row)
    return found


def _trip(found: Pass, at: datetime, out_at: datetime | None, in_at: datetime | None) -> TripView:
    """What of the trip was recorded by `at`."""
    came = in_at if in_at is not None and in_at <= at else None
    if out_at is None or out_at > at:
        return TripView(in_at=came)
    return TripView(out_at, came, covers_until=due_at(out_at, found.profile, at=at))
