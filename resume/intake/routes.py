"""The steward's pages: hand a feed in, look at what it would do, confirm it, read its receipt."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, stream_with_context, url_for
from flask import Response as FlaskResponse
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.intake import jobs, queries  # noqa: F401 - the worker finds its handlers
from resume.intake.forms import FeedForm
from resume.intake.operations import FileNotTaken
from resume.intake.operations.uploads import confirm as confirm_upload
from resume.intake.operations.uploads import drop as drop_upload
from resume.intake.operations.uploads import keep
from resume.intake.refused_csv import refused_csv
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import asked_before, page, saved

bp = Blueprint("intake", __name__)
PER_PAGE = 50
SHOWN_LINES = 200


@bp.get("/intake")
@open_to(Role.STEWARD)
def index() -> Response:
    """The form for a file, files to be confirmed, and what was taken in so far."""
    return _index(FeedForm(formdata=None))


@bp.post("/intake")
@open_to(Role.STEWARD)
def take() -> Response:
    """Keep the file and show what it would come to; a file that is refused says why beside its field."""
    form = FeedForm()
    if not form.validate_on_submit():
        return _index(form, status=422)
    upload = form.file.data
    try:
        upload_id = keep(
            form.feed.data, upload.read(), upload.filename or "", by=current_actor(), at=clock.now()
        )
    except FileNotTaken as refusal:
        form.file.errors = [*form.file.errors, str(refusal.message)]
        return _index(form, status=refusal.status)
    return saved(to=url_for("intake.preview", upload_id=upload_id))


@bp.get("/intake/uploads/<uuid:upload_id>")
@open_to(Role.STEWARD)
def preview(upload_id: UUID) -> Response:
    """What a kept file would come to."""
    return page("intake/preview.html", kept=queries.get_kept(upload_id))


@bp.post("/intake/uploads/<uuid:upload_id>/confirm")
@open_to(Role.STEWARD)
def confirm(upload_id: UUID) -> Response:
    """Take the kept file in; its receipt, or how far it is."""
    intake_id = confirm_upload(upload_id, by=current_actor(), at=clock.now())
    return saved(to=url_for("intake.detail", intake_id=intake_id))


@bp.post("/intake/uploads/<uuid:upload_id>/drop")
@open_to(Role.STEWARD)
def drop(upload_id: UUID) -> Response:
    """Delete the kept file."""
    drop_upload(upload_id, by=current_actor(), at=clock.now())
    return saved(to=url_for("intake.index"), message=_("文件已删除，没有收下任何内容"))


@bp.get("/intake/<int:intake_id>")
@open_to(Role.STEWARD)
def detail(intake_id: int) -> Response:
    """The receipt of one intake; while a big one is under way, how far it is."""
    receipt = queries.get_receipt(intake_id)
    shown = queries.list_refused(intake_id, limit=SHOWN_LINES)
    return page(
        "intake/detail.html",
        fragment="intake/_receipt_since.html",
        said=request.args.get("said", type=int),
        receipt=receipt,
        report=receipt.report,
        shown=shown,
    )


@bp.get("/intake/<int:intake_id>/refused.csv")
@open_to(Role.STEWARD)
def refused(intake_id: int) -> Response:
    """All refused lines as a file."""
    receipt = queries.get_receipt(intake_id)
    lines = refused_csv(receipt.feed, queries.iterate_refused(intake_id))
    response = FlaskResponse(stream_with_context(lines), mimetype="text/csv")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{receipt.feed.name}-{intake_id}-refused.csv"
    )
    return response


def _index(form: FeedForm, *, status: int = 200) -> Response:
    receipts = queries.list_receipts(limit=PER_PAGE, before=asked_before())
    return page(
        "intake/index.html",
        form=form,
        kept=queries.list_kept(),
        receipts=receipts,
        has_more=len(receipts) == PER_PAGE,
        status=status,
    )
