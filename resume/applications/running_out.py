"""Samples that run out: HR is told once for each hour by which to be sampled, twelve hours before it.

The laboratory is given its hours (policy, `lab_hours`: 12), so who has 12 h left has to be sampled at once;
told only then, nobody could get two thousand people to a tent. The desk's deadlines are the same hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from resume.applications.lifecycle import State
from resume.applications.models import Application
from resume.clock import iso
from resume.db import reading, transaction
from resume.notices.telling import News, tell
from resume.policy import Outlook
from resume.roster.eligibility import plan_for_preview
from resume.roster.outlook import lab_hours, look_ahead, round_hour, sampling_key
from resume.roster.queries import workers_of

#: How long before the hour by which to be sampled HR is told.
AHEAD = timedelta(hours=12)
_STANDING = (State.SUBMITTED, State.RECOMMENDED, State.APPROVED)


@dataclass(frozen=True, slots=True)
class RunningOut:
    """Workers whose negatives run out, the first at `ends_at`, and who have to be sampled by one round hour.

    That hour may be past: then at once.
    """

    sample_by: datetime
    ends_at: datetime
    workers: int


def firms_with_lists() -> Sequence[int]:
    """The firms whose newest case has a list that was submitted. One query."""
    query = select(Application.firm_id).where(_is_newest_standing())
    return reading().scalars(query.order_by(Application.firm_id)).all()


def running_out(*, firm_id: int, at: datetime) -> list[RunningOut]:
    """Who has to be told of now, by the hour by which to be sampled. A fixed number of statements.

    A worker counts while his negative holds and a new one would help him; a sample whose result is still out
    is taken as negative.
    """
    query = select(Application.list_id).where(Application.firm_id == firm_id, _is_newest_standing())
    list_id: UUID | None = reading().scalar(query)
    if list_id is None:
        return []
    judged = look_ahead(workers_of(list_id), at=at, plan=plan_for_preview(firm_id=firm_id))
    return groups((one.ahead for one in judged), at=at)


def groups(outlooks: Iterable[Outlook], *, at: datetime) -> list[RunningOut]:
    """As `running_out`, of these outlooks; no queries."""
    for_result = timedelta(hours=lab_hours(at))
    found: defaultdict[datetime, list[datetime]] = defaultdict(list)
    for ahead in outlooks:
        if ahead.sample_by is None or ahead.sample_after is not None:
            continue  # a sample changes nothing now
        if ahead.pcr_stale_at is not None and ahead.pcr_stale_at >= at:
            found[round_hour(ahead.sample_by)].append(ahead.sample_by + for_result)
    return [
        RunningOut(hour, min(ends), len(ends)) for hour, ends in sorted(found.items()) if hour <= at + AHEAD
    ]


def tell_running_out(found: Iterable[RunningOut], *, firm_id: int, at: datetime) -> int:
    """A step: tell the firm's HR of each group once; how many notices are new."""
    return tell([_news(one, firm_id, at) for one in found], at=at)


def look_for_running_out(*, firm_id: int, at: datetime) -> int:
    """A door: look, and tell."""
    found = running_out(firm_id=firm_id, at=at)
    if not found:
        return 0
    with transaction():
        return tell_running_out(found, firm_id=firm_id, at=at)


def _news(one: RunningOut, firm_id: int, at: datetime) -> News:
    is_late = one.sample_by <= at
    sample = sampling_key(None if is_late else one.sample_by)
    by = None if is_late else iso(one.sample_by)
    values = {"workers": one.workers, "by": by, "ends": iso(one.ends_at)}
    key, link = iso(one.sample_by), f"/list?{urlencode({'sample': sample})}"
    return News("running_out", key, f"firm:{firm_id}", link, values, firm_id)


def _is_newest_standing() -> ColumnElement[bool]:
    newest = (
        select(Application.firm_id, func.max(Application.number).label("number"))
        .where(Application.state.in_([state.value for state in _STANDING]), Application.list_id.is_not(None))
        .group_by(Application.firm_id)
        .subquery()
    )
    return (
        select(newest.c.firm_id)
        .where(newest.c.firm_id == Application.firm_id, newest.c.number == Application.number)
        .exists()
    )
