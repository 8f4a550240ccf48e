"""Pages of the case, and what HR posts to it: a section of the plan, the confirmation of a list."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.applications import operations, queries
from resume.applications.lifecycle import ACTION_NAMES, STATE_NAMES
from resume.applications.progress import progress, whose_turn
from resume.papers.reading import check_paper
from resume.papers.refused import PaperRefused
from resume.plans import pages
from resume.plans.forms import AttachmentForm, SectionForm
from resume.plans.routes import own_firm
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved

bp = Blueprint("applications", __name__)


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
    """Submit plan and list together."""
    operations.submit(own_firm(), revision=_revision(), by=current_actor(), at=clock.now())
    return saved(url_for("applications.case"), message=_("已提交，等待区级审核"))


@bp.post("/plan/<key>")
@open_to(Role.HR)
def save_section(key: str) -> Response:
    """Save a section; or draw it again with a row more or less, or with its checks."""
    section, firm_id, at = pages.get_section(key), own_firm(), clock.now()
    form, intent = SectionForm.of_request(section, request.form), request.form.get("intent", pages.SAVE)
    if intent != pages.SAVE or not form.validate():
        return pages.typed_page(form, intent, firm_id=firm_id, revision=_revision(), at=at)
    operations.save_section(
        key, form.readable_values, firm_id=firm_id, revision=_revision(), by=current_actor(), at=at
    )
    return pages.after_save(section, firm_id=firm_id, at=at)


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
