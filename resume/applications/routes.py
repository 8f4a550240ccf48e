"""Pages of the case, and what HR posts to it: a section of the plan, the confirmation of a list."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Blueprint, Flask, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts.kept import drop_kept_here, kept_here
from resume.applications import operations, queries
from resume.applications.forms import AnswerForm
from resume.applications.lifecycle import ACTION_NAMES, STATE_NAMES
from resume.applications.progress import progress, whose_turn
from resume.applications.returned import get_open, part_title
from resume.papers.reading import check_paper
from resume.papers.refused import PaperRefused
from resume.plans import pages
from resume.plans.cases import tell_case
from resume.plans.forms import AttachmentForm
from resume.plans.sent import AUTOSAVE, LATER, SAVES, Sent
from resume.plans.steps import SectionChanged
from resume.refusals import Refusal
from resume.roles import Role
from resume.web.access import current_actor, keeps_typed, open_to, own_firm
from resume.web.pages import page, saved

bp = Blueprint("applications", __name__)
bp.record_once(lambda state: tell_case(cast(Flask, state.app), queries.view_current_case))


@bp.get("/case")
@open_to(Role.HR)
def case() -> Response:
    """The firm's newest case."""
    firm_id = own_firm()
    return _case_page(queries.view_current_case(firm_id=firm_id, at=clock.now()), firm_id)


@bp.get("/case/<uuid:application_id>")
@open_to(Role.HR)
def show(application_id: UUID) -> Response:
    """One of the firm's cases."""
    firm_id = own_firm()
    application = queries.get_of_firm(application_id, firm_id=firm_id)
    return _case_page(queries.view_case(application, at=clock.now()), firm_id)


@bp.post("/case")
@open_to(Role.HR)
def start() -> Response:
    """Begin a case."""
    operations.start(own_firm(), by=current_actor(), at=clock.now())
    return saved(url_for("applications.case"), message=_("已开始填报"))


@bp.post("/case/submit")
@open_to(Role.HR)
def submit() -> Response:
    """Submit plan and list together; what is missing is listed on top of the answers."""
    firm_id, at = own_firm(), clock.now()
    try:
        operations.submit(firm_id, revision=_revision(), by=current_actor(), at=at)
    except operations.Incomplete:
        case = queries.view_current_case(firm_id=firm_id, at=at)
        return page(
            "plans/answers.html", status=422, plan=case.plan, case=case, is_current=True, is_refused=True
        )
    return saved(url_for("applications.case"), message=_("已提交，等待区级审核"))


@bp.post("/plan/<key>")
@open_to(Role.HR)
@keeps_typed
def save_section(key: str) -> Response:
    """Save a section, what cannot be read yet as it was typed; or draw it with a row more or less."""
    sent, firm_id, at = Sent.read(pages.get_section(key)), own_firm(), clock.now()
    if sent.intent not in SAVES:
        return pages.typed_page(sent, firm_id=firm_id, at=at)
    is_autosave, is_readable = sent.intent == AUTOSAVE, sent.form.validate()
    try:
        operations.save_section(
            key,
            sent.form.readable_values,
            firm_id=firm_id,
            revision=sent.opened.revision,
            by=current_actor(),
            at=at,
            typed=None if is_readable else sent.typed,
            opened=sent.opened.name,
            is_agreed=sent.opened.is_agreed,
            is_autosave=is_autosave,
        )
    except Refusal as refusal:
        return _not_saved(sent, refusal, firm_id, at)
    drop_kept_here()
    if is_autosave:
        return pages.autosaved_piece(sent, firm_id=firm_id, at=at)
    if not is_readable and sent.intent != LATER:
        return pages.unreadable_page(sent, firm_id=firm_id, at=at)
    return pages.after_save(sent, firm_id=firm_id, at=at)


