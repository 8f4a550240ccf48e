"""Whoever is in the plant already is not suspended: he comes under observation there (转入观察).

A completed trip is never undone (credential.md, On the way). A positive at home, a contact, a code, a result
of his own make the plant take him to the observation area and test him singly; the firm is told whom, the
reason of a health record it is not told. A step of the door that took the facts in, as `reassess`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from resume import audit
from resume.bulk import insert_rows
from resume.db import joined, new_id, reading
from resume.passes.lifecycle import FORESIGHT, HOME_DAYS, INSIDE, OBSERVED, OBSERVED_FROM_HOME
from resume.passes.models import Observation, Pass, Suspension
from resume.policy import Facts, Finding
from resume.roles import Actor
from resume.roster.eligibility import facts_of, judge
from resume.roster.models import Worker
from resume.sets import within

Cause = tuple[str, str]


class Inside(NamedTuple):
    """A pass with which somebody entered his plant, as plain values."""

    id: UUID
    firm_id: int
    person_key: bytes
    left_at: datetime


@dataclass(frozen=True, slots=True)
class Observed:
    """How many came under observation, and for how many a cause ended."""

    opened: int = 0
    ended: int = 0


def observe(condition: ColumnElement[bool], *, at: datetime, by: Actor) -> Observed:
    """A step: judge those inside who meet `condition`; a fixed number of statements."""
    inside, workers = _read_inside(condition, at=at)
    if not inside:
        return Observed()
    soon = at + FORESIGHT
    facts = facts_of(workers, at=soon, plan=None)
    known = _observations([one.id for one in inside])
    opened: list[dict[str, Any]] = []
    ended: dict[str, list[UUID]] = defaultdict(list)
    for one, its_facts, verdict in zip(inside, facts, judge(facts, at=soon), strict=True):
        causes = _causes(verdict.findings, its_facts, one.left_at)
        held = known.get(one.id, [])
        standing = {(row.code, row.cause) for row in held if row.ended_by != "gone"}
        opened += [_row(one, cause, at) for cause in causes if cause not in standing]
        for row in held:
            if row.ended_at is None and (how := _end_of(row, causes, its_facts, at)):
                ended[how].append(row.id)
    insert_rows(Observation, opened)
    for how, ids in ended.items():
        _end(ids, how, at=at)
    return _record(inside, opened, ended, by=by, at=at)


def observe_arrivals(arrivals: Sequence[tuple[Pass, Sequence[Suspension]]], *, at: datetime) -> None:
    """A step: whoever arrives with a pass that is held is let in to the observation area. One statement."""
    rows: list[dict[str, Any]] = []
    for found, held in arrivals:
        arrived = Inside(found.id, found.firm_id, found.person_key, found.out_at or at)
        causes = dict.fromkeys((row.code, row.cause) for row in held if row.code in OBSERVED)
        rows += [_row(arrived, cause, at) for cause in causes]
    insert_rows(Observation, rows)


def end_observations(pass_ids: Collection[UUID], *, at: datetime) -> None:
    """A step: the entries with these passes were taken back, so nobody is observed for them any more."""
    if pass_ids:
        mine = (within(Observation.pass_id, pass_ids), Observation.ended_at.is_(None))
        statement = update(Observation).where(*mine).values(ended_at=at, ended_by="gone")
        joined().execute(statement, execution_options={"synchronize_session": False})


def _read_inside(
    condition: ColumnElement[bool], *, at: datetime
) -> tuple[Sequence[Inside], Sequence[Worker]]:
    """Those who entered lately, each person by his last entry. One query."""
    query = (
        select(Pass.id, Pass.firm_id, Pass.person_key, Pass.out_at, Pass.in_at, Worker)
        .join(Worker, Worker.id == Pass.worker_id)
        .where(condition, Pass.in_at.is_not(None), Pass.in_at >= at - INSIDE)
        .order_by(Pass.in_at, Pass.id)
    )
    newest = {
        row.person_key: (Inside(row[0], row[1], row[2], row.out_at or row.in_at), row[5])
        for row in reading().execute(query)
    }
    return [one for one, _worker in newest.values()], [worker for _one, worker in newest.values()]


def _causes(findings: Sequence[Finding], facts: Facts, left_at: datetime) -> list[Cause]:
    """What concerns somebody who left home at `left_at`."""
    moments: dict[str, datetime] = {case.ref: case.reported_at for case in facts.building.cases if case.ref}
    moments |= {review.ref: review.opened_at for review in facts.reviews if review.ref}
    causes: dict[Cause, None] = {}
    for finding in findings:
        if finding.code not in OBSERVED:
            continue
        for ref in finding.refs or ("",):
            too_late = moments.get(ref, left_at) > left_at + HOME_DAYS
            if not (finding.code in OBSERVED_FROM_HOME and too_late):
                causes[finding.code, ref[:100]] = None
    return list(causes)


def _end_of(row: Observation, causes: Sequence[Cause], facts: Facts, at: datetime) -> str:
    """How an observation ends at `at`; "" where it goes on."""
    if (row.code, row.cause) not in causes:
        return "gone"
    is_tested = any(
        test.kind == "pcr"
        and test.method == "single"
        and test.result == "negative"
        and test.sampled_at > row.since
        and test.reported_at is not None
        and test.reported_at <= at + FORESIGHT
        for test in facts.tests
    )
    return "negative" if row.code in OBSERVED_FROM_HOME and is_tested else ""


def _observations(pass_ids: Collection[UUID]) -> Mapping[UUID, list[Observation]]:
    found: dict[UUID, list[Observation]] = defaultdict(list)
    query = select(Observation).where(within(Observation.pass_id, pass_ids))
    for row in joined().scalars(query.execution_options(populate_existing=True)):
        found[row.pass_id].append(row)
    return found


def _row(one: Inside, cause: Cause, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "pass_id": one.id,
        "firm_id": one.firm_id,
        "code": cause[0],
        "cause": cause[1],
        "since": at,
        "ended_at": None,
        "ended_by": "",
    }


def _end(ids: Collection[UUID], how: str, *, at: datetime) -> None:
    statement = update(Observation).where(within(Observation.id, ids)).values(ended_at=at, ended_by=how)
    joined().execute(statement, execution_options={"synchronize_session": False})


def _record(
    inside: Sequence[Inside],
    opened: Sequence[Mapping[str, Any]],
    ended: Mapping[str, Sequence[UUID]],
    *,
    by: Actor,
    at: datetime,
) -> Observed:
    done = Observed(len({row["pass_id"] for row in opened}), sum(map(len, ended.values())))
    if opened or done.ended:
        audit.record(
            "workers.observed",
            "passes",
            by=by,
            at=at,
            looked_at=len(inside),
            opened=dict(sorted(Counter(row["code"] for row in opened).items())),
            ended={how: len(ids) for how, ids in sorted(ended.items())},
            firms=sorted({row["firm_id"] for row in opened}),
        )
    return done
