"""The firm's passes and sheets: the table, how far the sheets are, one PDF, archives, the list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, request, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from resume import clock
from resume.passes import queries, sheets, views
from resume.passes.archive import stream_zip
from resume.passes.choice import Choice
from resume.passes.forms import PaperForm, chosen_passes
from resume.passes.lifecycle import MEDIUM_NAMES, STATUS_NAMES
from resume.passes.list_file import list_file
from resume.passes.making import making_of
from resume.passes.reissue import reissue
from resume.passes.routes.blueprint import bp
from resume.roles import Role
from resume.web.access import current_actor, open_to, own_firm
from resume.web.pages import asked_page, page, saved

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/passes")
@open_to(Role.HR)
def index() -> BaseResponse:
    """The firm's passes by status, plant, batch and number; which sheets are ready."""
    view = views.view_firm_passes(
        firm_id=own_firm(), at=clock.now(), choice=Choice.of(request.args), page=asked_page()
    )
    return page(
        "passes/index.html",
        fragment="passes/_list.html",
        view=view,
        status_names=STATUS_NAMES,
        medium_names=MEDIUM_NAMES,
        all_ticked=request.args.get("tick") == "all",
        making=making_of(firm_id=own_firm(), real_at=clock.real_now()),
    )


@bp.get("/passes/progress")
@open_to(Role.HR)
def progress() -> BaseResponse:
    """How far the sheets are; the page asks again until they are all made."""
    making = making_of(firm_id=own_firm(), real_at=clock.real_now())
    said = request.args.get("said", type=int)
    return page("passes/progress.html", fragment="passes/_made_since.html", making=making, said=said)


@bp.get("/passes/<number>/sheet.pdf")
@open_to(Role.HR)
def sheet(number: str) -> BaseResponse:
    """The signed PDF of one of the firm's passes; made now if it was not yet."""
    found = queries.get_of_firm(number, firm_id=own_firm())
    file = sheets.sheet_of(found.id)
    response = Response(file.pdf, mimetype=PDF)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    return response


@bp.route("/passes/<number>/paper", methods=["GET", "POST"])
@open_to(Role.HR)
def paper(number: str) -> BaseResponse:
    """For somebody whose phone is lost: the pass on it ends, he gets one on paper."""
    found, form = queries.get_of_firm(number, firm_id=own_firm()), PaperForm()
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return page("passes/paper.html", found=found, form=form, status=status)
    reason = form.reason.data or ""
    fresh = reissue(found.id, medium="paper", reason=reason, by=current_actor(), at=clock.now())
    message = _("已换回纸质证 %(number)s，手机上的 %(former)s 已作废", number=fresh.number, former=number)
    return saved(to=url_for("passes.index", q=fresh.number), message=message)


@bp.get("/passes/sheets.zip")
@open_to(Role.HR)
def sheets_zip() -> BaseResponse:
    """Every sheet that is ready of the passes asked for (without a status: of those in force)."""
    choice = Choice.of(request.args)
    ready = sheets.ready_of_firm(firm_id=own_firm(), at=clock.now(), choice=choice)
    if not ready:
        raise sheets.SheetNotReady
    return _archive(ready)


@bp.post("/passes/sheets.zip")
@open_to(Role.HR)
def chosen_zip() -> BaseResponse:
    """The sheets of the ticked passes; those that are missing are made now."""
    chosen = chosen_passes(request.form.getlist("pass"))
    return _archive(sheets.make_chosen(chosen, firm_id=own_firm()))


@bp.get("/passes/list.xlsx")
@open_to(Role.HR)
def listed() -> BaseResponse:
    """The passes asked for as a file, each with its worker's link."""
    data = list_file(firm_id=own_firm(), at=clock.now(), choice=Choice.of(request.args))
    response = Response(data, mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="passes.xlsx"'
    return response


def _archive(passes: Sequence[tuple[UUID, str]]) -> BaseResponse:
    """A ZIP that is sent while it is read: its memory does not grow with the number of sheets."""
    files = ((file.file_name, file.pdf) for file in sheets.read_sheets(passes))
    response = Response(stream_with_context(stream_zip(files, at=clock.now())), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="passes.zip"'
    return response
