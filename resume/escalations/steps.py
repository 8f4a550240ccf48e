"""Steps for the doors of gates: a good pass was refused; somebody left for medical care.

What comes later from a device without network opens the same cases: the clock begins when this database
learns of it, for nobody could answer before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from resume import audit, jobs
from resume.db import joined
from resume.escalations.models import Escalation, ExitNotice
from resume.escalations.telling import EXIT_JOB, tell_refusals
from resume.passes.models import Pass
from resume.places.models import Gate
from resume.policy import policy_at
from resume.roles import Actor
from resume.sets import within


@dataclass(frozen=True, slots=True)
class Refused:
    """A good pass that was refused at a gate at `at`: the scan's number and the guard's coded reason."""

    nonce: UUID
    gate_id: int
    pass_id: UUID
    reason: str
    at: datetime
    guard: str


@dataclass(frozen=True, slots=True)
class Left:
    """A medical exit: its number, gate and moment."""

    exit_id: UUID
    gate_id: int
    at: datetime


def open_escalation(
    nonce: UUID, *, gate_id: int, pass_id: UUID, reason: str, refused_at: datetime, by: Actor, at: datetime
) -> None:
    """A step: open the case of one refused scan at `at`, and tell the street's desk and the firm."""
    open_escalations([Refused(nonce, gate_id, pass_id, reason, refused_at, by.name)], by=by, at=at)


def open_escalations(refused: Sequence[Refused], *, by: Actor, at: datetime) -> int:
    """A step: open a case for each refused scan; the number of new ones.

    A scan that has its case opens no second; one of a pass whose case is open at that gate adds to it. A
    fixed number of statements, and one row of the audit.
    """
    if not refused:
        return 0
    known, waiting = _known(refused)
    gates = _gates({one.gate_id for one in refused})
    firms = _firms({one.pass_id for one in refused})
    minutes = policy_at(at).duties.refusal_minutes.value
    opened: list[Escalation] = []
    for one in refused:
        if one.nonce in known:
            continue
        known.add(one.nonce)
        case = waiting.get((one.pass_id, one.gate_id))
        if case is not None:
            case.attempts += 1
            continue
        case = _case(one, gates[one.gate_id], firms[one.pass_id], at, at + timedelta(minutes=minutes))
        waiting[one.pass_id, one.gate_id] = case
        opened.append(case)
    joined().add_all(opened)
    joined().flush()
    if opened:
        _audit(opened, by=by, at=at)
        tell_refusals(opened, gates, at=at)
    return len(opened)


def tell_committee(exits: Sequence[Left]) -> None:
    """A step: the street's desk is to be told of medical exits, once each, for the committees to be informed.

    The telling itself is a job of the same transaction: whatever goes wrong with it, nobody is kept inside.
    """
    if not exits:
        return
    query = select(ExitNotice.exit_id).where(within(ExitNotice.exit_id, {one.exit_id for one in exits}))
    known = set(joined().scalars(query))
    gates = _gates({one.gate_id for one in exits})
    rows = [
        ExitNotice(
            exit_id=one.exit_id,
            gate_id=one.gate_id,
            district_code=gates[one.gate_id].district_code,
            street=gates[one.gate_id].street,
            at=one.at,
        )
        for one in {one.exit_id: one for one in exits}.values()
        if one.exit_id not in known
    ]
    joined().add_all(rows)
    joined().flush()
    jobs.enqueue(EXIT_JOB, [(str(row.exit_id), {"exit": str(row.exit_id)}) for row in rows])


def _known(refused: Sequence[Refused]) -> tuple[set[UUID], dict[tuple[UUID, int], Escalation]]:
    """Scans that have a case, and the open cases of these passes by pass and gate. Two queries."""
    nonces = select(Escalation.nonce).where(within(Escalation.nonce, {one.nonce for one in refused}))
    known = set(joined().scalars(nonces))
    cases = select(Escalation).where(
        within(Escalation.pass_id, {one.pass_id for one in refused}), Escalation.outcome == ""
    )
    return known, {(case.pass_id, case.gate_id): case for case in joined().scalars(cases)}


def _gates(ids: Collection[int]) -> dict[int, Gate]:
    return {gate.id: gate for gate in joined().scalars(select(Gate).where(within(Gate.id, ids)))}


def _firms(ids: Collection[UUID]) -> dict[UUID, int]:
    query = select(Pass.id, Pass.firm_id).where(within(Pass.id, ids))
    return dict(joined().execute(query).all())


def _case(one: Refused, gate: Gate, firm_id: int, at: datetime, due_at: datetime) -> Escalation:
    return Escalation(
        nonce=one.nonce,
        gate_id=one.gate_id,
        pass_id=one.pass_id,
        firm_id=firm_id,
        district_code=gate.district_code,
        street=gate.street,
        reason=one.reason,
        guard=one.guard,
        attempts=1,
        refused_at=one.at,
        opened_at=at,
        due_at=due_at,
        outcome="",
    )


def _audit(opened: Sequence[Escalation], *, by: Actor, at: datetime) -> None:
    """The reason stays out: it may be of a person's health."""

    def numbers() -> Iterator[str]:
        return (str(case.nonce) for case in opened)

    first = opened[0]
    subject = first.subject if len(opened) == 1 else f"gate:{first.gate_id}"
    audit.record("refusal.opened", subject, by=by, at=at, gate=first.gate_id, scans=list(numbers()))
