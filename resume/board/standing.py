"""With whom a case is, since when, and how much of the time for it is over. Pure but for the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from resume.applications.lifecycle import CLOSED, IN_REVIEW, State
from resume.applications.queries import CaseView
from resume.places.districts import DISTRICTS
from resume.review.queries import CLOCK


@dataclass(frozen=True, slots=True)
class Standing:
    """`office`: who has the case, "" once it is decided; `since`: since when, None before it was begun.

    `due_at`: by when the district has to decide, None where no clock runs; `used_hours` of `limit_hours`.
    """

    office: str
    since: datetime | None
    due_at: datetime | None = None
    used_hours: float = 0.0
    limit_hours: float = 0.0

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.used_hours >= self.limit_hours


def standing_of(case: CaseView, *, at: datetime) -> Standing:
    """Where a case stands at `at`. The clock runs from the submission through review and signature."""
    application = case.application
    if application is None:
        return Standing(_("本企业"), None)
    since = {
        State.DRAFT: case.event_at("reopened") or application.created_at,
        State.RETURNED: case.event_at("returned"),
        State.SUBMITTED: application.submitted_at,
        State.RECOMMENDED: application.recommended_at,
    }.get(case.state, application.decided_at)
    office = _office(case.state, DISTRICTS.get(application.district_code, ""))
    if case.state not in IN_REVIEW or application.submitted_at is None:
        return Standing(office, since)
    # Cut, not rounded: a case is not late before its second.
    tenths = max(0, int((at - application.submitted_at).total_seconds() // 360))
    limit = CLOCK.total_seconds() / 3600
    return Standing(office, since, application.submitted_at + CLOCK, tenths / 10, limit)


def _office(state: State, district: str) -> str:
    if state is State.SUBMITTED:
        return str(_("%(district)s审核员", district=district))
    if state is State.RECOMMENDED:
        return str(_("%(district)s签发人", district=district))
    return "" if state in CLOSED else str(_("本企业"))
