"""Replay: past decisions judged again from what they were sealed with, and from the ledger as known then.

From stored inputs a decision must come out the same always: the policy is pure, and its version is looked up
by the name it was taken under. From the ledger (`known`) the facts are read anew as they were known with the
last feed of the batch, so a feed that shares the decision's second is on the right side of it. What names no
feed is known by its time alone: the register of places (only whether a building has separate units), the
lists of other firms (who shares a flat), and the batches of a home from before feeds were noted there. A
change of those within the very second of a decision cannot be told from one before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from resume.applications.inputs import Inputs, open_inputs, said_by
from resume.applications.models import Application, Batch, Decision
from resume.db import reading
from resume.evidence.knowledge import Known
from resume.policy import BadFacts, Facts, UnknownProfile, UnknownVersion, Verdict, decide, policy_named
from resume.roster.eligibility import facts_of
from resume.roster.models import Worker
from resume.sealing import Unsealable

_UNUSABLE = (Unsealable, BadFacts, UnknownProfile, UnknownVersion)


@dataclass(frozen=True, slots=True)
class Difference:
    """A decision that came out otherwise. `stored` and `replayed`: outcome, good_until, findings.

    `error` instead of one of them: it could not be opened, or nobody knows its policy any more.
    """

    decision_id: UUID
    row: int
    stored: dict[str, Any] | None
    replayed: dict[str, Any] | None
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As `resume policy replay` prints it."""
        shown = {
            "decision": str(self.decision_id),
            "row": self.row,
            "stored": self.stored,
            "replayed": self.replayed,
        }
        return shown if self.error is None else shown | {"error": self.error}


@dataclass(slots=True)
class Replayed:
    """How many decisions were judged again, and those that came out otherwise."""

    decisions: int = 0
    differing: list[Difference] = field(default_factory=list)

    @property
    def same(self) -> int:
        return self.decisions - len(self.differing)

    def add(self, found: Difference | None) -> None:
        """Count a decision: None is one that came out the same."""
        self.decisions += 1
        if found is not None:
            self.differing.append(found)

    def to_json(self) -> dict[str, Any]:
        """As `resume policy replay` prints it."""
        differing = [found.to_json() for found in self.differing]
        return {"decisions": self.decisions, "same": self.same, "differing": differing}


def verdict_again(inputs: Inputs, batch: Batch, facts: Facts | None = None) -> Verdict:
    """The verdict on stored inputs, or on other facts, under the policy and at the moment of the decision.

    Raises UnknownVersion, UnknownProfile.
    """
    policy = policy_named(inputs.policy_version)
    return decide(facts or inputs.facts, profile=inputs.profile, at=batch.at, policy=policy)


def replay_stored(application: Application) -> Replayed:
    """Every decision of every batch of the case, judged again from its sealed inputs. One query a batch."""
    result = Replayed()
    for batch in _batches(application):
        for decision, worker in _decisions(batch):
            result.add(_compared(decision, worker, batch))
    return result


def replay_known(application: Application) -> Replayed:
    """As `replay_stored`, from the facts as the ledger gives them for what was known to each batch.

    The plan is the firm's, not the ledger's: it is taken as stored. Nine queries more a batch at most.
    """
    result = Replayed()
    for batch in _batches(application):
        rows = _decisions(batch)
        known = Known(batch.at, batch.intake_id)
        facts = facts_of([worker for _, worker in rows], at=batch.at, plan=None, known=known)
        for (decision, worker), found in zip(rows, facts, strict=True):
            result.add(_compared(decision, worker, batch, found))
    return result


def _compared(
    decision: Decision, worker: Worker, batch: Batch, facts: Facts | None = None
) -> Difference | None:
    """None where the decision comes out the same."""
    stored: dict[str, Any] | None = None
    try:
        inputs = open_inputs(decision.id, decision.sealed)
        stored = inputs.said
        if facts is not None:
            facts = replace(facts, plan=inputs.facts.plan, plan_ref=inputs.facts.plan_ref)
        verdict = verdict_again(inputs, batch, facts)
    except _UNUSABLE as error:
        return Difference(decision.id, worker.row, stored, None, str(error))
    replayed = said_by(verdict)
    if replayed == stored and _stands(decision, inputs, batch):
        return None
    return Difference(decision.id, worker.row, stored, replayed)


def _stands(decision: Decision, inputs: Inputs, batch: Batch) -> bool:
    """Whether the row says what its inputs say: approved only who was eligible, at the batch's second."""
    is_eligible = inputs.said["outcome"] == "eligible"
    return decision.at == batch.at and (is_eligible or not decision.is_approved)


def _batches(application: Application) -> Sequence[Batch]:
    query = select(Batch).where(Batch.application_id == application.id)
    return reading().scalars(query.order_by(Batch.at, Batch.id)).all()


def _decisions(batch: Batch) -> Sequence[tuple[Decision, Worker]]:
    query = (
        select(Decision, Worker)
        .join(Worker, Worker.id == Decision.worker_id)
        .where(Decision.batch_id == batch.id)
        .order_by(Worker.row, Worker.id)
    )
    return [(decision, worker) for decision, worker in reading().execute(query)]
