"""Pages on which HR works through the list row by row, and compares a second file with it."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import Blueprint, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.roles import Role
from resume.roster import queries as roster
from resume.roster.bad_rows import all_bad_rows, lines_of_rows, open_bad_row
from resume.roster.details import open_details
from resume.roster.forms import ERRORS
from resume.roster.models import RowError, WorkerList
from resume.roster.routes import XLSX
from resume.roster.typed_row import texts_of
from resume.staffing import operations
from resume.staffing.comparing import KIND_NAMES, Kind, view_changes
from resume.staffing.error_file import error_file
from resume.staffing.forms import SHOWN, RowForm, column_name
from resume.staffing.operations import KEPT_IF_EMPTY, Kept, Way, settle, version_of
from resume.staffing.queries import bad_row_of, consequence_of, has_pass
from resume.web.access import current_actor, open_to, own_firm
from resume.web.language import current_language
from resume.web.pages import page, saved, wants_fragment

bp = Blueprint("staffing", __name__)
NEW = "new"


@bp.app_template_global("column_name")
def _column_name(zh: str) -> str:
    return column_name(zh)


@bp.app_template_global("column_label")
def _column_label(name: str) -> str:
    return str(SHOWN[name])


@bp.get("/list/rows/<uuid:bad_row_id>")
@open_to(Role.HR)
def bad_row(bad_row_id: UUID) -> Response:
    """A bad row as it was typed, to be corrected; with htmx in its place on the list's page."""
    found, _worker_list = bad_row_of(bad_row_id, firm_id=own_firm())
    form = RowForm.showing(open_bad_row(found), key=f"row-{found.row}", sites=_site_names())
    form.show_errors(_stored_errors(bad_row_id), current_language())
    return _bad_row_page(bad_row_id, form)


@bp.post("/list/rows/<uuid:bad_row_id>")
@open_to(Role.HR)
def correct(bad_row_id: UUID) -> Response:
    """Save a corrected row; 422 with what is still wrong."""
    firm_id = own_firm()
    found, _worker_list = bad_row_of(bad_row_id, firm_id=firm_id)
    row = found.row
    form = RowForm.posted(key=f"row-{row}", sites=_site_names())
    kept = operations.correct_row(bad_row_id, form.texts, firm_id=firm_id, by=current_actor(), at=clock.now())
    if kept.errors:
        form.show_errors(kept.errors, current_language())
        return _bad_row_page(bad_row_id, form, status=422)
    if not wants_fragment():
        to = url_for("roster.show", list_id=kept.list_id, tab=ERRORS)
        return saved(to, message=_("第 %(row)s 行已改正", row=row))
    return page(
        "staffing/_corrected.html",
        row=row,
        worker_id=kept.worker_id,
        worker_list=roster.get_list(kept.list_id, firm_id=firm_id),
    )


@bp.post("/list/rows/<uuid:bad_row_id>/discard")
@open_to(Role.HR)
def discard(bad_row_id: UUID) -> Response:
    """Leave a bad row out."""
    list_id = operations.discard_row(bad_row_id, firm_id=own_firm(), by=current_actor(), at=clock.now())
    return saved(url_for("roster.show", list_id=list_id, tab=ERRORS), message=_("这一行已删除"))


