"""Steps on a case that join another door: move it, take it back because something was edited."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from resume import audit
from resume.applications import claims, queries
from resume.applications.lifecycle import ACTION_NAMES, IN_REVIEW, State, find_move
from resume.applications.models import Application, ApplicationEvent
from resume.db import joined
from resume.firms.queries import get_firm
from resume.notices.telling import settle
from resume.plans import steps as plan_steps
from resume.plans.models import PlanVersion
from resume.refusals import Conflict, NotAllowed, Text
from resume.roles import Actor
from resume.web.dates import moment_text


class AnotherWasFaster(Conflict):
    """The case has moved on since the page was read; the message says what happened."""

    code = "case_moved"
    advice = _("请刷新页面，看到最新情况后再办理；您的操作没有进行")


class SameHands(NotAllowed):
    """Whoever recommends a case does not sign it off."""

    code = "same_hands"
    message = _("推荐和签发须由不同的人办理")
    advice = _("请由本区另一位签发人办理")


def move(
    application: Application, *, to: State, revision: int, by: Actor, at: datetime, note: str = ""
) -> Application:
    """Take a case one step: state, times, event and audit row in the caller's door.

    `revision` is the one the actor's page showed. Raises AnotherWasFaster where the case has moved on or the
    move does not exist from its state, NotAllowed for another role, SameHands at the recommender's own
    sign-off. Approval puts the plan version in force.
    """
    origin = State(application.state)
    step = find_move(origin, to)
    if application.revision != revision or step is None:
        raise AnotherWasFaster(what_happened(application))
    if by.role not in step.roles:
        raise NotAllowed
    if step.is_by_another and application.recommended_by in (None, by.account_id):
        raise SameHands
    _stamp(application, to, by, at)
    settle(f"application:{application.id}", _OF_REVIEWERS, at=at)
    note_event(application, step.action, by=by, at=at, note=note)
    audit.record(
        f"application.{step.action}", f"application:{application.id}", by=by, at=at,
        origin=origin.value, to=to.value, revision=application.revision,
    )  # fmt: skip
    return application


def touch_by_edit(firm_id: int, *, by: Actor, at: datetime, note: str = "") -> Application:
    """The firm's case that may be edited, for a door that changes its plan or list.

    A case under review goes back to draft, which voids its recommendation; a returned one becomes a draft
    again; after a decision (or before the first case) a new case begins, and what was approved
    stays in force.
    """
    application = queries.find_open(firm_id=firm_id)
    if application is None:
        return _begin(firm_id, by=by, at=at)
    if State(application.state) is State.DRAFT:
        return application
    reason = note or (_VOIDED if State(application.state) in IN_REVIEW else "")
    return move(application, to=State.DRAFT, revision=application.revision, by=by, at=at, note=reason)


def note_event(application: Application, action: str, *, by: Actor, at: datetime, note: str = "") -> None:
    """Write a step of the case as its firm and its reviewers read it."""
    joined().add(
        ApplicationEvent(application_id=application.id, at=at, action=action, actor=by.name, note=note)
    )
    joined().flush()


def what_happened(application: Application) -> Text:
    """The last step of a case in words, for somebody who was too late."""
    events = queries.list_events(application.id)
    if not events:
        return Conflict.message
    last = events[-1]
    return gettext(
        "他人已先办理：%(who)s %(when)s %(what)s",
        who=last.actor,
        when=moment_text(last.at),
        what=ACTION_NAMES.get(last.action, last.action),
    )


#: What reviewers and signers are told of a case; whoever moves it has seen it.
_OF_REVIEWERS = ("new_case", "to_sign", "overdue")
_VOIDED = "方案或名单有修改，原推荐作废"


def _begin(firm_id: int, *, by: Actor, at: datetime) -> Application:
    version: PlanVersion = plan_steps.ensure_version(firm_id=firm_id, at=at)
    former = queries.find_current(firm_id=firm_id)
    application = Application(
        firm_id=firm_id,
        number=queries.next_number(firm_id=firm_id),
        district_code=get_firm(firm_id).district_code,
        plan_version_id=version.id,
        list_id=former.list_id if former else None,
        worker_count=former.worker_count if former else 0,
        state=State.DRAFT.value,
        revision=0,
        created_at=at,
    )
    joined().add(application)
    joined().flush()
    note_event(application, "started", by=by, at=at)
    audit.record(
        "application.started", f"application:{application.id}", by=by, at=at, firm=firm_id,
        number=application.number,
    )  # fmt: skip
    return application


def _stamp(application: Application, to: State, by: Actor, at: datetime) -> None:
    """Set what the new state means; a case that goes back loses its recommendation."""
    application.state = to.value
    application.revision += 1
    if to is State.SUBMITTED:
        application.submitted_at = at
    if to is State.RECOMMENDED:
        application.recommended_at, application.recommended_by = at, by.account_id
    if to in (State.DRAFT, State.RETURNED, State.SUBMITTED):
        application.recommended_at = application.recommended_by = None
    if to in (State.APPROVED, State.REFUSED):
        application.decided_at, application.decided_by = at, by.account_id
    if to is State.APPROVED:
        version = joined().get(PlanVersion, application.plan_version_id)
        assert version is not None  # a foreign key
        plan_steps.approve(version, at=at)
    if to is State.REFUSED and application.list_id is not None:
        claims.release(application.list_id, firm_id=application.firm_id, at=at)
