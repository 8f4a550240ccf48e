"""Tokens of machines, and the answers kept for those who ask the same thing twice. Real time throughout."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id

_LIVE = text("revoked_at IS NULL")


class ApiToken(Model):
    """A token of one party. The secret itself is not here: `secret_hash` is its SHA-256.

    `name` is the party (a laboratory, a device): one live token a name, so a lost token is revoked and made
    anew under the same name, which then still sees the party's own receipts. `firm_id`, `gate_id` and
    `district_code` narrow what the scopes reach.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        Index("uq_api_token_live_name", "name", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    gate_id: Mapped[int | None] = mapped_column(ForeignKey("gate.id"))
    district_code: Mapped[str | None] = mapped_column(String(6))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)


class KeptAnswer(Model):
    """The answer to a request that wrote, under the key its sender gave it.

    `digest` is the SHA-256 of what was asked, `body` the answer as sent, deflated. Holds no personal data.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("token_id", "key"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    token_id: Mapped[UUID] = mapped_column(ForeignKey("api_token.id"))
    key: Mapped[str] = mapped_column(String(128))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
