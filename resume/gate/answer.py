"""The answer of a gate on line: what was presented, checked against this database at one moment.

The order of the checks is `credential.check`; here it is given the keys, the status now, the trip, and the
evidence as the policy judges it at this very moment. A genuine token without a row in this database is one
whose status nobody here knows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from resume.credential.check import check
from resume.credential.cose import Malformed
from resume.credential.number import parse_number
from resume.credential.payload import Claims
from resume.credential.token import Token, parse
from resume.credential.views import (
    Advice,
    Answer,
    Antigen,
    EvidenceAnswer,
    GateView,
    PassStatus,
    TripView,
    Verdict,
)
from resume.db import UtcTime, reading
from resume.evidence.facts import Subject
from resume.passes.keys import key_set
from resume.passes.models import Pass
from resume.passes.queries import suspended_at
from resume.passes.sheets import token_of
from resume.plans.models import Plan
from resume.policy import decide, policy_at
from resume.roster.eligibility import facts_of_subjects
from resume.roster.models import Worker

#: The public check page: it stands at no place and takes passes of every profile.
ANYWHERE = GateView("v")
PROFILE: Final = "RTW"
NOT_REGISTERED = "NOT_LISTED"
_NUMBER_LENGTH = 24  # as people type it, with spaces or hyphens
_LAYERS = ("shape", "key", "signature", "time", "status", "gate", "evidence", "trip")


class Stored(NamedTuple):
    """A pass, its worker as evidence knows him, the state of the firm's plan, whether a cause holds it."""

    found: Pass
    subject: Subject
    plan: str | None
    is_held: bool


class Passage(NamedTuple):
    """One recorded step of a trip: "out" or "in", when, and through which gate (its id)."""

    direction: str
    at: datetime
    gate_id: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """What a check came to. `found` is None where this database has no such pass."""

    answer: Answer
    found: Pass | None
    passages: tuple[Passage, ...] = ()


def looks_like_number(presented: str) -> bool:
    """Whether this is meant as a typed number; anything longer is a scanned code."""
    return len(presented.strip()) <= _NUMBER_LENGTH


def answer_for(
    presented: str, *, gate: GateView, at: datetime, antigen: Antigen | None = None, by_number: bool = True
) -> Check:
    """The answer to a scanned text, its base32, or (`by_number`) a pass number as people type it.

    Raises BadNumber for a number that is mistyped, NoPolicy before the first policy. Seven queries for a pass
    of this database, one for what is no token of ours.
    """
    if by_number and looks_like_number(presented):
        stored = _find("number", parse_number(presented), at)
        return unregistered() if stored is None else _judge(token_of(stored.found), stored, gate, at, antigen)
    try:
        token = parse(presented)
    except Malformed:
        return Check(_check(presented, None, gate, at, antigen), None)
    return _judge(token, _find("id", UUID(bytes=token.claims.cti), at), gate, at, antigen)


def answer_again(pass_id: UUID, *, gate: GateView, at: datetime, antigen: Antigen | None) -> Check:
    """The answer for a pass of this database, whose token was presented before."""
    stored = _find("id", pass_id, at)
    assert stored is not None  # a scan names it, and passes are never deleted
    return _judge(token_of(stored.found), stored, gate, at, antigen)


def _judge(
    presented: bytes | Token, stored: Stored | None, gate: GateView, at: datetime, antigen: Antigen | None
) -> Check:
    answer = _check(presented, stored, gate, at, antigen)
    # A forged token may carry the id of a real pass: then it is not that pass that was presented.
    if stored is None or answer.claims is None:
        return Check(answer, None)
    return Check(answer, stored.found, passages_of(stored.found))


def passages_of(found: Pass) -> tuple[Passage, ...]:
    """What of the trip is recorded by now, in its order."""
    recorded = (("out", found.out_at, found.out_gate_id), ("in", found.in_at, found.in_gate_id))
    return tuple(Passage(direction, at, gate_id) for direction, at, gate_id in recorded if at is not None)


def _check(
    presented: str | bytes | Token,
    stored: Stored | None,
    gate: GateView,
    at: datetime,
    antigen: Antigen | None,
) -> Answer:
    return check(
        presented,
        key_set(),
        at=at,
        gate=gate,
        status_of=lambda _: None if stored is None else _status(stored, at),
        evidence=lambda claims: None if stored is None else _evidence(stored, claims, at),
        trip=TripView() if stored is None else trip_of(stored.found, at),
        antigen=antigen,
        # Bytes are the token kept here: of a typed number, or at a second look. No phone was held up for it.
        ask_phone=not isinstance(presented, bytes),
    )


def _find(named: Literal["id", "number"], value: UUID | str, at: datetime) -> Stored | None:
    """The pass with its worker, the firm's plan, and whether a cause holds it at `at`. One query."""
    row = reading().execute(_stored(named), {"asked": value, "at": at}).first()
    return None if row is None else Stored(row[0], Subject(*row[3:]), row[1], bool(row[2]))


@cache  # made once: at a gate, making a statement costs more than running it
def _stored(named: Literal["id", "number"]) -> Select[*tuple[Any, ...]]:
    attribute = Pass.id if named == "id" else Pass.number
    query = (
        select(Pass, Plan.state, suspended_at(bindparam("at", type_=UtcTime)))
        .add_columns(*(getattr(Worker, one.name) for one in fields(Subject)))
        .join(Worker, Worker.id == Pass.worker_id)
        .outerjoin(Plan, Plan.firm_id == Pass.firm_id)
        .where(attribute == bindparam("asked", type_=attribute.type))
    )
    # Inside a door this must be what is so now, not what an earlier reading kept.
    return query.execution_options(populate_existing=True)


def _status(stored: Stored, at: datetime) -> PassStatus:
    """Where the pass stands at `at`; its end is the token's own to say."""
    found = stored.found
    for moment, status in (
        (found.revoked_at, PassStatus.REVOKED),
        (found.replaced_at, PassStatus.REPLACED),
        (found.in_at, PassStatus.USED),
    ):
        if moment is not None and moment <= at:
            return status
    return PassStatus.SUSPENDED if stored.is_held else PassStatus.ACTIVE


def trip_of(found: Pass, at: datetime) -> TripView:
    """What of the trip is on record at `at`; an exit covers its bearer for the hours a trip may take."""
    out_at = found.out_at if found.out_at is not None and found.out_at <= at else None
    in_at = found.in_at if found.in_at is not None and found.in_at <= at else None
    if out_at is None:
        return TripView(in_at=in_at)
    hours = policy_at(at).profile(found.profile).terms.trip_hours.value
    return TripView(out_at, in_at, covers_until=out_at + timedelta(hours=hours))


def _evidence(stored: Stored, claims: Claims, at: datetime) -> EvidenceAnswer:
    """The policy's verdict on this worker at this moment. Five queries."""
    facts = facts_of_subjects([stored.subject], at=at, plan=stored.plan or "none")[0]
    verdict = decide(facts, profile=claims.payload.profile, at=at)
    codes = dict.fromkeys(finding.code for finding in verdict.findings if finding.outcome != "met")
    outcome: Literal["eligible", "not_eligible", "not_known"] = verdict.outcome.value
    return EvidenceAnswer(outcome, tuple(codes))


def unregistered() -> Check:
    """A well-formed number that nobody was given: there is no pass to look at."""
    layers = dict.fromkeys(_LAYERS, "unchecked") | {"status": "refused"}
    return Check(Answer(Verdict.RED, NOT_REGISTERED, (NOT_REGISTERED,), None, layers, Advice.REFUSE), None)
