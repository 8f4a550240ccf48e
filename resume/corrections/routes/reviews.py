"""Open reviews, and their end by hand."""

from __future__ import annotations

from datetime import datetime

from werkzeug.wrappers import Response

from resume import clock
from resume.clock import SHANGHAI
from resume.corrections import queries
from resume.corrections.forms import ReviewForm, as_iso
from resume.corrections.kinds import CloseReview
from resume.corrections.routes.blueprint import ask, asked_search, bp, buildings_at, propose
from resume.evidence.models import ReviewRecord
from resume.roles import Role
from resume.web.access import open_to
from resume.web.pages import asked_page, page


@bp.get("/reviews")
@open_to(Role.STEWARD)
def reviews() -> Response:
    """Open reviews, the oldest first; by review id, place code or address."""
    search = asked_search()
    return page(
        "corrections/reviews.html",
        fragment="corrections/_reviews.html",
        found=queries.list_open_reviews(building_ids=buildings_at(search), search=search, page=asked_page()),
        search=search,
        number=asked_page(),
        per_page=queries.PER_PAGE,
    )


@bp.route("/reviews/<int:review_row>", methods=["GET", "POST"])
@open_to(Role.STEWARD)
def close_review(review_row: int) -> Response:
    """Say how the review ends: proposed with a reference, for a second person."""
    placed = queries.get_review(review_row)
    form = ReviewForm(cleared_at=_wall_clock(clock.now()))
    if form.validate_on_submit() and _is_possible(form, placed.record):
        closed = CloseReview(review_row, form.outcome.data, as_iso(form.cleared_at.data))
        return propose(closed, form)
    return ask("corrections/close_review.html", form, CloseReview(review_row, "", "").subject, placed=placed)


def _wall_clock(moment: datetime) -> datetime:
    """Shanghai time as the browser's field wants it, to the minute."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None, second=0)


def _is_possible(form: ReviewForm, review: object) -> bool:
    """The end lies after the beginning and not in the future."""
    assert isinstance(review, ReviewRecord)
    assert form.cleared_at.data is not None  # InputRequired
    ended = form.cleared_at.data.replace(tzinfo=SHANGHAI)
    if review.opened_at <= ended <= clock.now():
        return True
    form.cleared_at.errors = [form.out_of_range]
    return False
