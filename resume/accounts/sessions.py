"""Signed-in sessions: rows of our own behind Flask-Login's cookie. Real time throughout.

The cookie holds a random secret, the row its hash. The secret changes at every sign-in and is dead after
sign-out, 30 minutes of silence, 12 hours, or once the account is disabled; a copied old cookie opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import select, update

from resume.accounts.models import Account, SignInSession
from resume.clock import real_now
from resume.db import joined, reading, transaction
from resume.roles import Actor, Role

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
#: A guard stands at a gate for a shift; his session does not end while nobody comes.
IDLE_AT_GATE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)


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
    )


def begin_session(account: Account, *, at: datetime) -> str:
    """Open a session in the caller's door; the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    joined().add(SignInSession(id=_hash(secret), account_id=account.id, started_at=at, seen_at=at))
    return secret


def end_sessions(account_id: UUID, *, at: datetime) -> None:
    """End every session of an account in the caller's door (disabled, password changed)."""
    joined().execute(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_session(secret: str, *, at: datetime) -> None:
    """End one session in the caller's door."""
    joined().execute(update(SignInSession).where(SignInSession.id == _hash(secret)).values(ended_at=at))


def find_signed_in(secret: str, *, at: datetime) -> SignedIn | None:
    """Who this cookie stands for at `at`, or None."""
    row = reading().scalars(select(SignInSession).where(SignInSession.id == _hash(secret))).first()
    if row is None or row.ended_at is not None or row.account.is_disabled:
        return None
    idle = IDLE_AT_GATE if row.account.role == Role.GUARD else IDLE
    if at - row.seen_at > idle or at - row.started_at > ABSOLUTE:
        return None
    if at - row.seen_at > TOUCH_EVERY:
        _touch(row.id, at)
    return SignedIn(secret, row.account)


def find_run_out(secret: str, *, at: datetime) -> Account | None:
    """Whose session this was, if time alone ended it, a day ago at most: not a sign-out, not a disabled
    account. It opens nothing; what its browser posts may be kept for the account."""
    row = reading().scalars(select(SignInSession).where(SignInSession.id == _hash(secret))).first()
    if row is None or row.ended_at is not None or row.account.is_disabled:
        return None
    return row.account if at - row.seen_at <= timedelta(hours=24) else None


def _touch(session_id: str, at: datetime) -> None:
    with transaction() as session:
        session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=at))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def remember(secret: str, account: Account) -> None:
    """Put the session into the browser's cookie."""
    login_user(SignedIn(secret, account))


def forget() -> None:
    """Take the session out of the browser's cookie."""
    logout_user()


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
