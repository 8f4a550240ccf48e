"""What happened to passes lately and why, and who is under observation: for the firm and for its district.

HR reads the reasons of health as one (policy.audience); the district reads the codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all

from resume.applications.models import Application
from resume.db import reading
from resume.firms.models import Firm, Site
from resume.passes.lifecycle import HIDDEN_FROM_HR
from resume.passes.models import Observation, Pass, Suspension
from resume.policy import reason
from resume.policy.codes import Reason
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Worker

SHOWN = 50
SINCE = timedelta(days=14)
HEALTH = "HEALTH"


@dataclass(frozen=True, slots=True)
class Change:
    """At one moment a cause began (`is_end` False) or ended for this many passes of a firm."""

    at: datetime
    is_end: bool
    reason: Reason
    firm: str
    count: int


@dataclass(frozen=True, slots=True)
class ObservedWorker:
    """Somebody in the plant who is to be observed there, since when and why, in the reader's words."""

    details: WorkerDetails
    post: str
    site: str
    firm: str
    since: datetime
    reasons: Sequence[Reason]


def changes_of_firm(*, firm_id: int, at: datetime, limit: int = SHOWN) -> list[Change]:
    """The firm's newest changes, as HR reads them. One query."""
    return _changes(Pass.firm_id == firm_id, at=at, limit=limit, for_hr=True)


def changes_of_district(*, district_code: str, at: datetime, limit: int = SHOWN) -> list[Change]:
    """The district's newest changes, with their codes. One query."""
    cases = select(Application.id).where(Application.district_code == district_code)
    return _changes(Pass.application_id.in_(cases), at=at, limit=limit, for_hr=False)


def _changes(mine: ColumnElement[bool], *, at: datetime, limit: int, for_hr: bool) -> list[Change]:
    """Grouped by moment, firm and reason; a firm's reasons of health at one moment become one line."""
    begun, ended = _moments(mine, is_end=False, at=at), _moments(mine, is_end=True, at=at)
    both = union_all(begun, ended).subquery()
    query = (
        select(both.c.moment, both.c.is_end, both.c.code, Firm.name, both.c.count)
        .join(Firm, Firm.id == both.c.firm_id)
        .order_by(both.c.moment.desc(), Firm.name, both.c.is_end, both.c.code)
        .limit(limit * 2 if for_hr else limit)
    )
    counted: Counter[tuple[datetime, bool, str, str]] = Counter()
    for moment, is_end, code, firm, count in reading().execute(query):
        counted[moment, bool(is_end), HEALTH if for_hr and code in HIDDEN_FROM_HR else code, firm] += count
    return [
        Change(moment, is_end, reason(code), firm, count)
        for (moment, is_end, code, firm), count in list(counted.items())[:limit]
    ]


def _moments(
    mine: ColumnElement[bool], *, is_end: bool, at: datetime
) -> Select[datetime | None, int, str, int, int]:
    moment = Suspension.ended_at if is_end else Suspension.since
    return (
        select(
            moment.label("moment"),
            literal(int(is_end)).label("is_end"),
            Suspension.code.label("code"),
            Pass.firm_id.label("firm_id"),
            func.count(Pass.id.distinct()).label("count"),
        )
        .join(Pass, Pass.id == Suspension.pass_id)
        .where(mine, moment <= at, moment > at - SINCE)
        .group_by(moment, Suspension.code, Pass.firm_id)
    )


def count_observed(*, firm_id: int, at: datetime) -> int:
    """How many of the firm's workers are under observation."""
    query = select(func.count(Observation.pass_id.distinct())).where(*_open(at))
    return reading().scalar(query.where(Observation.firm_id == firm_id)) or 0


def observed_of_firm(*, firm_id: int, at: datetime) -> list[ObservedWorker]:
    """The firm's workers under observation, the newest first; reasons of health as one. One query."""
    return _observed(Observation.firm_id == firm_id, at=at, for_hr=True)


def observed_of_district(*, district_code: str, at: datetime) -> list[ObservedWorker]:
    """The district's, with the codes. One query."""
    cases = select(Application.id).where(Application.district_code == district_code)
    return _observed(Pass.application_id.in_(cases), at=at, for_hr=False)


def _observed(mine: ColumnElement[bool], *, at: datetime, for_hr: bool) -> list[ObservedWorker]:
    query = (
        select(Worker, Site.name, Firm.name, Observation.since, Observation.code)
        .join(Pass, Pass.id == Observation.pass_id)
        .join(Worker, Worker.id == Pass.worker_id)
        .join(Site, Site.id == Pass.site_id)
        .join(Firm, Firm.id == Pass.firm_id)
        .where(mine, *_open(at))
        .order_by(Observation.since.desc(), Firm.name, Worker.row, Observation.code)
        .limit(500)
    )
    rows = reading().execute(query).all()
    reasons: dict[object, dict[str, None]] = {}
    for worker, _site, _firm, _since, code in rows:
        shown = HEALTH if for_hr and code in HIDDEN_FROM_HR else code
        reasons.setdefault(worker.id, {})[shown] = None
    newest = {row[0].id: row for row in reversed(rows)}
    return [
        ObservedWorker(
            open_details(worker),
            worker.post,
            site,
            firm,
            since,
            [reason(code) for code in reasons[worker.id]],
        )
        for worker, site, firm, since, _code in reversed(newest.values())
    ]


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    is_open = or_(Observation.ended_at.is_(None), Observation.ended_at > at)
    return Observation.since <= at, is_open
