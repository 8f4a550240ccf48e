"""The steward's pages: take a feed in, read its receipt."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from resume import clock
from resume.intake import queries
from resume.intake.forms import FeedForm
from resume.intake.operations import FileNotTaken, take_in
from resume.intake.refused_csv import refused_csv
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved

bp = Blueprint("intake", __name__)
PER_PAGE = 50
SHOWN_LINES = 200


@bp.get("/intake")
@open_to(Role.STEWARD)
def index() -> Response:
    """The form for a file, and what was taken in so far."""
    return _index(FeedForm(formdata=None))


@bp.post("/intake")
@open_to(Role.STEWARD)
def take() -> Response:
    """Take the file in and show its receipt; a file that is refused says why beside its field."""
    form = FeedForm()
    if not form.validate_on_submit():
        return _index(form, status=422)
    upload = form.file.data
    try:
        report = take_in(
            form.feed.data, upload.read(), upload.filename or "", by=current_actor(), at=clock.now()
        )
    except FileNotTaken as refusal:
        form.file.errors = [*form.file.errors, str(refusal.message)]
        return _index(form, status=refusal.status)
    return saved(to=url_for("intake.detail", intake_id=report.intake_id))


@bp.get("/intake/<int:intake_id>")
@open_to(Role.STEWARD)
def detail(intake_id: int) -> Response:
    """The receipt of one intake."""
    receipt = queries.get_receipt(intake_id)
    shown = receipt.report.refused[:SHOWN_LINES]
    return page("intake/detail.html", receipt=receipt, report=receipt.report, shown=shown)


@bp.get("/intake/<int:intake_id>/refused.csv")
@open_to(Role.STEWARD)
def refused(intake_id: int) -> Response:
    """All refused lines as a file."""
    receipt = queries.get_receipt(intake_id)
    response = FlaskResponse(refused_csv(receipt), mimetype="text/csv")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{receipt.feed.name}-{intake_id}-refused.csv"
    )
    return response


def _index(form: FeedForm, *, status: int = 200) -> Response:
    receipts = queries.list_receipts(limit=PER_PAGE, before=request.args.get("before", type=int))
    return page(
        "intake/index.html",
        form=form,
        receipts=receipts,
        has_more=len(receipts) == PER_PAGE,
        status=status,
    )
