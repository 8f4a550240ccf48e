"""A submitted list tells who lives with whom: whoever shares a flat with somebody under review waits too.

No feed comes back to a review when a list makes its person somebody's flatmate, so a job follows each
submission.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from resume import jobs
from resume.applications.lifecycle import SUBMITTED_JOB
from resume.db import joined
from resume.evidence.models import ReviewRecord
from resume.passes.reassess import Effects, Scope, reassess
from resume.roles import WORKER, Actor
from resume.roster.models import Worker


@jobs.handler(SUBMITTED_JOB)
def _follow(payload: dict[str, Any]) -> jobs.Effect:
    list_id = UUID(payload["list"])

    def effect(_session: Session, at: datetime) -> None:
        reassess_flats(list_id, by=WORKER, at=at)

    return effect


def reassess_flats(list_id: UUID, *, by: Actor, at: datetime) -> Effects:
    """A step: judge the passes around those of the list for whom a review is on record. One query more."""
    reviewed = select(ReviewRecord.number_key).where(
        ReviewRecord.replaced_at.is_(None), ReviewRecord.number_key.is_not(None)
    )
    query = select(Worker.number_key).where(Worker.list_id == list_id, Worker.number_key.in_(reviewed))
    return reassess(scope=Scope(number_keys=frozenset(joined().scalars(query))), by=by, at=at)
