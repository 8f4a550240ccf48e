"""Notices of each account, and how each account wants to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Notice(Model):
    """One thing that one account is told. `key` makes it unique within its kind: what is repeated is not new.

    `values`: the numbers of its sentence (JSON without personal data, `kinds`); it is worded when it is read.
    `reference`: what it is about, as the audit names it; `link`: the path of the page to open. Domain times.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "key"),
        Index("ix_notice_account", "account_id", "at"),
        Index(
            "ix_notice_unread",
            "account_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notice_key", "key"),
        Index("ix_notice_reference", "reference"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(70))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"))
    reference: Mapped[str] = mapped_column(String(60))
    link: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)


class NoticeChoice(Model):
    """How one account wants to be told of one kind (`kinds.Channel`); without a row as the kind says."""

    __tablename__ = "notice_choice"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    channel: Mapped[str] = mapped_column(String(6))
