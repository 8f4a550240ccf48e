"""What was typed when the session had expired: kept sealed for its account, offered again after sign-in.

Kept only for a request that carries its CSRF token and the cookie of a session that ran out by time: both
were this browser's. Nothing is carried out; the reader sees it on the page and posts it himself. One for an
account and address, for a day. All times are real time. docs/adr/0015-typed-text-is-kept.md says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, request, session
from sqlalchemy import ColumnElement, and_, delete, or_, select

from resume.accounts.models import Account, KeptForm
from resume.accounts.sessions import find_run_out
from resume.clock import real_now
from resume.db import new_id, reading, transaction
from resume.roles import Role
from resume.sealing import sealer
from resume.web.access import current_actor, keep_typed_by

KEPT_FOR = timedelta(hours=24)
#: Characters: a section of sixty rows is a tenth of it.
MOST_KEPT = 300_000
_NOT_TYPED = frozenset({"csrf_token"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: field name -> what was sent under it; and when, in real time."""

    typed: Mapping[str, list[str]]
    at: datetime

    def first(self, name: str) -> str:
        """What was sent under a name; empty where nothing was."""
        return next(iter(self.typed.get(name, [])), "")


def keep(account: Account, path: str, typed: Mapping[str, list[str]], *, at: datetime) -> None:
    """Keep a form for its account, in the place of what was kept of that address; what is too old goes."""
    kept = KeptForm(id=new_id(), account_id=account.id, path=path, kept_at=at, sealed=b"")
    kept.sealed = sealer().seal(dict(typed), place=_place(kept.id))
    with transaction() as door:
        door.execute(delete(KeptForm).where(or_(_is_of(account.id, path), KeptForm.kept_at < at - KEPT_FOR)))
        door.add(kept)


def find_kept(account_id: UUID, path: str, *, at: datetime) -> Kept | None:
    """What is kept for an account at an address, or None."""
    query = select(KeptForm).where(_is_of(account_id, path), KeptForm.kept_at >= at - KEPT_FOR)
    found = reading().scalars(query).first()
    return None if found is None else Kept(sealer().open(found.sealed, place=_place(found.id)), found.kept_at)


def drop_kept(account_id: UUID, path: str) -> None:
    """Let go of what is kept at an address, where there is something: it was saved, or is not wanted."""
    if reading().scalar(select(KeptForm.id).where(_is_of(account_id, path))) is None:
        return
    with transaction() as door:
        door.execute(delete(KeptForm).where(_is_of(account_id, path)))


def kept_here() -> Kept | None:
    """What is kept for the reader at this request's address."""
    account_id = current_actor().account_id
    return None if account_id is None else find_kept(account_id, request.path, at=real_now())


def drop_kept_here(path: str | None = None) -> None:
    """Let go of what is kept for the reader at `path`, or at this request's address."""
    account_id = current_actor().account_id
    if account_id is not None:
        drop_kept(account_id, path or request.path)


def init_kept(app: Flask) -> None:
    """Let the check before every request keep what meets an expired session."""
    keep_typed_by(app, _keep_request)


def _keep_request(roles: frozenset[Role | None]) -> bool:
    account = find_run_out(session.get("_user_id", ""), at=real_now())
    typed = {name: texts for name, texts in request.form.lists() if name not in _NOT_TYPED}
    if account is None or account.role not in roles or not typed or len(request.path) > 200:
        return False
    if sum(len(text) for texts in typed.values() for text in texts) > MOST_KEPT:
        return False
    keep(account, request.path, typed, at=real_now())
    return True


def _is_of(account_id: UUID, path: str) -> ColumnElement[bool]:
    return and_(KeptForm.account_id == account_id, KeptForm.path == path)


def _place(kept_id: UUID) -> str:
    return f"kept_form:sealed:{kept_id}"
