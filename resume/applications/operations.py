"""Doors on the case: begin it, edit plan or list, submit plan and list together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from resume import jobs
from resume.applications import claims
from resume.applications.lifecycle import SUBMITTED_JOB, State
from resume.applications.models import Application
from resume.applications.queries import find_current, missing_of, view_case
from resume.applications.steps import AnotherWasFaster, move, touch_by_edit, what_happened
from resume.applications.telling import tell_reviewers
from resume.db import transaction
from resume.plans import steps as plan_steps
from resume.plans.models import PlanVersion
from resume.refusals import Conflict, Unprocessable
from resume.roles import Actor, Role
from resume.roster import steps as roster_steps
from resume.roster.lifecycle import ListState


class Incomplete(Unprocessable):
    """Plan or list still lack something; the message lists all of it."""

    code = "incomplete"
    advice = _("请补全后再提交；已填写的内容都已保存")


class NothingToSubmit(Conflict):
    """The firm has begun no case."""

    code = "no_case"
    message = _("还没有开始填报，没有可以提交的申请")
    advice = _("请先填写方案并上传花名册")


def start(firm_id: int, *, by: Actor, at: datetime) -> Application:
    """Begin a case, or give the one that is open; a case under review is left where it is."""
    with transaction():
        newest = find_current(firm_id=firm_id)
        if newest is not None and newest.decided_at is None:
            return newest
        return touch_by_edit(firm_id, by=by, at=at)


def save_section(
    key: str, values: Mapping[str, Any], *, firm_id: int, revision: int, by: Actor, at: datetime
) -> PlanVersion:
    """Save one section of the plan's draft; a case under review goes back to draft.

    Raises SectionChanged where somebody saved the section after `revision`.
    """
    with transaction():
        draft = plan_steps.save_section(key, values, firm_id=firm_id, revision=revision, by=by, at=at)
        touch_by_edit(firm_id, by=by, at=at).plan_version_id = draft.id
        return draft


def confirm_list(list_id: UUID, *, firm_id: int, by: Actor, at: datetime) -> Application:
    """Confirm an uploaded list and attach it to the case; a case under review goes back to draft."""
    with transaction():
        worker_list = roster_steps.confirm(list_id, firm_id=firm_id, at=at)
        application = touch_by_edit(firm_id, by=by, at=at)
        application.list_id, application.worker_count = worker_list.id, worker_list.good_count
        return application


def submit(firm_id: int, *, revision: int, by: Actor, at: datetime) -> Application:
    """Submit plan version and worker list as one case: the version is fixed, the list claims its persons.

    Raises Incomplete with everything that is missing, ClaimedElsewhere with the rows of persons who belong to
    another firm, AnotherWasFaster where the case moved on. A job lets the passes of flatmates follow.
    """
    with transaction():
        application = find_current(firm_id=firm_id)
        if application is None:
            raise NothingToSubmit
        case = view_case(application, at=at)
        if application.revision != revision or State(application.state) not in (State.DRAFT, State.RETURNED):
            raise AnotherWasFaster(what_happened(application))
        if case.missing or case.worker_list is None or case.plan.version is None:
            missing = missing_of(case.plan, case.worker_list)
            raise Incomplete(
                gettext("还不能提交。%(missing)s", missing="；".join(str(item.text) for item in missing))
            )
        claims.claim(case.worker_list, at=at)
        case.worker_list.state = ListState.SUBMITTED.value
        application.worker_count = case.worker_list.good_count
        plan_steps.fix(case.plan.version, at=at)
        submitted = move(application, to=State.SUBMITTED, revision=revision, by=by, at=at)
        key = f"{application.id}:{application.revision}"
        jobs.enqueue(SUBMITTED_JOB, [(key, {"list": str(case.worker_list.id)})])
        tell_reviewers("new_case", submitted, role=Role.REVIEWER, at=at)
        return submitted
