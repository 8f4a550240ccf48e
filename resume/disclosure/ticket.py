"""From one's own page to one's phone: a ticket that stands for the key for some minutes.

The key itself stands on no page: whoever finds a page left open would keep it for good. Signed, kept nowhere.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from resume.roster.own_key import own_keys

LASTS = timedelta(minutes=10)


def new_ticket(worker_id: UUID, *, real_at: datetime) -> str:
    """For the row whose page is open by its link; ASCII that an address carries behind its #."""
    return _serializer().dumps([worker_id.hex, int((real_at + LASTS).timestamp())])


def key_of_ticket(typed: str, *, real_at: datetime) -> str | None:
    """The key it stands for; None for what is no ticket of ours, or over."""
    try:
        worker_id, until = _serializer().loads(typed)
    except (BadSignature, ValueError, TypeError):
        return None
    is_over = real_at >= datetime.fromtimestamp(until, UTC)
    return None if is_over else own_keys([UUID(hex=worker_id)])[0]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="own-pass-to-phone")
