"""Accounts and their sessions. All times here are real time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resume.db import Model, UtcTime, new_id


class Account(Model):
    """One who signs in. The scope that belongs to the role is set, the others are empty.

    `sealed_email`: the address for letters, or None. `language`: that of letters, `zh_Hans` or `en`.
    """

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    district_code: Mapped[str | None] = mapped_column(String(6))
    gate_id: Mapped[int | None] = mapped_column(ForeignKey("gate.id"))
    sealed_email: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(10), default="zh_Hans", server_default="zh_Hans")
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class SignInSession(Model):
    """A signed-in browser: the cookie holds a secret, the row its hash. Ended rows stay for the audit."""

    __tablename__ = "sign_in_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class FailedAttempt(Model):
    """A failed sign-in, counted by name and by address (both as hashes) to slow down guessing."""

    __tablename__ = "failed_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class KeptForm(Model):
    """What was typed into a page whose session had expired when it was posted: sealed, for its account alone.

    `path` is the page's address; a later one takes the place of the former. Offered again after sign-in,
    never carried out (docs/adr/0015-typed-text-is-kept.md).
    """

    __tablename__ = "kept_form"
    __table_args__ = (UniqueConstraint("account_id", "path"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    path: Mapped[str] = mapped_column(String(200))
    kept_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