def _not_saved(sent: Sent, refusal: Refusal, firm_id: int, at: datetime) -> Response:
    """What was typed stays on the page, with what was in the way."""
    if sent.intent == AUTOSAVE:
        is_over = isinstance(refusal, (SectionChanged, operations.AsksFirst))
        return pages.not_autosaved_piece(sent, refusal, is_over=is_over)
    if isinstance(refusal, SectionChanged):
        return pages.rival_page(sent, refusal, firm_id=firm_id, at=at)
    if isinstance(refusal, operations.AsksFirst):
        return pages.asking_page(sent, refusal.message, firm_id=firm_id, at=at)
    raise refusal


@bp.post("/plan/<key>/kept")
@open_to(Role.HR)
def drop_kept_section(key: str) -> Response:
    """Let go of what was typed into an expired session: the page shows what is saved again."""
    pages.get_section(key)
    address = url_for("plans.section", key=key)
    drop_kept_here(address)
    return saved(address, message=_("已放弃没有保存的内容"))


@bp.route("/case/returned/<int:part_id>", methods=["GET", "POST"])
@open_to(Role.HR)
@keeps_typed
def answer_return(part_id: int) -> Response:
    """Answer a part of a return with an explanation instead of a change."""
    firm_id = own_firm()
    row, form = get_open(part_id, firm_id=firm_id), AnswerForm()
    if form.validate_on_submit():
        answer = form.answer.data or ""
        operations.answer_return(part_id, firm_id=firm_id, answer=answer, by=current_actor(), at=clock.now())
        drop_kept_here()
        return saved(url_for("plans.tasks"), message=_("说明已保存，重新提交时审核员可以看到"))
    if request.method == "GET":
        kept = kept_here()
        form.answer.data = kept.first("answer") if kept else row.answer
    status = 422 if form.errors else 200
    return page("applications/answer.html", status=status, row=row, form=form, title=part_title(row.part))


@bp.post("/plan/attachments/files")
@open_to(Role.HR)
def attach() -> Response:
    """Add files to the plan's draft; 413, 415 or 422 with the page, which says what was not taken and why."""
    form, firm_id, at = AttachmentForm(), own_firm(), clock.now()
    if not form.validate_on_submit():
        return pages.attachments_page(form, firm_id=firm_id, at=at, status=422)
    refused: list[PaperRefused] = []
    for file in form.file.data:
        try:
            paper = check_paper(file.read(), file.filename or "")
            operations.attach(firm_id, form.kind.data or "", paper, by=current_actor(), at=at)
        except PaperRefused as error:
            refused.append(error)
    if refused:
        gap = _("；")
        form.file.errors = [gap.join(f"{error.message}{gap}{error.advice}" for error in refused)]
        return pages.attachments_page(form, firm_id=firm_id, at=at, status=refused[0].status)
    message = _("附件已上传 %(count)s 份", count=len(form.file.data))
    return saved(url_for("plans.section", key="attachments"), message=message)


@bp.post("/plan/attachments/files/<uuid:attachment_id>/removal")
@open_to(Role.HR)
def detach(attachment_id: UUID) -> Response:
    """Take a file out of the plan's draft."""
    operations.detach(own_firm(), attachment_id, by=current_actor(), at=clock.now())
    return saved(url_for("plans.section", key="attachments"), message=_("附件已移除"))


@bp.post("/list/<uuid:list_id>/confirm")
@open_to(Role.HR)
def confirm_list(list_id: UUID) -> Response:
    """Confirm an uploaded list: it becomes the case's."""
    operations.confirm_list(list_id, firm_id=own_firm(), by=current_actor(), at=clock.now())
    return saved(url_for("applications.case"), message=_("花名册已确认"))


def _case_page(view: queries.CaseView, firm_id: int) -> Response:
    return page(
        "applications/case.html",
        case=view,
        steps_line=progress(view),
        turn=whose_turn(view.state),
        state_names=STATE_NAMES,
        action_names=ACTION_NAMES,
        list_url=list_url,
        cases=queries.list_of_firm(firm_id=firm_id),
    )


def list_url() -> str | None:
    """Where the firm's worker list is seen and uploaded; None where that slice serves no pages."""
    return url_for("roster.index") if "roster.index" in current_app.view_functions else None


def _revision() -> int:
    """The revision that the posted page showed; an unreadable one never matches."""
    typed = request.form.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else -1
