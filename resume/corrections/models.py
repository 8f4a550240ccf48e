"""Corrections by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime


class Correction(Model):
    """One change by hand. `content` names rows of the ledger by id and holds no personal data.

    `subject` is what it is about; one open correction at most has it (the partial unique index).
    `foreseen`: the difference as it was shown when it was proposed; `outcome`: what it did when confirmed.
    """

    __tablename__ = "correction"
    __table_args__ = (
        Index(
            "uq_correction_open",
            "subject",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_correction_state", "state", "proposed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    reference: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    proposed_name: Mapped[str] = mapped_column(String(80))
    proposed_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_name: Mapped[str] = mapped_column(String(80), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decision_note: Mapped[str] = mapped_column(String(200), default="")
    foreseen: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON)
