"""A request that wrote is answered once: its answer is kept with its effect, in one transaction.

The key is the sender's. The same key with the same request gives the same answer; with another request it is
refused. There is one writer at a time, so of many that come at once the first one acts and the others, when
their turn comes, find its answer.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from resume.api.models import KeptAnswer
from resume.api.queries import KEPT_FOR, Kept, find_kept
from resume.api.scopes import Caller
from resume.db import joined, transaction
from resume.refusals import Conflict

FORGOTTEN_AT_ONCE = 200


class KeyReused(Conflict):
    """The key was given to another request before."""

    code = "idempotency_key_reused"
    message = _("这个 Idempotency-Key 已用于另一个请求，没有受理")
    advice = _("请为每个新请求使用新的键；重发原请求时，内容须与原来逐字节相同")


@dataclass(frozen=True, slots=True)
class Once:
    """A request as its sender named it: the key, and the SHA-256 of its address and body."""

    key: str
    digest: bytes


def answered_before(once: Once, *, by: Caller, real_at: datetime) -> Kept | None:
    """The answer kept for this very request, or None. Raises KeyReused."""
    kept = find_kept(by.token_id, once.key, real_at=real_at)
    if kept is not None and kept.digest != once.digest:
        raise KeyReused
    return kept


def act_once(once: Once, act: Callable[[], bytes], *, by: Caller, real_at: datetime) -> Kept:
    """A door: let `act`, a step, act and keep its answer, or find the answer of whoever was first."""
    with transaction():
        kept = answered_before(once, by=by, real_at=real_at)
        if kept is not None:
            return kept
        _forget_old(once.key, by=by, real_at=real_at)
        body = act()
        row = KeptAnswer(
            token_id=by.token_id,
            key=once.key,
            digest=once.digest,
            status=200,
            body=zlib.compress(body, 1),
            kept_at=real_at,
        )
        joined().add(row)
        joined().flush()
    return Kept(200, body, once.digest)


def _forget_old(key: str, *, by: Caller, real_at: datetime) -> None:
    """Drop answers older than 30 days, a few at each write; the one under this key in any case."""
    is_old = KeptAnswer.kept_at <= real_at - KEPT_FOR
    oldest = select(KeptAnswer.id).where(is_old).order_by(KeptAnswer.kept_at).limit(FORGOTTEN_AT_ONCE)
    under_key = (KeptAnswer.token_id == by.token_id, KeptAnswer.key == key, is_old)
    for condition in ((KeptAnswer.id.in_(oldest),), under_key):
        joined().execute(delete(KeptAnswer).where(*condition), execution_options=_UNSYNCED)


_UNSYNCED = {"synchronize_session": False}
