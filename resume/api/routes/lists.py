"""`/api/v1/lists`: a firm's HR system sends its worker list and learns what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from resume import clock
from resume.api.answers import ListAnswer, ListHead
from resume.api.bodies import WORKER_ROWS, unknown_columns
from resume.api.operations.lists import Rows, firm_of, list_head, take_list
from resume.api.routes import bp
from resume.api.routes.admission import IdempotencyHeader, caller, once, scope
from resume.api.routes.document import READING, WRITING
from resume.api.routes.records import answered
from resume.api.scopes import LISTS
from resume.roster.queries import get_list


@bp.post("/lists")
@scope(LISTS)
@bp.input(WORKER_ROWS)
@bp.input(IdempotencyHeader, location="headers")
@bp.output(ListAnswer, description="Kept as the firm's preview; each row has its verdict or its errors.")
@bp.doc(operation_id="post_lists", **WRITING)
def upload(json_data: Any, headers_data: IdempotencyHeader) -> Response:
    """A worker list: kept as a preview, which the firm's HR confirms on its page.

    An earlier preview of the firm is thrown away.
    """
    rows = json_data.rows
    sent = Rows([row.texts() for row in rows], unknown_columns(rows), json_data.name or "")
    kept = take_list(sent, once=once(headers_data), by=caller(), at=clock.now(), real_at=clock.real_now())
    return answered(kept)


@bp.get("/lists/<uuid:list_id>")
@scope(LISTS)
@bp.output(ListHead, description="The list as it stands.")
@bp.doc(operation_id="get_list", **READING)
def show(list_id: UUID) -> Response:
    """What became of a list of the token's firm."""
    return jsonify(list_head(get_list(list_id, firm_id=firm_of(caller()))))
