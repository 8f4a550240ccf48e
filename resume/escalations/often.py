"""Gates that refuse often: of the good passes shown there, how many were refused, and how it was answered.

A good pass counts as shown when its bearer went through or was refused: looking twice at one is no showing.
What a guard withdrew was no refusal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from resume.db import reading
from resume.escalations.lifecycle import Outcome
from resume.escalations.models import Escalation
from resume.escalations.queries import Scope
from resume.passes.models import Pass
from resume.places.models import Gate
from resume.policy import policy_at
from resume.sets import within

WINDOWS: Final = (7, 30)


@dataclass(slots=True)
class Tally:
    """One gate in one window: who went through, and refusals by their outcome ("" while open)."""

    passed: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def refused(self) -> int:
        return sum(self.outcomes.values()) - self.outcomes.get(Outcome.WITHDRAWN, 0)

    @property
    def presented(self) -> int:
        return self.passed + self.refused

    @property
    def percent(self) -> float:
        """Of the good passes shown, refused."""
        return 100 * self.refused / self.presented if self.presented else 0.0

    def count(self, outcome: str) -> int:
        return self.outcomes.get(outcome, 0)

    def is_often(self, *, percent: int, least: int) -> bool:
        return self.refused >= least and self.percent >= percent


@dataclass(frozen=True, slots=True)
class GateTally:
    """A gate with its windows by days; `is_often` in any of them."""

    gate: Gate
    windows: dict[int, Tally]
    is_often: bool


def list_refusing(*, scope: Scope, at: datetime) -> Sequence[GateTally]:
    """The gates of a desk or district that refused a good pass in 30 days, the worst first. Four queries."""
    since = {days: at - timedelta(days=days) for days in WINDOWS}
    tallies: dict[int, dict[int, Tally]] = defaultdict(lambda: {days: Tally() for days in WINDOWS})
    for gate_id, outcome, counts in _refusals(scope, since, at):
        for days, count in counts.items():
            tallies[gate_id][days].outcomes[outcome] += count
    for gate_id, counts in _passages(tallies.keys(), since, at):
        for days, count in counts.items():
            tallies[gate_id][days].passed += count
    gates = {gate.id: gate for gate in reading().scalars(select(Gate).where(within(Gate.id, tallies.keys())))}
    duties = policy_at(at).duties
    limits = {"percent": duties.refusal_percent.value, "least": duties.refusal_least.value}
    found = [
        GateTally(gates[gate_id], windows, any(one.is_often(**limits) for one in windows.values()))
        for gate_id, windows in tallies.items()
    ]
    return sorted(found, key=_worst_first)


def _worst_first(one: GateTally) -> tuple[bool, float, str, int]:
    return not one.is_often, -max(tally.percent for tally in one.windows.values()), one.gate.name, one.gate.id


_Rows = Iterator[tuple[int, str, dict[int, int]]]


def _refusals(scope: Scope, since: dict[int, datetime], at: datetime) -> _Rows:
    counted = [func.sum(case((Escalation.refused_at >= moment, 1), else_=0)) for moment in since.values()]
    query = (
        select(Escalation.gate_id, Escalation.outcome, *counted)
        .where(scope.of_cases(), Escalation.refused_at >= min(since.values()), Escalation.refused_at <= at)
        .group_by(Escalation.gate_id, Escalation.outcome)
    )
    for gate_id, outcome, *counts in reading().execute(query):
        yield gate_id, outcome, dict(zip(since, map(int, counts), strict=True))


def _passages(
    gate_ids: Collection[int], since: dict[int, datetime], at: datetime
) -> Iterator[tuple[int, dict[int, int]]]:
    ways: tuple[tuple[InstrumentedAttribute[int | None], InstrumentedAttribute[datetime | None]], ...] = (
        (Pass.out_gate_id, Pass.out_at),
        (Pass.in_gate_id, Pass.in_at),
    )
    for gate_column, moment_column in ways:
        counted = [func.sum(case((moment_column >= moment, 1), else_=0)) for moment in since.values()]
        query = (
            select(gate_column, *counted)
            .where(within(gate_column, gate_ids))
            .where(moment_column >= min(since.values()), moment_column <= at)
            .group_by(gate_column)
        )
        for gate_id, *counts in reading().execute(query):
            assert gate_id is not None
            yield gate_id, dict(zip(since, map(int, counts), strict=True))
