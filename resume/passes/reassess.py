"""When facts change, passes follow: suspend for a cause, and heal where the cause is gone.

A step of the door that took the facts in, so that evidence, suspension, status lists and audit commit
together. Whatever the number of passes in scope, a fixed number of statements reads them, one judges each in
memory, two bulk statements write.

How a suspension ends (credential.md, Status): by itself where its cause no longer counts at all (corrected,
excluded, moved away, cleared, green again). A building clear again by time, a discharge and a contact period
that is over wait for a reviewer (`release`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from resume import audit
from resume.bulk import insert_rows
from resume.db import joined, new_id, reading
from resume.passes.bulk import update_rows
from resume.passes.lifecycle import AGEING, FORESIGHT, RELEASED_BY_REVIEWER, SUSPENDING, WITHDRAWN
from resume.passes.models import Pass, Suspension
from resume.passes.observation import observe
from resume.passes.status_list import note_change
from resume.passes.telling import Affected, Occasion, tell_changes
from resume.plans.models import Plan
from resume.policy import Facts, Verdict
from resume.roles import Actor
from resume.roster.eligibility import facts_of, judge
from resume.roster.models import Worker
from resume.sets import within

Cause = tuple[str, str]
"""Reason code and the record behind it ("" where the policy names none)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose passes may have changed: of buildings, persons, bare document numbers (reviews), firms."""

    building_ids: frozenset[int] = frozenset()
    person_keys: frozenset[bytes] = frozenset()
    number_keys: frozenset[bytes] = frozenset()
    firm_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.building_ids or self.person_keys or self.number_keys or self.firm_ids)

    def condition(self) -> ColumnElement[bool]:
        """Passes in scope; a document number stands for its person and all who live in his building."""
        reviewed = within(Worker.number_key, self.number_keys)
        return or_(
            within(Pass.building_id, self.building_ids),
            within(Pass.person_key, self.person_keys),
            within(Pass.firm_id, self.firm_ids),
            Pass.person_key.in_(select(Worker.person_key).where(reviewed)),
            Pass.building_id.in_(select(Worker.building_id).where(reviewed)),
        )


@dataclass(frozen=True, slots=True)
class Effects:
    """What came of it: passes newly suspended, passes that hold again, and the firms concerned; `observed`:
    workers in the plant who came under observation."""

    suspended: int = 0
    healed: int = 0
    firms: frozenset[int] = frozenset()
    observed: int = 0


class LivePass(NamedTuple):
    """A pass in scope, as plain values."""

    id: UUID
    firm_id: int
    good_until: datetime
    is_suspended: bool


@dataclass(slots=True)
class _Changes:
    """Suspensions to open and to end."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)


def reassess(*, scope: Scope, at: datetime, by: Actor, occasion: Occasion | None = None) -> Effects:
    """A step: judge the live passes in scope at `at` anew; suspend those with a cause, heal those without.

    Those in scope who are in the plant already come under observation instead. The firms concerned are told
    once for each `occasion`, by default this moment.
    """
    if not scope:
        return Effects()
    occasion = occasion or Occasion.of_moment(at)
    effects = apply_to(read_live(scope.condition(), at=at), at=at, by=by, occasion=occasion)
    return replace(effects, observed=observe(scope.condition(), at=at, by=by).opened)


@dataclass(frozen=True, slots=True)
class Live:
    """Live passes with their workers and firms' plans."""

    passes: Sequence[LivePass]
    workers: Sequence[Worker]
    plans: Mapping[int, str]

    def facts(self, at: datetime, places: Sequence[int] | None = None) -> list[Facts]:
        """The facts of each pass (or those in `places`) at `at`, the plan's state among them."""
        chosen = range(len(self.passes)) if places is None else places
        found = facts_of([self.workers[place] for place in chosen], at=at, plan=None)
        return [
            replace(facts, plan=self.plans.get(firm_id, "none"), plan_ref=f"plan:{firm_id}")
            for facts, firm_id in zip(found, (self.passes[place].firm_id for place in chosen), strict=True)
        ]

    def verdicts(self, at: datetime, places: Sequence[int] | None = None) -> list[Verdict]:
        """The verdict on each, as `facts`."""
        return judge(self.facts(at, places), at=at)


def live_condition(at: datetime) -> ColumnElement[bool]:
    """Passes whose status can still change: live, not arrived, not revoked, not expired."""
    return Pass.is_live.is_(True) & Pass.in_at.is_(None) & Pass.revoked_at.is_(None) & (Pass.expires_at > at)


def read_live(condition: ColumnElement[bool], *, at: datetime) -> Live:
    """The live passes that meet a condition. Two queries."""
    query = (
        select(Pass.id, Pass.firm_id, Pass.good_until, Pass.is_suspended, Worker)
        .join(Worker, Worker.id == Pass.worker_id)
        .where(live_condition(at), condition)
        .order_by(Pass.id)
    )
    rows = reading().execute(query).all()
    passes = [LivePass(*row[:4]) for row in rows]
    firms = {found.firm_id for found in passes}
    states = select(Plan.firm_id, Plan.state).where(within(Plan.firm_id, firms))
    plans = {row.firm_id: row.state for row in reading().execute(states)}
    return Live(passes, [row[4] for row in rows], plans)


