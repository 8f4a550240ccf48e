"""Pages of the plan. What changes it is posted to the case (`applications.routes`), whose draft it is."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from resume import clock
from resume.plans import attached, pages, queries
from resume.plans.cases import case_of
from resume.plans.handing_out import send_attachment, send_plan
from resume.roles import Role
from resume.web.access import open_to, own_firm
from resume.web.headers import sandboxed
from resume.web.pages import page

bp = Blueprint("plans", __name__)


@bp.get("/plan")
@open_to(Role.HR)
def tasks() -> Response:
    """The task list of sections."""
    case = case_of(firm_id=own_firm(), at=clock.now())
    return page("plans/tasks.html", plan=case.plan, case=case)


@bp.get("/plan/answers")
@open_to(Role.HR)
def answers() -> Response:
    """Every answer and check on one page, what changed, and the submission at its end."""
    case = case_of(firm_id=own_firm(), at=clock.now())
    return page("plans/answers.html", plan=case.plan, case=case, is_current=True)


@bp.get("/plan/versions/<uuid:version_id>")
@open_to(Role.HR)
def version(version_id: UUID) -> Response:
    """One version of the plan, to be read."""
    firm_id = own_firm()
    found = queries.get_version(version_id, firm_id=firm_id)
    plan = queries.view_version(found, firm_id=firm_id, at=clock.now())
    return page("plans/answers.html", plan=plan, is_current=False)


@bp.get("/plan/versions/<uuid:version_id>/plan.pdf")
@open_to(Role.HR)
def version_pdf(version_id: UUID) -> Response:
    """One version of the plan as a printed paper, in the reader's language."""
    firm_id, at = own_firm(), clock.now()
    found = queries.get_version(version_id, firm_id=firm_id)
    return send_plan(queries.view_version(found, firm_id=firm_id, at=at), at=at)


@bp.get("/plan/attachments/<uuid:attachment_id>")
@open_to(Role.HR)
@sandboxed
def attachment(attachment_id: UUID) -> Response:
    """A file of the firm's plan, to be saved."""
    return send_attachment(attached.get_of_firm(attachment_id, firm_id=own_firm()))


@bp.get("/plan/<key>")
@open_to(Role.HR)
def section(key: str) -> Response:
    """One section's page; `?edit=1` where it is fixed and wanted nevertheless."""
    section = pages.get_section(key)
    is_wanted = "edit" in request.args
    return pages.saved_page(section, firm_id=own_firm(), at=clock.now(), is_wanted=is_wanted)
