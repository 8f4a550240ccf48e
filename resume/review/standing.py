"""The door that suspends a firm's plan: every pass under it follows, and the firm is told."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume import audit
from resume.db import transaction
from resume.firms.models import Firm
from resume.notices.telling import tell_firm
from resume.passes.reassess import Effects, Scope, reassess
from resume.plans.models import Plan
from resume.refusals import Conflict, NotFound
from resume.roles import Actor


class PlanNotStanding(Conflict):
    """Only an approved plan can be suspended."""

    code = "plan_not_standing"
    message = _("企业方案不在批准状态，没有暂停")
    advice = _("请刷新页面查看最新情况")


def suspend_plan(firm_id: int, *, reason: str, by: Actor, at: datetime) -> Effects:
    """Suspend the approved plan of a firm of the actor's district. Raises NotFound, PlanNotStanding."""
    with transaction() as session:
        firm = session.get(Firm, firm_id)
        plan = session.scalars(select(Plan).where(Plan.firm_id == firm_id)).first()
        if firm is None or plan is None or firm.district_code != by.district_code:
            raise NotFound
        if plan.state != "approved":
            raise PlanNotStanding
        plan.state = "suspended"
        session.flush()
        audit.record("plan.suspended", f"plan:{plan.id}", by=by, at=at, firm=firm_id, reason=reason)
        key, reference = f"{plan.id}:{int(at.timestamp())}", f"plan:{plan.id}"
        tell_firm("plan_suspended", firm_id, key=key, reference=reference, link="/plan", at=at)
        return reassess(scope=Scope(firm_ids=frozenset([firm_id])), at=at, by=by)