def apply_to(live: Live, *, at: datetime, by: Actor, occasion: Occasion) -> Effects:
    """A step: bring the suspensions of these passes in line with the facts at `at`."""
    if not live.passes:
        return Effects()
    open_ones = _open_suspensions(live.passes)
    verdicts = live.verdicts(at + FORESIGHT)
    changes, waiting = _Changes(), list[tuple[int, Suspension]]()
    for place, (found, verdict) in enumerate(zip(live.passes, verdicts, strict=True)):
        causes = causes_of(verdict, found.good_until)
        held = open_ones.get(found.id, [])
        known = {(row.code, row.cause) for row in held}
        changes.opened += [_row(found.id, cause, at) for cause in causes if cause not in known]
        for row in held:
            if is_present(row, causes, verdict):
                continue
            if row.code in RELEASED_BY_REVIEWER:
                waiting.append((place, row))
            else:
                changes.ended.append(row.id)
    changes.ended += _gone_for_good(live, waiting)
    return _write(live, open_ones, changes, at=at, by=by, occasion=occasion)


def causes_of(verdict: Verdict, good_until: datetime) -> list[Cause]:
    """What suspends a pass now: findings with a suspending code, and promised evidence that was withdrawn."""
    causes: dict[Cause, None] = {}
    for finding in verdict.findings:
        if finding.code in SUSPENDING:
            causes |= dict.fromkeys((finding.code, ref[:100]) for ref in finding.refs or ("",))
        elif finding.code in AGEING and verdict.at <= good_until:
            causes[(_family(finding.code), WITHDRAWN)] = None
    return list(causes)


def is_present(row: Suspension, causes: Iterable[Cause], verdict: Verdict) -> bool:
    """Whether the cause of an open suspension is there. Withdrawn evidence is missing until it is back."""
    if row.cause == WITHDRAWN:
        return any(_family(finding.code) == row.code for finding in verdict.findings)
    return (row.code, row.cause) in causes


def _family(code: str) -> str:
    """One code for the ways in which a PCR can be missing: a pending one does not heal a withdrawn one."""
    return "PCR_NONE" if code.startswith("PCR_") else code


def _gone_for_good(live: Live, waiting: Sequence[tuple[int, Suspension]]) -> list[UUID]:
    """Those whose cause, as known today, was not there even when it began: corrected, excluded, moved away.

    Judged as it was at each `since`; the statements grow with the number of different ones, not of passes.
    """
    by_since: defaultdict[datetime, list[tuple[int, Suspension]]] = defaultdict(list)
    for place, row in waiting:
        by_since[row.since].append((place, row))
    gone: list[UUID] = []
    for since, rows in by_since.items():
        verdicts = live.verdicts(since + FORESIGHT, [place for place, _row in rows])
        for (_place, row), verdict in zip(rows, verdicts, strict=True):
            if (row.code, row.cause) not in causes_of(verdict, since):
                gone.append(row.id)
    return gone


def _open_suspensions(passes: Sequence[LivePass]) -> dict[UUID, list[Suspension]]:
    found: dict[UUID, list[Suspension]] = {}
    of_these = within(Suspension.pass_id, {row.id for row in passes})
    for row in joined().scalars(select(Suspension).where(of_these, Suspension.ended_at.is_(None))):
        found.setdefault(row.pass_id, []).append(row)
    return found


def _row(pass_id: UUID, cause: Cause, at: datetime) -> dict[str, Any]:
    return {"id": new_id(), "pass_id": pass_id, "code": cause[0], "cause": cause[1], "since": at}


def _write(
    live: Live,
    open_ones: Mapping[UUID, list[Suspension]],
    changes: _Changes,
    *,
    at: datetime,
    by: Actor,
    occasion: Occasion,
) -> Effects:
    """Insert, end, keep `is_suspended` in step, one audit row with the numbers; tell the firms concerned."""
    if not (changes.opened or changes.ended):
        return Effects()
    ended = set(changes.ended)
    held = {pass_id for pass_id, rows in open_ones.items() if any(row.id not in ended for row in rows)}
    held |= {row["pass_id"] for row in changes.opened}
    suspended = [found for found in live.passes if found.id in held and not found.is_suspended]
    healed = [found for found in live.passes if found.id not in held and found.is_suspended]
    insert_rows(Suspension, changes.opened)
    end_suspensions(changes.ended, at=at)
    mark([found.id for found in suspended], is_suspended=True)
    mark([found.id for found in healed], is_suspended=False)
    note_change()
    firms = frozenset(found.firm_id for found in [*suspended, *healed])
    audit.record(
        "passes.reassessed",
        "passes",
        by=by,
        at=at,
        suspended=len(suspended),
        healed=len(healed),
        opened=dict(sorted(Counter(row["code"] for row in changes.opened).items())),
        ended=len(ended),
        firms=sorted(firms),
    )
    holders = {found.id: worker for found, worker in zip(live.passes, live.workers, strict=True)}
    changed = {"suspended": suspended, "healed": healed}
    tell_changes(
        {
            kind: [Affected.of(found.firm_id, holders[found.id]) for found in rows]
            for kind, rows in changed.items()
        },
        occasion=occasion,
        at=at,
    )
    return Effects(len(suspended), len(healed), firms)


def end_suspensions(ids: Sequence[UUID], *, at: datetime) -> None:
    """A step: these causes hold their passes no longer."""
    if ids:
        update_rows(update(Suspension).where(within(Suspension.id, ids)).values(ended_at=at))


def mark(ids: Sequence[UUID], *, is_suspended: bool) -> None:
    """A step: keep the passes' own mark in step with their suspensions."""
    if ids:
        update_rows(update(Pass).where(within(Pass.id, ids)).values(is_suspended=is_suspended))
