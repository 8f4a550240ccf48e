"""Pages of worker lists for the firm's HR. What confirms a list is posted to the case (`applications`)."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import Blueprint, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.firms.queries import list_sites
from resume.policy import REASONS
from resume.roles import Role
from resume.roster import operations, queries
from resume.roster.columns import WORKER_LIST
from resume.roster.forms import ERRORS, Filters, UploadForm
from resume.roster.hr_view import building_of, lines_to_sample, view_list, view_worker
from resume.roster.jobs import REFUSALS
from resume.roster.lifecycle import STATE_NAMES, ListState, UploadState
from resume.roster.models import ListUpload, WorkerList
from resume.roster.outlook import lab_hours
from resume.roster.receiving import receive
from resume.roster.sampling_file import sampling_file
from resume.roster.stored_rows import sites_of
from resume.roster.template_file import template_file
from resume.tables.refused import FileRefused
from resume.web.access import current_actor, open_to, own_firm
from resume.web.language import current_language
from resume.web.pages import page, saved, wants_fragment

bp = Blueprint("roster", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/list")
@open_to(Role.HR)
def index() -> Response:
    """The firm's current list with every worker's verdict, and the way to upload another."""
    return _index(UploadForm())


@bp.post("/list")
@open_to(Role.HR)
def upload() -> Response:
    """Leave a file to the worker; 422 where it is no list from outside, 413 where it is too large."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _index(form, status=422)
    file = form.file.data
    try:
        upload_id = receive(own_firm(), file.read(), file.filename or "", by=current_actor(), at=clock.now())
    except FileRefused as refused:
        form.file.errors = [refused.text[current_language()]]
        return _index(form, status=413 if refused.code == "too_large" else 422)
    return saved(url_for("roster.progress", list_upload_id=upload_id))


@bp.get("/list/uploads/<uuid:list_upload_id>")
@open_to(Role.HR)
def progress(list_upload_id: UUID) -> Response:
    """How far a file is; once it is read, on to its preview; where it was refused, why."""
    upload = queries.get_upload(list_upload_id, firm_id=own_firm())
    if upload.state == UploadState.DONE:
        return _to_preview(upload)
    if wants_fragment() and upload.state == UploadState.REFUSED:
        return saved(url_for("roster.progress", list_upload_id=upload.id))
    if wants_fragment() and request.args.get("seen") == upload.seen:
        return Response(status=204)  # htmx leaves the page as it is, so nothing is announced twice
    return page("roster/upload.html", fragment="roster/_reading.html", upload=upload, refusals=REFUSALS)


@bp.get("/list/<uuid:list_id>")
@open_to(Role.HR)
def show(list_id: UUID) -> Response:
    """One of the firm's lists: a preview with its bad cells, or a list that stands."""
    worker_list = queries.get_list(list_id, firm_id=own_firm())
    return _show(worker_list, Filters.of(request.args))


@bp.post("/list/<uuid:list_id>/search")
@open_to(Role.HR)
def search(list_id: UUID) -> Response:
    """Those of a list of whom the searched words hold; posted, so that no name stands in an address."""
    worker_list = queries.get_list(list_id, firm_id=own_firm())
    return _show(worker_list, Filters.searching(request.form))


@bp.get("/list/<uuid:list_id>/sampling.xlsx")
@open_to(Role.HR)
def sampling(list_id: UUID) -> Response:
    """Who has to be sampled, by the deadline asked for or all, as a file."""
    worker_list = queries.get_list(list_id, firm_id=own_firm())
    sample = Filters.of(request.args).sample
    lines = lines_to_sample(worker_list, sample, at=clock.now())
    return _file(sampling_file(lines), _("采样名单"))


@bp.post("/list/<uuid:list_id>/drop")
@open_to(Role.HR)
def drop(list_id: UUID) -> Response:
    """Throw a preview away."""
    operations.drop(list_id, firm_id=own_firm(), by=current_actor(), at=clock.now())
    return saved(url_for("roster.index"), message=_("这份预览已作废，其中的个人信息已删除"))


@bp.get("/list/workers/<uuid:worker_id>")
@open_to(Role.HR)
def worker(worker_id: UUID) -> Response:
    """One worker with all findings."""
    firm_id = own_firm()
    found, worker_list = queries.get_worker(worker_id, firm_id=firm_id)
    at = clock.now()
    line, site = view_worker(found, firm_id=firm_id, at=at)
    return page(
        "roster/worker.html",
        line=line,
        site=site,
        worker_list=worker_list,
        is_open=_is_open(worker_list, queries.find_current_list(firm_id=firm_id)),
        building=building_of(line),
        lab_hours=lab_hours(at),
    )


@bp.get("/list/template.xlsx")
@open_to(Role.HR)
def template() -> Response:
    """The empty list, with the firm's plants and its posts so far to choose from."""
    firm_id = own_firm()
    return _file(template_file(list(sites_of(firm_id)), queries.posts_of(firm_id=firm_id)), _("人员名单"))


def _show(worker_list: WorkerList, filters: Filters) -> Response:
    current = queries.find_current_list(firm_id=worker_list.firm_id)
    return page(
        "roster/list.html",
        view=view_list(worker_list, filters, at=clock.now()),
        state_names=STATE_NAMES,
        reasons=REASONS,
        current=current,
        is_open=_is_open(worker_list, current),
    )


def _is_open(worker_list: WorkerList, current: WorkerList | None) -> bool:
    """Whether its rows may be changed: the preview and the list that stands; others are history."""
    is_current = current is not None and current.id == worker_list.id
    return is_current or worker_list.state == ListState.PREVIEW


def _to_preview(upload: ListUpload) -> Response:
    """On to the list that the file became, its bad rows first; to all lists where it is gone by now."""
    lists = {one.id: one for one in queries.list_lists(firm_id=upload.firm_id)}
    made = lists.get(upload.list_id) if upload.list_id else None
    if made is None or made.state == ListState.DROPPED:
        return saved(url_for("roster.index"))
    tab = ERRORS if made.good_count < made.row_count else None
    to = url_for("roster.show", list_id=made.id, tab=tab)
    return saved(to, message=_("名单已读取，请核对后确认"))


def _file(data: bytes, name: str) -> Response:
    """An XLSX to be saved, kept by nobody on the way: it names plants or persons."""
    response = send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")
    response.headers["Cache-Control"] = "no-store"  # send_file says no-cache
    return response


def _index(form: UploadForm, *, status: int = 200) -> Response:
    firm_id = own_firm()
    current = queries.find_current_list(firm_id=firm_id)
    return page(
        "roster/index.html",
        status=status,
        form=form,
        view=view_list(current, Filters.of(request.args), at=clock.now()) if current else None,
        preview=queries.find_preview(firm_id=firm_id),
        reading=queries.find_open_upload(firm_id=firm_id),
        lists=queries.list_lists(firm_id=firm_id),
        is_open=True,
        has_sites=bool(list_sites(firm_id=firm_id)),
        columns=WORKER_LIST,
        state_names=STATE_NAMES,
        reasons=REASONS,
    )
