"""Objections and what was said in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Objection(Model):
    """One objection of one person. What is written is sealed in its turns: it is of his health.

    `key_kind`: what he showed when he objected (`lifecycle.Key`). `rounds`: 1, or 2 after he insisted, when
    somebody else than `answered_by` answers.
    """

    __tablename__ = "objection"
    __table_args__ = (
        Index("ix_objection_desk", "district_code", "state", "due_at"),
        Index("ix_objection_person", "person_key", "firm_id"),
        Index(
            "ix_objection_handed",
            "due_at",
            sqlite_where=text("handed_at IS NOT NULL"),
            postgresql_where=text("handed_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    district_code: Mapped[str] = mapped_column(String(6))
    category: Mapped[str] = mapped_column(String(12))
    key_kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    rounds: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(String(12), default="")
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)

    @property
    def reference(self) -> str:
        """What the person is told to quote: eight characters."""
        return self.id.hex[:8].upper()


class ObjectionTurn(Model):
    """One step of an objection: who took it, and his sealed words."""

    __tablename__ = "objection_turn"

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objection.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime)
    step: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(80))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
