"""Cases whose time is up: those at whose desk one lies are told once for each submission."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from resume.applications.lifecycle import IN_REVIEW, State
from resume.applications.models import Application
from resume.applications.telling import reference_to
from resume.clock import iso
from resume.db import joined, transaction
from resume.firms.models import Firm
from resume.notices.telling import News, tell
from resume.review.queries import CLOCK
from resume.roles import Role


def tell_overdue(*, at: datetime) -> int:
    """A step: tell of every case that has been with its district for CLOCK; how many notices are new.

    A fixed number of statements. Told of are the reviewers, or the signers once it is recommended.
    """
    query = (
        select(Application, Firm.short_name)
        .join(Firm, Firm.id == Application.firm_id)
        .where(Application.state.in_([state.value for state in IN_REVIEW]))
        .where(Application.submitted_at <= at - CLOCK)
        .order_by(Application.submitted_at, Application.id)
    )
    rows: Sequence[tuple[Application, str]] = [(case, name) for case, name in joined().execute(query)]
    return tell([_news(case, name) for case, name in rows], at=at)


def look_for_overdue(*, at: datetime) -> int:
    """A door: look, and tell."""
    with transaction():
        return tell_overdue(at=at)


def _news(case: Application, firm: str) -> News:
    assert case.submitted_at is not None  # asked for
    role = Role.SIGN_OFF if State(case.state) is State.RECOMMENDED else Role.REVIEWER
    values = {"firm": firm, "hours": int(CLOCK.total_seconds() // 3600)}
    key, link = f"{case.id}:{iso(case.submitted_at)}", f"/review/{case.id}"
    return News("overdue", key, reference_to(case), link, values, case.firm_id, case.district_code, role)
