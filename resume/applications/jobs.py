"""Looking for samples that run out: a few times an hour, one job for each firm.

Judging a list is slow work, so it is done outside any transaction; the effect tells what was found.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resume import clock, jobs
from resume.applications.running_out import firms_with_lists, running_out, tell_running_out
from resume.jobs import Job
from resume.periodic import every

ALL, ONE = "running-out", "running-out-firm"
PERIOD = timedelta(minutes=20)


@every(ALL, PERIOD)
def _look_at_all(_payload: dict[str, Any]) -> jobs.Effect:
    firms = firms_with_lists()

    def effect(session: Session, _at: datetime) -> None:
        session.execute(delete(Job).where(Job.kind == ONE, Job.state != "open"))
        open_ones = set(session.scalars(select(Job.key).where(Job.kind == ONE)))
        due = [(str(firm_id), {"firm": firm_id}) for firm_id in firms if str(firm_id) not in open_ones]
        jobs.enqueue(ONE, due)

    return effect


@jobs.handler(ONE)
def _look_at_one(payload: dict[str, Any]) -> jobs.Effect:
    firm_id: int = payload["firm"]
    found = running_out(firm_id=firm_id, at=clock.now())

    def effect(_session: Session, at: datetime) -> None:
        tell_running_out(found, firm_id=firm_id, at=at)

    return effect
