"""What a firm's desk counts. Every reading is a fixed number of statements, whatever the firm's size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, case, cast, func, select

from resume.db import reading
from resume.firms.models import Site
from resume.passes.lifecycle import Status
from resume.passes.models import Pass, Sheet
from resume.passes.queries import status_column
from resume.roster.eligibility import Summary, plan_for_preview, summary
from resume.roster.models import RowError, Worker
from resume.roster.outlook import Day, Sampling, curves, look_ahead, to_sample
from resume.roster.queries import workers_of


@dataclass(frozen=True, slots=True)
class LostCover:
    """A post that lost people: how many passes are held now, and how many are still active for it.

    `site` is the plant's name. Whose passes and for which illness is not said: it is health data.
    """

    post: str
    is_key: bool
    site: str
    suspended: int
    active: int

    @property
    def is_uncovered(self) -> bool:
        """Nobody is left for the post."""
        return self.active == 0


@dataclass(frozen=True, slots=True)
class Workforce:
    """A list judged now and looked ahead: outcomes, the days of the curve, who has to be sampled by when.

    Numbers alone: nothing of one worker is in it.
    """

    summary: Summary
    days: Sequence[Day]
    samplings: Sequence[Sampling]


def lost_cover(*, firm_id: int, at: datetime) -> Sequence[LostCover]:
    """Posts with suspended passes at `at`: key posts first, then the fewest left. One statement."""
    held = (
        select(Pass.worker_id, Pass.site_id, status_column(at).label("status"))
        .where(Pass.firm_id == firm_id, Pass.issued_at <= at)
        .subquery()
    )
    suspended = func.count(case((held.c.status == Status.SUSPENDED.value, 1)))
    active = func.count(case((held.c.status == Status.ACTIVE.value, 1)))
    query = (
        select(Worker.post, func.max(cast(Worker.key_post, Integer)), Site.name, suspended, active)
        .join(held, held.c.worker_id == Worker.id)
        .join(Site, Site.id == held.c.site_id)
        .group_by(Worker.post, Site.id, Site.name)
        .having(suspended > 0)
    )
    found = [
        LostCover(post, bool(is_key), site, gone, left)
        for post, is_key, site, gone, left in reading().execute(query)
    ]
    return sorted(found, key=lambda row: (not row.is_key, row.active, -row.suspended, row.site, row.post))


def first_issued_at(*, application_id: UUID) -> datetime | None:
    """When the case's first pass was issued, or None."""
    return reading().scalar(select(func.min(Pass.issued_at)).where(Pass.application_id == application_id))


def count_sheets(*, firm_id: int, at: datetime) -> tuple[int, int]:
    """Of the firm's paper passes that are active at `at`: how many have their sheet, how many there are."""
    query = (
        select(func.count(Sheet.pass_id), func.count(Pass.id))
        .select_from(Pass)
        .outerjoin(Sheet, Sheet.pass_id == Pass.id)
        .where(Pass.firm_id == firm_id, Pass.medium == "paper", Pass.issued_at <= at)
        .where(status_column(at) == Status.ACTIVE.value)
    )
    ready, passes = reading().execute(query).one()
    return ready, passes


def count_rows_with_errors(*, list_id: UUID) -> int:
    """How many rows of a list have at least one bad cell."""
    query = select(func.count(RowError.row.distinct())).where(RowError.list_id == list_id)
    return reading().scalar(query) or 0


def view_workforce(*, list_id: UUID, firm_id: int, at: datetime) -> Workforce:
    """The workers of a list at `at` and after it, judged as the list's own page judges them.

    Ten statements for any number of workers.
    """
    judged = look_ahead(workers_of(list_id), at=at, plan=plan_for_preview(firm_id=firm_id))
    outlooks = [one.ahead for one in judged]
    return Workforce(
        summary([one.verdict for one in judged]), curves(outlooks, at=at), to_sample(outlooks, at=at)
    )
