"""Accounts, their second factors, sessions and links. All times here are real time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resume.db import Model, UtcTime, new_id


class SecondFactor(Model):
    """The second factor (TOTP) of an account. `sealed_pending` is a secret that no code has confirmed yet.

    `last_step` is the newest step of 30 seconds of which a code was taken: each code opens once.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    sealed_pending: Mapped[bytes | None] = mapped_column(LargeBinary)

    @property
    def is_on(self) -> bool:
        return self.confirmed_at is not None


class Account(Model):
    """One who signs in. The scope that belongs to the role is set, the others are empty.

    The e-mail address is sealed and found by `email_key`; a guard has none. `language` is that of letters,
    `zh_Hans` or `en`.
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
    street: Mapped[str | None] = mapped_column(String(40))
    is_disabled: Mapped[bool] = mapped_column(default=False)
    disabled_by_role: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    sealed_email: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_key: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    language: Mapped[str] = mapped_column(String(10), default="zh_Hans", server_default="zh_Hans")

    factor: Mapped[SecondFactor | None] = relationship(lazy="joined", cascade="all, delete-orphan")

    @property
    def has_second_factor(self) -> bool:
        return self.factor is not None and self.factor.is_on


class RecoveryCode(Model):
    """A code for the day the telephone is lost: kept as a keyed hash, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    code_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SignInSession(Model):
    """A signed-in browser: the cookie holds a secret, the row its hash. Ended rows stay for the audit.

    `stage` says what the session opens (lifecycle.Stage); `device` names browser and system in a word each.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    stage: Mapped[str] = mapped_column(String(10), default="open")
    device: Mapped[str] = mapped_column(String(40), default="")

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class Invitation(Model):
    """Somebody is invited to make an account of this role and scope, by a link that opens once.

    The row keeps the hash of the link's secret; without an address the link was shown to him who invited.
    """

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    district_code: Mapped[str | None] = mapped_column(String(6))
    gate_id: Mapped[int | None] = mapped_column(ForeignKey("gate.id"))
    street: Mapped[str | None] = mapped_column(String(40))
    sealed_email: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_key: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    language: Mapped[str] = mapped_column(String(10))
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class AccountLink(Model):
    """A link that opens once: to a new password, or to confirm an address (`sealed_email`). Its hash only."""

    __tablename__ = "account_link"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    sealed_email: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class FailedAttempt(Model):
    """An attempt that counts, by what was tried and by address (both as hashes), to slow down guessing."""

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
