"""Looking each minute for refusals that nobody answered in time; telling a desk of a medical exit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from resume import jobs
from resume.escalations.telling import EXIT_JOB, tell_exit, tell_overdue
from resume.periodic import every

JOB = "refusals-overdue"
PERIOD = timedelta(minutes=1)


@every(JOB, PERIOD)
def _look(_payload: dict[str, Any]) -> jobs.Effect:
    def effect(_session: Session, at: datetime) -> None:
        tell_overdue(at=at)

    return effect


@jobs.handler(EXIT_JOB)
def _tell(payload: dict[str, Any]) -> jobs.Effect:
    def effect(_session: Session, at: datetime) -> None:
        tell_exit(UUID(payload["exit"]), at=at)

    return effect
