"""Doors: answer a refusal, withdraw one's own, say that a committee was informed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume import audit
from resume.clock import SHANGHAI
from resume.db import joined, transaction
from resume.escalations.lifecycle import ANSWERS, GROUND_NAMES, OUTCOME_NAMES, Outcome
from resume.escalations.models import Escalation, ExitNotice
from resume.escalations.queries import Scope, get_escalation, get_exit, scope_of
from resume.escalations.telling import settle_exit, tell_answer
from resume.refusals import Conflict, NotAllowed, NotFound, Unprocessable
from resume.roles import Actor, Role

LONGEST_NOTE = 200


class AnsweredAlready(Conflict):
    """Somebody else was first; the refusal says who, when, and with what."""

    code = "answered_already"
    advice = _("请刷新页面查看已有的答复；如有不同意见，请与答复人联系")


class StillTheStreets(NotAllowed):
    """Until its time is up the street's desk answers, not the district."""

    code = "still_the_streets"
    message = _("时限未到，由街镇值班台答复")
    advice = _("超时后由区审核员答复；如需加快，请联系街镇值班台")


class GroundMissing(Unprocessable):
    """A refusal is upheld for a coded reason only."""

    code = "ground_missing"
    message = _("维持不放行须选择原因，没有登记")
    advice = _("从列出的原因中选择一项；都不符合的，应予放行")


def answer(
    nonce: UUID, outcome: Outcome, *, ground: str = "", note: str = "", by: Actor, at: datetime
) -> Escalation:
    """Settle a refusal: release, or uphold for one of GROUND_NAMES.

    The street's desk answers its own at any time, a reviewer of the district what is overdue. Of two who
    answer at once the first wins. Raises NotFound, StillTheStreets, AnsweredAlready, GroundMissing.
    """
    if by.role not in (Role.STREET, Role.REVIEWER) or outcome not in ANSWERS:
        raise NotAllowed
    if outcome is Outcome.UPHELD and ground not in GROUND_NAMES:
        raise GroundMissing
    with transaction():
        case = get_escalation(nonce, scope=scope_of(by))
        _check_open(case)
        if by.role is Role.REVIEWER and at < case.due_at:
            raise StillTheStreets
        case.ground = ground if outcome is Outcome.UPHELD else ""
        case.note = note.strip()[:LONGEST_NOTE]
        _settle(case, outcome, by=by, at=at)
    return case


def withdraw(nonce: UUID, *, by: Actor, at: datetime) -> Escalation:
    """The gate takes its refusal back: a mistake. Sent twice, once. Raises NotFound, AnsweredAlready."""
    if by.gate_id is None:
        raise NotFound
    with transaction():
        case = get_escalation(nonce, scope=Scope(gate_id=by.gate_id))
        if case.outcome == Outcome.WITHDRAWN:
            return case
        _check_open(case)
        _settle(case, Outcome.WITHDRAWN, by=by, at=at)
    return case


def acknowledge(exit_id: UUID, *, by: Actor, at: datetime) -> ExitNotice:
    """The committee was informed of a medical exit: by whom first, once. Raises NotFound."""
    if by.role is not Role.STREET:
        raise NotAllowed
    with transaction():
        found = get_exit(exit_id, scope=scope_of(by))
        if found.acknowledged_at is not None:
            return found
        found.acknowledged_at, found.acknowledged_by = at, by.name
        joined().flush()
        settle_exit(found, at=at)
        audit.record("medical_exit.acknowledged", f"gate:{found.gate_id}", by=by, at=at, exit=str(exit_id))
    return found


def _check_open(case: Escalation) -> None:
    if case.outcome and case.answered_at is not None:
        at = case.answered_at.astimezone(SHANGHAI).strftime("%H:%M")
        name = OUTCOME_NAMES[Outcome(case.outcome)]
        message = _("%(who)s 已于 %(at)s 答复：%(outcome)s", who=case.answered_by, at=at, outcome=name)
        raise AnsweredAlready(message)


def _settle(case: Escalation, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    case.outcome, case.answered_at, case.answered_by = outcome.value, at, by.name
    case.answered_as = "" if by.role is None else by.role.value
    joined().flush()
    audit.record(f"refusal.{outcome.value}", case.subject, by=by, at=at, gate=case.gate_id)
    tell_answer(case, at=at)
