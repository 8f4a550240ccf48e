"""The page's own session: a signed cookie bound to one worker for a quarter of an hour, kept nowhere else.

It holds the id of his row, never his number or name, is sent to `/w` alone and never from another site.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from resume.disclosure.operations import Entry
from resume.objections.lifecycle import Key

LASTS = timedelta(minutes=15)
PATH = "/w"


def remember(response: Response, entry: Entry, *, real_at: datetime) -> Response:
    """Put the entry into the browser until LASTS is over; it is not prolonged by use."""
    until = int((real_at + LASTS).timestamp())
    value = [entry.worker_id.hex, entry.key.value, int(entry.by_link), entry.code_mark, until]
    response.set_cookie(
        _name(),
        _serializer().dumps(value),
        max_age=int(LASTS.total_seconds()),
        path=PATH,
        secure=bool(current_app.config.get("IS_HTTPS")),
        httponly=True,
        samesite="Strict",
    )
    return response


def forget(response: Response) -> Response:
    """Close the page in this browser."""
    response.delete_cookie(_name(), path=PATH, httponly=True, samesite="Strict")
    return response


def read(*, real_at: datetime) -> Entry | None:
    """The entry of this request's cookie; None where there is none, it is over, or it was altered."""
    try:
        worker_id, key, by_link, mark, until = _serializer().loads(request.cookies.get(_name(), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    if real_at >= datetime.fromtimestamp(until, UTC):
        return None
    return Entry(UUID(hex=worker_id), Key(key), bool(by_link), mark)


def _name() -> str:
    return "__Secure-own-page" if current_app.config.get("IS_HTTPS") else "own-page"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="own-page")
