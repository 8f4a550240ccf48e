"""`POST /api/v1/FEED` for each feed, and the receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify

from resume import clock
from resume.api.answers import BatchAnswer, Receipt
from resume.api.bodies import BATCHES, unknown_columns
from resume.api.operations.records import Batch, receipt_head, refusal_of, take_records
from resume.api.queries import Kept, get_own_receipt
from resume.api.routes import bp
from resume.api.routes.admission import IdempotencyHeader, caller, once, scope
from resume.api.routes.document import READING, WRITING
from resume.api.scopes import FEED_NAMES, SCOPE_OF_FEED
from resume.intake.feeds import FEEDS
from resume.intake.queries import iterate_refused
from resume.refusals import NotFound

LARGEST_ID = 2**31 - 1


def answered(kept: Kept) -> FlaskResponse:
    """A kept answer, byte for byte; said to be one where it is sent again."""
    response = FlaskResponse(kept.body, kept.status, mimetype="application/json")
    if kept.is_replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _taking(feed_name: str) -> Callable[..., FlaskResponse]:
    """The view of one feed."""

    def take(json_data: Any, headers_data: IdempotencyHeader) -> FlaskResponse:
        records = json_data.records
        batch = Batch(feed_name, [record.texts() for record in records], unknown_columns(records))
        kept = take_records(
            batch, once=once(headers_data), by=caller(), at=clock.now(), real_at=clock.real_now()
        )
        return answered(kept)

    take.__name__ = feed_name
    take.__doc__ = f"{FEEDS[feed_name].en}: take a batch in, and let it act."
    return take


for _name in FEED_NAMES:
    _view = _taking(_name)
    _view = bp.doc(operation_id=f"post_{_name}", **WRITING)(_view)
    _view = bp.output(BatchAnswer, description="Taken in; each record has its own status.")(_view)
    _view = bp.input(IdempotencyHeader, location="headers")(_view)
    _view = bp.input(BATCHES[_name])(_view)
    bp.post(f"/{_name}")(scope(SCOPE_OF_FEED[_name])(_view))


@bp.get("/intakes/<int:intake_id>")
@scope(*SCOPE_OF_FEED.values())
@bp.output(Receipt, description="What was taken in, with the refused records.")
@bp.doc(operation_id="get_intake", **READING)
def intake(intake_id: int) -> FlaskResponse:
    """The receipt of a batch that this party sent."""
    if intake_id > LARGEST_ID:
        raise NotFound
    found = get_own_receipt(intake_id, by=caller())
    head = receipt_head(found.report, found.feed) | {"intake": found.id}
    refused = [refusal_of(line) for line in iterate_refused(intake_id)]
    return jsonify(head | {"received_at": clock.iso(found.received_at), "records": refused})