@bp.get("/list/<uuid:list_id>/errors.xlsx")
@open_to(Role.HR)
def error_report(list_id: UUID) -> Response:
    """The bad rows of a preview as a file to be mended and uploaded again."""
    worker_list = roster.get_list(list_id, firm_id=own_firm())
    errors: dict[int, list[RowError]] = {}
    for error in roster.list_errors(worker_list.id):
        errors.setdefault(error.row, []).append(error)
    data = error_file(all_bad_rows(worker_list.id), errors, language=current_language())
    response = send_file(
        BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=f"{_('有错误的行')}.xlsx"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/list/<uuid:list_id>/add")
@open_to(Role.HR)
def new_worker(list_id: UUID) -> Response:
    """An empty row, and what adding it means for list and case."""
    worker_list = roster.get_list(list_id, firm_id=own_firm())
    return _add_page(worker_list, RowForm.showing({}, key=NEW, sites=_site_names()))


@bp.post("/list/<uuid:list_id>/add")
@open_to(Role.HR)
def add(list_id: UUID) -> Response:
    """Add a worker; 422 with what is wrong."""
    firm_id = own_firm()
    form = RowForm.posted(key=NEW, sites=_site_names())
    kept = operations.add_worker(list_id, form.texts, firm_id=firm_id, by=current_actor(), at=clock.now())
    if kept.errors:
        form.show_errors(kept.errors, current_language())
        return _add_page(roster.get_list(list_id, firm_id=firm_id), form, status=422)
    return _to_worker(kept, _("已加入名单"))


@bp.get("/list/workers/<uuid:worker_id>/edit")
@open_to(Role.HR)
def worker_form(worker_id: UUID) -> Response:
    """One worker to be changed; number and phone are not shown, and stay where nothing is typed."""
    found, _worker_list = roster.get_worker(worker_id, firm_id=own_firm())
    names = operations.sites_of(own_firm())
    texts = texts_of(found, sites={site_id: name for name, site_id in names.items()})
    form = RowForm.showing(texts | dict.fromkeys(KEPT_IF_EMPTY, ""), key=NEW, sites=list(names))
    return _change_page(worker_id, form, version_of(found))


@bp.post("/list/workers/<uuid:worker_id>/edit")
@open_to(Role.HR)
def change(worker_id: UUID) -> Response:
    """Change a worker; 422 with what is wrong."""
    seen = request.form.get("seen", "")
    form = RowForm.posted(key=NEW, sites=_site_names())
    kept = operations.change_worker(
        worker_id, form.texts, seen=seen, firm_id=own_firm(), by=current_actor(), at=clock.now()
    )
    if kept.errors:
        form.show_errors(kept.errors, current_language())
        return _change_page(worker_id, form, seen, status=422)
    return _to_worker(kept, _("已保存"))


@bp.get("/list/workers/<uuid:worker_id>/remove")
@open_to(Role.HR)
def leaving(worker_id: UUID) -> Response:
    """What removing a worker means, before it is done."""
    firm_id = own_firm()
    found, worker_list = roster.get_worker(worker_id, firm_id=firm_id)
    return page(
        "staffing/remove.html",
        worker=found,
        details=open_details(found),
        worker_list=worker_list,
        consequence=consequence_of(worker_list),
        has_pass=has_pass(found, firm_id=firm_id, at=clock.now()),
    )


@bp.post("/list/workers/<uuid:worker_id>/remove")
@open_to(Role.HR)
def remove(worker_id: UUID) -> Response:
    """Remove a worker; his pass at once where he has left the firm."""
    has_left = request.form.get("has_left") == "y"
    list_id = operations.remove_worker(
        worker_id, has_left=has_left, firm_id=own_firm(), by=current_actor(), at=clock.now()
    )
    said = _("已移出名单，持有的通行证已失效") if has_left else _("已移出名单")
    return saved(url_for("roster.show", list_id=list_id), message=said)


@bp.post("/list/workers/<uuid:worker_id>/building")
@open_to(Role.HR)
def choose_building(worker_id: UUID) -> Response:
    """Give a worker (and those with the same address) one of the buildings offered."""
    typed = request.form.get("building", "")
    list_id, count = operations.choose_building(
        worker_id,
        int(typed) if typed.isdecimal() and len(typed) < 10 else 0,
        also_same=request.form.get("also_same") == "y",
        firm_id=own_firm(),
        by=current_actor(),
        at=clock.now(),
    )
    said = _("已选定楼栋，%(count)s 人的住址已更新并重新判断", count=count)
    return saved(url_for("roster.show", list_id=list_id), message=said)


@bp.get("/list/<uuid:list_id>/changes")
@open_to(Role.HR)
def changes(list_id: UUID) -> Response:
    """What a preview changes in the list that stands, and the two ways to confirm it."""
    firm_id = own_firm()
    preview = roster.get_list(list_id, firm_id=firm_id)
    current = roster.find_current_list(firm_id=firm_id)
    if preview.state != "preview" or current is None:
        return saved(url_for("roster.show", list_id=list_id))
    kind, number = request.args.get("kind", ""), request.args.get("page", "1")
    view = view_changes(
        preview,
        current,
        Kind(kind) if kind in list(Kind) else None,
        int(number) if number.isdecimal() and 0 < len(number) < 6 and int(number) else 1,
    )
    return page("staffing/changes.html", view=view, kinds=KIND_NAMES, consequence=consequence_of(current))


@bp.post("/list/<uuid:list_id>/settle")
@open_to(Role.HR)
def settled(list_id: UUID) -> Response:
    """Confirm a preview: it replaces the list that stands, or is appended to it."""
    way = Way.APPEND if request.form.get("way") == Way.APPEND else Way.REPLACE
    settle(
        list_id,
        way=way,
        seen=request.form.get("seen", ""),
        firm_id=own_firm(),
        by=current_actor(),
        at=clock.now(),
    )
    return saved(url_for("applications.case"), message=_("花名册已确认"))


def _site_names() -> list[str]:
    return list(operations.sites_of(own_firm()))


def _stored_errors(bad_row_id: UUID) -> list[RowError]:
    found, worker_list = bad_row_of(bad_row_id, firm_id=own_firm())
    return [error for line in lines_of_rows(worker_list.id, [found.row]) for error in line.errors]


def _bad_row_page(bad_row_id: UUID, form: RowForm, *, status: int = 200) -> Response:
    found, worker_list = bad_row_of(bad_row_id, firm_id=own_firm())
    (line,) = lines_of_rows(worker_list.id, [found.row])
    return page(
        "staffing/bad_row.html",
        fragment="staffing/_bad_row.html",
        status=status,
        line=line,
        form=form,
        worker_list=worker_list,
        posts=roster.posts_of(firm_id=own_firm()),
    )


def _add_page(worker_list: WorkerList, form: RowForm, *, status: int = 200) -> Response:
    return page(
        "staffing/add.html",
        status=status,
        form=form,
        worker_list=worker_list,
        posts=roster.posts_of(firm_id=own_firm()),
        consequence=consequence_of(worker_list),
    )


def _change_page(worker_id: UUID, form: RowForm, seen: str, *, status: int = 200) -> Response:
    firm_id = own_firm()
    found, worker_list = roster.get_worker(worker_id, firm_id=firm_id)
    return page(
        "staffing/change.html",
        status=status,
        form=form,
        seen=seen,
        worker=found,
        details=open_details(found),
        worker_list=worker_list,
        posts=roster.posts_of(firm_id=firm_id),
        consequence=consequence_of(worker_list),
        has_pass=has_pass(found, firm_id=firm_id, at=clock.now()),
    )


def _to_worker(kept: Kept, message: str) -> Response:
    return saved(url_for("roster.worker", worker_id=kept.worker_id), message=message)
