"""Signed-in sessions: rows of our own behind Flask-Login's cookie. Real time throughout.

The cookie holds a random secret, the row its hash. The secret changes at every sign-in and once more after
the second factor; it is dead after sign-out, 30 minutes of silence, 12 hours, or once the account is
disabled; a copied old cookie opens nothing. A sign-in that waits for its second factor has a row too, but it
makes nobody an actor: all that opens to it is the page that finishes it (docs/adr/0019-second-factor.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, g, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import bindparam, select, update

from resume.accounts.lifecycle import UNFINISHED, Stage, needs_second_factor
from resume.accounts.links import hash_of
from resume.accounts.models import Account, SignInSession
from resume.clock import real_now
from resume.db import joined, reading, transaction
from resume.roles import Actor, Role

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
#: A guard stands at a gate for a shift; his session does not end while nobody comes.
IDLE_AT_GATE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
#: Where the cookie keeps the secret of an unfinished sign-in, and where its owner wanted to go.
_UNFINISHED, _TARGET = "unfinished", "to"
_PAGES = {Stage.CODE: "accounts.code", Stage.ENROL: "accounts.enrol"}


class SignedIn(UserMixin):  # type: ignore[misc]
    """The account behind a live session, as Flask-Login wants it."""

    def __init__(self, secret: str, account: Account) -> None:
        self.secret = secret
        self.account = account

    def get_id(self) -> str:
        return self.secret

    @property
    def actor(self) -> Actor:
        return actor_of(self.account)


def actor_of(account: Account) -> Actor:
    """The actor that doors are told of when this account acts."""
    return Actor(
        name=account.name,
        role=Role(account.role),
        account_id=account.id,
        firm_id=account.firm_id,
        district_code=account.district_code,
        gate_id=account.gate_id,
        street=account.street,
    )


def begin_session(account: Account, *, at: datetime, stage: Stage = Stage.OPEN, device: str = "") -> str:
    """Open a session in the caller's door; the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    row = SignInSession(
        id=hash_of(secret),
        account_id=account.id,
        started_at=at,
        seen_at=at,
        stage=stage.value,
        device=device[:40],
    )
    joined().add(row)
    return secret


def end_sessions(account_id: UUID, *, at: datetime, but: str = "") -> None:
    """End every session of an account in the caller's door, but that of the secret `but` where given."""
    others = update(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.ended_at.is_(None)
    )
    if but:
        others = others.where(SignInSession.id != hash_of(but))
    joined().execute(others.values(ended_at=at))


def end_session(secret: str, *, at: datetime) -> None:
    """End one session in the caller's door."""
    joined().execute(update(SignInSession).where(SignInSession.id == hash_of(secret)).values(ended_at=at))


def find_signed_in(secret: str, *, at: datetime) -> SignedIn | None:
    """Who this cookie stands for at `at`, or None; also None while a second factor is to be set up."""
    row = _find(secret)
    if row is None or row.stage != Stage.OPEN or not _is_live(row, at) or needs_second_factor(row.account):
        return None
    if at - row.seen_at > TOUCH_EVERY:
        _touch(row.id, at)
    return SignedIn(secret, row.account)


def find_run_out(secret: str, *, at: datetime) -> Account | None:
    """Whose session this was, if time alone ended it, a day ago at most: not a sign-out, not a disabled
    account. It opens nothing; what its browser posts may be kept for the account."""
    row = _find(secret)
    if row is None or row.ended_at is not None or row.account.is_disabled or row.stage != Stage.OPEN.value:
        return None
    return row.account if at - row.seen_at <= timedelta(hours=24) else None


def find_unfinished(secret: str, *, at: datetime) -> SignInSession | None:
    """The sign-in of this secret that waits for its second factor, or None."""
    row = _find(secret) if secret else None
    if row is None or row.ended_at is not None or row.account.is_disabled:
        return None
    life = UNFINISHED.get(Stage(row.stage))
    return None if life is None or at - row.started_at > life else row


def list_live(account_id: UUID, *, at: datetime) -> Sequence[SignInSession]:
    """The sessions in which an account is signed in, the one used last first."""
    rows = reading().scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .where(SignInSession.started_at > at - ABSOLUTE, SignInSession.stage == Stage.OPEN.value)
        .order_by(SignInSession.seen_at.desc(), SignInSession.id)
    )
    return [row for row in rows if _is_live(row, at)]


_BY_HASH = select(SignInSession).where(SignInSession.id == bindparam("hash"))


def _find(secret: str) -> SignInSession | None:
    found: SignInSession | None = reading().scalar(_BY_HASH, {"hash": hash_of(secret)})
    return found


def _is_live(row: SignInSession, at: datetime) -> bool:
    idle = IDLE_AT_GATE if row.account.role == Role.GUARD else IDLE
    is_over = at - row.seen_at > idle or at - row.started_at > ABSOLUTE
    return row.ended_at is None and not row.account.is_disabled and not is_over


def _touch(session_id: str, at: datetime) -> None:
    with transaction() as database:
        database.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=at))


def remember(secret: str, account: Account) -> None:
    """Put a session into the browser's cookie, in place of all that was in it."""
    _empty_cookie()
    login_user(SignedIn(secret, account))


def remember_unfinished(secret: str, *, to: str) -> None:
    """Put an unfinished sign-in into the cookie, with where its owner wanted to go."""
    _empty_cookie()
    session[_UNFINISHED], session[_TARGET] = secret, to


def unfinished_secret() -> str:
    """The secret of this browser's unfinished sign-in; empty where there is none."""
    return str(session.get(_UNFINISHED, ""))


def wanted_target() -> str:
    """Where the owner of the unfinished sign-in wanted to go; empty where nothing was said."""
    return str(session.get(_TARGET, ""))


def page_of(stage: Stage) -> str:
    """The address of the page that finishes a sign-in."""
    return url_for(_PAGES[stage])


def find_waiting_page() -> str | None:
    """Where this browser's unfinished sign-in goes on, for `web.access`; None where there is none."""
    row = find_unfinished(unfinished_secret(), at=real_now())
    return None if row is None else page_of(Stage(row.stage))


def forget() -> None:
    """Take everything out of the browser's cookie."""
    logout_user()
    _empty_cookie()


def _empty_cookie() -> None:
    """Nothing of the visitor before stays, not his CSRF token either: a page written now has a new one."""
    session.clear()
    g.pop("csrf_token", None)


def load_actor() -> Actor | None:
    """The signed-in actor of this request, for `web.access`."""
    return current_user.actor if current_user.is_authenticated else None


def init_sessions(app: Flask) -> None:
    """Let Flask-Login read our rows."""
    manager = LoginManager(app)
    manager.session_protection = None  # our secret is the session; nothing is guessed from the browser

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(secret: str) -> SignedIn | None:
        return find_signed_in(secret, at=real_now())
