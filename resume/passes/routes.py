"""Pages of passes: the firm's with their sheets, the reviewer's releases; status and key lists for all."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from resume import clock
from resume.credential.keys import KEY_LIST_TYPE
from resume.credential.status import STATUS_LIST_TYPE
from resume.passes import changes, operations, queries, sheets, views
from resume.passes.archive import stream_zip
from resume.passes.drafts import status_uri
from resume.passes.forms import RevocationForm, chosen_passes
from resume.passes.lifecycle import STATUS_NAMES, Status
from resume.passes.status_list import current_list, make_key_list, shards
from resume.policy.codes import REASONS
from resume.refusals import NotFound
from resume.roles import Role
from resume.web.access import current_actor, open_to, open_to_everybody
from resume.web.pages import page, saved

bp = Blueprint("passes", __name__)
PDF = "application/pdf"


@bp.get("/passes")
@open_to(Role.HR)
def index() -> BaseResponse:
    """The firm's passes by status; which sheets are ready."""
    view = views.view_firm_passes(
        firm_id=own_firm(), at=clock.now(), status=asked_status(), page=asked_page()
    )
    return page("passes/index.html", fragment="passes/_list.html", view=view, status_names=STATUS_NAMES)


@bp.get("/passes/changes")
@open_to(Role.HR, Role.REVIEWER, Role.SIGN_OFF)
def changed() -> BaseResponse:
    """What happened to passes lately and why; who is under observation: of the firm, or of the district."""
    at = clock.now()
    if current_actor().role is Role.HR:
        firm_id = own_firm()
        found = changes.changes_of_firm(firm_id=firm_id, at=at)
        observed = changes.observed_of_firm(firm_id=firm_id, at=at)
    else:
        district = own_district()
        found = changes.changes_of_district(district_code=district, at=at)
        observed = changes.observed_of_district(district_code=district, at=at)
    is_hr = current_actor().role is Role.HR
    return page("passes/changes.html", changes=found, observed=observed, is_hr=is_hr)


@bp.get("/passes/<number>/sheet.pdf")
@open_to(Role.HR)
def sheet(number: str) -> BaseResponse:
    """The signed PDF of one of the firm's passes; made now if it was not yet."""
    found = queries.get_of_firm(number, firm_id=own_firm())
    file = sheets.sheet_of(found.id)
    response = Response(file.pdf, mimetype=PDF)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    return response


@bp.get("/passes/sheets.zip")
@open_to(Role.HR)
def sheets_zip() -> BaseResponse:
    """Every sheet of a pass in force that is ready, in one ZIP, sent while it is read."""
    ready = sheets.ready_of_firm(firm_id=own_firm())
    if not ready:
        raise sheets.SheetNotReady
    files = ((file.file_name, file.pdf) for file in sheets.read_sheets(ready))
    response = Response(stream_with_context(stream_zip(files, at=clock.now())), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="passes.zip"'
    return response


@bp.get("/passes/releases")
@open_to(Role.REVIEWER)
def releases() -> BaseResponse:
    """Suspended passes of the district that a reviewer may release, each judged now."""
    district, at, number = own_district(), clock.now(), asked_page()
    return page(
        "passes/releases.html",
        reasons=REASONS,
        waiting=views.list_waiting(district_code=district, at=at, page=number),
        number=number,
        pages=-(-views.count_waiting(district_code=district, at=at) // views.PER_PAGE),
    )


@bp.post("/passes/releases")
@open_to(Role.REVIEWER)
def release() -> BaseResponse:
    """Release the ticked passes whose workers are eligible now."""
    chosen = chosen_passes(request.form.getlist("pass"))
    done = operations.release(chosen, by=current_actor(), at=clock.now())
    message = _("已恢复 %(released)s 张", released=len(done.released))
    if done.kept:
        message += _("；%(kept)s 张现在不符合条件，继续暂停", kept=len(done.kept))
    return saved(to=url_for("passes.releases"), message=message)


@bp.route("/passes/revocation", methods=["GET", "POST"])
@open_to(Role.REVIEWER)
def revocation() -> BaseResponse:
    """End a pass for good, by its number."""
    form = RevocationForm()
    if not form.validate_on_submit():
        return page("passes/revocation.html", form=form, status=422 if form.errors else 200)
    found = queries.get_pass(form.number.data or "")
    operations.revoke(found.id, reason=form.reason.data or "", by=current_actor(), at=clock.now())
    return saved(to=url_for("passes.releases"), message=_("通行证 %(number)s 已吊销", number=found.number))


@bp.get("/status")
@open_to_everybody
def status_lists() -> BaseResponse:
    """The addresses of all status lists (aggregation of the IETF draft)."""
    response = jsonify(status_lists=[status_uri(shard) for shard in shards()])
    response.headers["Cache-Control"] = "public, max-age=900"
    return response


@bp.get("/status/<int:shard>")
@open_to_everybody
def status_list(shard: int) -> BaseResponse:
    """The signed status list of a shard."""
    found = current_list(shard, at=clock.now())
    response = Response(found.message, mimetype=STATUS_LIST_TYPE)
    response.set_etag(found.etag)
    response.headers["Cache-Control"] = "no-cache"  # kept, and asked about at each use
    response.make_conditional(request)
    return response


@bp.get("/keys")
@open_to_everybody
def keys() -> BaseResponse:
    """The signed list of the keys that sign passes and lists."""
    response = Response(make_key_list(at=clock.now()), mimetype=KEY_LIST_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    return response


def own_firm() -> int:
    """The signed-in HR's firm."""
    firm_id = current_actor().firm_id
    if firm_id is None:
        raise NotFound
    return firm_id


def own_district() -> str:
    """The signed-in reviewer's district."""
    district = current_actor().district_code
    if district is None:
        raise NotFound
    return district


def asked_page() -> int:
    """The page of the address, at least 1."""
    return max(1, request.args.get("page", 1, type=int))


def asked_status() -> Status | None:
    """The status of the address, or None for all."""
    word = request.args.get("status", "")
    return Status(word) if word in set(Status) else None
