"""Looking for trips that are overdue, every few minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from resume import jobs
from resume.periodic import every
from resume.trips.overdue import tell_overdue

JOB = "trips-overdue"
PERIOD = timedelta(minutes=5)


@every(JOB, PERIOD)
def _look(_payload: dict[str, Any]) -> jobs.Effect:
    def effect(_session: Session, at: datetime) -> None:
        tell_overdue(at=at)

    return effect
