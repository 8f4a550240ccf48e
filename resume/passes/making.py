"""How far a firm's sheets are made: how many are ready, how many wait for the worker, how long still."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from resume.db import reading
from resume.jobs import Job
from resume.passes.issue import SHEET_JOB
from resume.passes.models import Pass, Sheet

#: The pace is that of the last minute (real time).
PACE_OVER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Making:
    """Sheets of paper passes in force: `made` of `total`; `waiting` have a job, the rest is made on request.

    `seconds_left` until the last one that waits, by the pace of the last minute; None: none made then.
    """

    total: int
    made: int
    waiting: int
    seconds_left: int | None

    @property
    def on_request(self) -> int:
        return self.total - self.made - self.waiting

    @property
    def tenths(self) -> int:
        """How many tenths of all are made: each is announced once."""
        return 10 * self.made // self.total if self.total else 0

    @property
    def minutes_left(self) -> int | None:
        return None if self.seconds_left is None else max(1, math.ceil(self.seconds_left / 60))


def making_of(*, firm_id: int, real_at: datetime) -> Making:
    """How far it is at `real_at`, a real moment. Three queries, one where nothing is missing."""
    rows = reading().execute(
        select(Pass.id, Sheet.pass_id.is_not(None))
        .outerjoin(Sheet, Sheet.pass_id == Pass.id)
        .where(Pass.firm_id == firm_id, Pass.is_live.is_(True), Pass.medium == "paper")
    )
    missing, total = set(), 0
    for pass_id, is_made in rows:
        total += 1
        if not is_made:
            missing.add(str(pass_id))
    if not missing:
        return Making(total, total, 0, None)
    keys = reading().scalars(select(Job.key).where(Job.kind == SHEET_JOB, Job.state == "open")).all()
    waiting = len(missing.intersection(keys))
    return Making(
        total, total - len(missing), waiting, _seconds_left(len(keys), real_at) if waiting else None
    )


def _seconds_left(jobs: int, real_at: datetime) -> int | None:
    """Jobs are done in their order, whosesoever they are: all that wait, at the pace of the last minute."""
    recent = select(func.count(), func.min(Sheet.rendered_at)).where(Sheet.rendered_at > real_at - PACE_OVER)
    count, first = reading().execute(recent).one()
    if not count:
        return None
    taken = max(1.0, (real_at - first).total_seconds())
    return math.ceil(jobs * taken / count)
