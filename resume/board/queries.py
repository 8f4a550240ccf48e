"""What a firm's desk counts. Every reading is a fixed number of statements, whatever the firm's size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from resume.applications.models import Batch, Decision
from resume.db import reading
from resume.firms.models import Site
from resume.passes.models import Pass
from resume.roster.models import RowError, Worker

#: States of a pass, first that holds (formats.md, "Status of a pass").
PASS_STATES = ("active", "suspended", "used", "expired", "replaced", "revoked")


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


def lost_cover(*, firm_id: int, at: datetime) -> Sequence[LostCover]:
    """Posts with suspended passes at `at`: key posts first, then the fewest left. One statement."""
    suspended, active = _held(at), _active(at)
    query = (
        select(
            Worker.post,
            func.max(cast(Worker.key_post, Integer)),
            Site.name,
            func.count(case((suspended, 1))),
            func.count(case((active, 1))),
        )
        .select_from(Pass)
        .join(Worker, Worker.id == Pass.worker_id)
        .join(Site, Site.id == Pass.site_id)
        .where(Pass.firm_id == firm_id, Pass.is_live)
        .group_by(Worker.post, Site.id, Site.name)
        .having(func.count(case((suspended, 1))) > 0)
    )
    found = [
        LostCover(post, bool(key), site, held, left)
        for post, key, site, held, left in reading().execute(query)
    ]
    return sorted(found, key=lambda row: (not row.is_key, row.active, -row.suspended, row.site, row.post))


def count_passes(*, firm_id: int, at: datetime) -> dict[str, int]:
    """How many of the firm's passes are in each state of PASS_STATES at `at`. One statement."""
    state = pass_state(at).label("state")
    query = select(state, func.count()).where(Pass.firm_id == firm_id).group_by(state)
    counted: dict[str, int] = {row[0]: row[1] for row in reading().execute(query)}
    return {name: counted.get(name, 0) for name in PASS_STATES}


def first_issued_at(*, application_id: UUID) -> datetime | None:
    """When the case's first pass was issued, or None."""
    return reading().scalar(select(func.min(Pass.issued_at)).where(Pass.application_id == application_id))


def count_rows_with_errors(*, list_id: UUID) -> int:
    """How many rows of a list have at least one bad cell."""
    query = select(func.count(RowError.row.distinct())).where(RowError.list_id == list_id)
    return reading().scalar(query) or 0


def count_withheld(*, application_id: UUID) -> int:
    """Workers of a case whose newest decision did not approve them. One statement."""
    newest = (
        select(Decision.worker_id, func.max(cast(Decision.is_approved, Integer)).label("was_approved"))
        .join(Batch, Batch.id == Decision.batch_id)
        .where(Batch.application_id == application_id)
        .group_by(Decision.worker_id)
        .subquery()
    )
    return reading().scalar(select(func.count()).where(newest.c.was_approved == 0)) or 0


def pass_state(at: datetime) -> ColumnElement[str]:
    """The state of a pass at `at`: revoked, replaced, used, expired, suspended, active."""
    return case(
        (_by(Pass.revoked_at, at), "revoked"),
        (_by(Pass.replaced_at, at), "replaced"),
        (_by(Pass.in_at, at), "used"),
        (Pass.expires_at < at, "expired"),
        (Pass.is_suspended, "suspended"),
        else_="active",
    )


def _held(at: datetime) -> ColumnElement[bool]:
    return pass_state(at) == "suspended"


def _active(at: datetime) -> ColumnElement[bool]:
    return pass_state(at) == "active"


def _by(moment: InstrumentedAttribute[datetime | None], at: datetime) -> ColumnElement[bool]:
    return and_(moment.is_not(None), moment <= at)
