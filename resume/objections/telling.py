"""Who is told of an objection: the reviewers of its district, once a round.

HR must learn nothing: that one of its workers objects, and about what, is between him and the district.
"""

from __future__ import annotations

from datetime import datetime

from resume.firms.queries import get_firm
from resume.notices.telling import settle, tell_district
from resume.objections.lifecycle import Step
from resume.objections.models import Objection
from resume.roles import Role

KIND = "objection"


def tell(objection: Objection, step: Step, *, at: datetime) -> None:
    """A step: tell who has to answer; what was told is read once somebody has."""
    reference = f"objection:{objection.id}"
    if step in (Step.ANSWERED, Step.CLOSED):
        settle(reference, [KIND], at=at)
    elif step in (Step.OBJECTED, Step.INSISTED):
        tell_district(
            KIND,
            objection.district_code,
            role=Role.REVIEWER,
            firm_id=objection.firm_id,
            key=f"{objection.id}:{objection.rounds}",
            reference=reference,
            link=f"/objections/{objection.id}",
            at=at,
            firm=get_firm(objection.firm_id).short_name,
        )
