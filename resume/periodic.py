"""Work that comes again: each period of the real clock has one job, whoever looks first.

The key of the job is the number of its period, so two workers and a restart make no second one, and a period
in which no worker ran is not caught up with.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from resume import jobs
from resume.clock import real_now
from resume.db import joined, reading, transaction
from resume.jobs import Handler, Job

#: How often a worker asks whether something has come due.
LOOK_EVERY = timedelta(seconds=20)

_periods: dict[str, timedelta] = {}


def every(kind: str, period: timedelta) -> Callable[[Handler], Handler]:
    """Register the function that does the jobs of `kind`, one in each `period` of real time."""

    def register(function: Handler) -> Handler:
        _periods[kind] = period
        return jobs.handler(kind)(function)

    return register


def enqueue_due(*, real_at: datetime | None = None) -> int:
    """A door: add the jobs of the periods that have begun and have none yet; how many.

    One query where there is nothing to add. Jobs of earlier periods that came to their end are deleted.
    """
    due = {kind: _number(period, real_at or real_now()) for kind, period in _periods.items()}
    if not _missing(due):
        return 0
    with transaction():
        missing = _missing(due)
        for kind in missing:
            over = (Job.kind == kind, Job.key != due[kind], Job.state != "open")
            joined().execute(delete(Job).where(*over))
            jobs.enqueue(kind, [(due[kind], {})])
    return len(missing)


def _number(period: timedelta, real_at: datetime) -> str:
    return str(int(real_at.timestamp() // period.total_seconds()))


def _missing(due: dict[str, str]) -> list[str]:
    if not due:
        return []
    there = or_(*((Job.kind == kind) & (Job.key == key) for kind, key in due.items()))
    found = set(reading().scalars(select(Job.kind).where(there)))
    return sorted(due.keys() - found)
