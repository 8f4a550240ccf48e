"""Work for later: a job is a row in its caller's transaction, done once by a worker process.

A worker takes a few jobs under a lease, does the slow part outside any transaction, and commits the effects
together with `done` only while it still holds the lease; so a killed worker loses nothing, and two workers
on one job cannot both take effect. A long job says that it goes on (`hold_on`). Slices call `enqueue` and
register a `handler`; nothing else knows the engine, so that another one (Procrastinate on PostgreSQL) can
take its place.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from resume.bulk import insert_rows
from resume.clock import now, real_now
from resume.db import Model, UtcTime, joined, reading, transaction

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 48
TAKE = 16

#: The slow part gets the payload and returns the effect, which is applied in the transaction of `done` and is
#: told the application's moment then.
Effect = Callable[[Session, datetime], None]
Handler = Callable[[dict[str, Any]], Effect]

_handlers: dict[str, Handler] = {}
_waited_for: set[str] = set()
_lease: ContextVar[str | None] = ContextVar("resume_lease", default=None)
log = structlog.get_logger("jobs")


class Job(Model):
    """One piece of work; `key` makes it unique within its kind. Times are real, not domain time."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index("ix_job_open", "state", "not_before", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(UtcTime)
    lease: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    error: Mapped[str | None] = mapped_column(String(300))


@dataclass(frozen=True, slots=True)
class Taken:
    """A job under our lease."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int


class LeaseLost(Exception):
    """Another worker has taken the job: what this one did so far stands, and it does no more."""


def handler(kind: str, *, is_waited_for: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind`.

    `is_waited_for`: somebody looks at a page until it is done. Such a job goes before all others, and alone.
    """

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        if is_waited_for:
            _waited_for.add(kind)
        return function

    return register


def enqueue(kind: str, jobs: Iterable[tuple[str, dict[str, Any]]], *, after: timedelta = timedelta()) -> None:
    """Add jobs (key, payload) in the caller's door. Payloads name rows by id and hold no personal data.

    `after`: how long from now (real time) they are not due yet.
    """
    due = real_now() + after
    insert_rows(
        Job,
        [
            {
                "kind": kind,
                "key": key,
                "payload": json.dumps(payload),
                "state": "open",
                "attempts": 0,
                "not_before": due,
            }
            for key, payload in jobs
        ],
    )


def count_open(kind: str | None = None) -> int:
    """Jobs that are not done and not given up, also those under a lease."""
    query = select(func.count()).select_from(Job).where(Job.state == "open")
    return reading().scalar(query if kind is None else query.where(Job.kind == kind)) or 0


def hold_on() -> None:
    """A step: the lease of the job under way begins anew. Raises LeaseLost where it is another worker's now.

    A long job says so with each piece it stores, so that no two workers store pieces of one job.
    """
    lease = _lease.get()
    if lease is None:
        return  # done by hand: a test, the demo
    ours = update(Job).where(Job.lease == lease, Job.state == "open")
    if not joined().scalars(ours.values(lease_until=real_now() + LEASE).returning(Job.id)).all():
        raise LeaseLost


def work_once(limit: int = TAKE) -> int:
    """Take up to `limit` jobs and do them; the number taken (0: nothing is due)."""
    lease = secrets.token_hex(16)
    taken = _take(lease, limit)
    token = _lease.set(lease)
    try:
        effects = [(job, *_attempt(job)) for job in taken]
    finally:
        _lease.reset(token)
    if effects:
        _finish(lease, effects)
    return len(taken)


def _take(lease: str, limit: int) -> list[Taken]:
    real = real_now()
    # A lease further ahead than any lease can be was made before the clock was set back: it is over too.
    lapsed = or_(Job.lease_until.is_(None), Job.lease_until <= real, Job.lease_until > real + LEASE * 2)
    is_due = and_(Job.state == "open", Job.not_before <= real, lapsed)
    if not reading().scalars(select(Job.id).where(is_due).limit(1)).first():
        return []  # no writer's lock just to find that nothing is due
    with transaction() as session:
        ids = _first(is_due & Job.kind.in_(sorted(_waited_for)), 1) or _first(is_due, limit)
        rows = session.execute(
            update(Job)
            .where(Job.id.in_(ids))
            .values(lease=lease, lease_until=real + LEASE, attempts=Job.attempts + 1)
            .returning(Job.id, Job.kind, Job.payload, Job.attempts)
        ).all()
    return [Taken(row.id, row.kind, json.loads(row.payload), row.attempts) for row in sorted(rows)]


def _first(due: ColumnElement[bool], limit: int) -> list[int]:
    return list(joined().scalars(select(Job.id).where(due).order_by(Job.id).limit(limit)))


def _attempt(job: Taken) -> tuple[Effect | None, str | None]:
    """The slow part. An exception is the job's failure, not the worker's."""
    try:
        return _handlers[job.kind](job.payload), None
    except Exception as error:
        log.exception("job failed", job=job.id, kind=job.kind, attempts=job.attempts)
        return None, f"{type(error).__name__}"


def _finish(lease: str, effects: list[tuple[Taken, Effect | None, str | None]]) -> None:
    at = now()  # before the door: the clock of a demo home writes in one of its own
    with transaction() as session:
        ours = set(session.scalars(select(Job.id).where(Job.lease == lease, Job.state == "open")))
        done = [job.id for job, effect, _ in effects if effect is not None and job.id in ours]
        for job, effect, error in effects:
            if job.id not in ours:
                continue  # the lease lapsed and another worker has it; our effect is dropped
            if effect is not None:
                effect(session, at)
            else:
                _postpone(session, job, error or "")
        if done:
            session.execute(
                update(Job).where(Job.id.in_(done)).values(state="done", lease=None, lease_until=None)
            )


def _postpone(session: Session, job: Taken, error: str) -> None:
    wait = timedelta(seconds=min(2**job.attempts, 3600))
    session.execute(
        update(Job)
        .where(Job.id == job.id)
        .values(
            state="failed" if job.attempts >= MAX_ATTEMPTS else "open",
            not_before=real_now() + wait,
            lease=None,
            lease_until=None,
            error=error[:300],
        )
    )
