"""Doors on the case: begin it, edit plan or list, submit plan and list together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from resume import audit, jobs
from resume.applications import changes, claims, returned
from resume.applications.lifecycle import SUBMITTED_JOB, WITH_FIRM, State
from resume.applications.models import Application, ReturnedPart
from resume.applications.queries import find_current, view_case, view_current_case
from resume.applications.steps import AnotherWasFaster, move, touch_by_edit, what_happened
from resume.applications.telling import tell_reviewers
from resume.db import transaction
from resume.papers.reading import CheckedPaper
from resume.plans import attached
from resume.plans import steps as plan_steps
from resume.plans.difference import section_changes
from resume.plans.models import Attachment, PlanVersion
from resume.plans.queries import PlanView
from resume.plans.steps import Typed
from resume.refusals import Conflict, Unprocessable
from resume.roles import Actor, Role
from resume.roster import steps as roster_steps
from resume.roster.lifecycle import ListState


class Incomplete(Unprocessable):
    """Plan or list still lack something; the message lists all of it."""

    code = "incomplete"
    advice = _("请补全后再提交；已填写的内容都已保存")


class AsksFirst(Conflict):
    """Saving would do more than save, and the writer has not agreed to it; the message says what."""

    code = "asks_first"
    advice = _("您填写的内容没有保存，仍在本页；确要修改的，请确认后保存")


class NoAnswer(Unprocessable):
    """An explanation without words."""

    code = "no_answer"
    message = _("没有写说明，没有保存")
    advice = _("请写明为什么不修改，或按退回理由修改后提交")


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
    key: str,
    values: Mapping[str, Any],
    *,
    firm_id: int,
    revision: int,
    by: Actor,
    at: datetime,
    typed: Typed | None = None,
    opened: str = "",
    is_agreed: bool = False,
    is_autosave: bool = False,
) -> PlanVersion | None:
    """Save one section of the plan's draft, with what is `typed` and cannot be read yet.

    Raises SectionChanged where somebody saved the section after `revision`; AsksFirst where saving it takes
    the case back from the authority, begins a new case, or changes a section that was not returned, unless
    the writer agreed to it (`is_agreed`), which a page that saves by itself never does. `is_autosave`: None,
    and nothing is written, where nothing changed.
    """
    with transaction():
        case = view_current_case(firm_id=firm_id, at=at)
        question = case.asks_about(key)
        if question is not None and (is_autosave or not is_agreed):
            raise AsksFirst(question)
        if is_autosave and _is_as_saved(case.plan, key, values, typed):
            return case.plan.version
        draft = plan_steps.save_section(
            key, values, firm_id=firm_id, revision=revision, by=by, at=at, typed=typed, opened=opened
        )
        touch_by_edit(firm_id, by=by, at=at).plan_version_id = draft.id
        return draft


def _is_as_saved(plan: PlanView, key: str, values: Mapping[str, Any], typed: Typed | None) -> bool:
    view = plan.section(key)
    if dict(plan.typed.get(key, {})) != dict(typed or {}):
        return False
    return not section_changes(view.section, view.values, values)


def attach(firm_id: int, kind: str, paper: CheckedPaper, *, by: Actor, at: datetime) -> Attachment:
    """Add a checked file (`resume.papers`) to the plan's draft; a case under review goes back to draft.

    Raises NoSuchKind, and PaperRefused where the draft has too many files already.
    """
    with transaction():
        draft = plan_steps.open_draft(firm_id=firm_id, at=at)
        added = attached.attach(draft, kind, paper, by=by, at=at)
        touch_by_edit(firm_id, by=by, at=at).plan_version_id = draft.id
        return added


def detach(firm_id: int, attachment_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a file out of the plan's draft; versions that were submitted with it keep it. Raises NotFound."""
    with transaction():
        draft = plan_steps.open_draft(firm_id=firm_id, at=at)
        attached.detach(draft, attachment_id, by=by, at=at)
        touch_by_edit(firm_id, by=by, at=at).plan_version_id = draft.id


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
        if application.revision != revision or State(application.state) not in WITH_FIRM:
            raise AnotherWasFaster(what_happened(application))
        if case.missing or case.worker_list is None or case.plan.version is None:
            raise Incomplete(
                gettext("还不能提交。%(missing)s", missing="；".join(item.text for item in case.missing))
            )
        claims.claim(case.worker_list, at=at)
        case.worker_list.state = ListState.SUBMITTED.value
        application.worker_count = case.worker_list.good_count
        plan_steps.fix(case.plan.version, at=at)
        returned.close(application, at=at)
        changes.note_submission(application, case.plan.version, at=at)
        submitted = move(application, to=State.SUBMITTED, revision=revision, by=by, at=at)
        key = f"{application.id}:{application.revision}"
        jobs.enqueue(SUBMITTED_JOB, [(key, {"list": str(case.worker_list.id)})])
        tell_reviewers("new_case", submitted, role=Role.REVIEWER, at=at)
        return submitted


def answer_return(part_id: int, *, firm_id: int, answer: str, by: Actor, at: datetime) -> ReturnedPart:
    """Answer a returned part with an explanation instead of a change. Raises NoAnswer, NotFound."""
    if not answer.strip():
        raise NoAnswer
    with transaction():
        found = returned.get_open(part_id, firm_id=firm_id)
        found.answer, found.answered_at, found.answered_by = answer.strip(), at, by.name
        audit.record(
            "application.answered", f"application:{found.application_id}", by=by, at=at, part=found.part
        )
        return found
