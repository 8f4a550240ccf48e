"""Refusals of good passes with their clock, and medical exits as the street's desk is told of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime


class Escalation(Model):
    """A refusal of a good pass, numbered by the scan that was refused.

    `refused_at` is the scan's own moment, `opened_at` when this database learned of it: the clock runs from
    there to `due_at`. `reason` is the guard's coded one. Refused again at the same gate while it is open, the
    same row counts one more of `attempts`. `outcome` (lifecycle.Outcome, "" while it is open), with `ground`,
    the coded reason of a refusal that is upheld. `told_at`: when the district was told that it is overdue.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        Index("ix_escalation_desk", "district_code", "street", "opened_at"),
        Index("ix_escalation_pass", "pass_id", "gate_id", "opened_at"),
        Index("ix_escalation_gate", "gate_id", "refused_at"),
        Index("ix_escalation_firm", "firm_id", "opened_at"),
        Index(
            "ix_escalation_open",
            "due_at",
            sqlite_where=text("outcome = ''"),
            postgresql_where=text("outcome = ''"),
        ),
    )

    nonce: Mapped[UUID] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    pass_id: Mapped[UUID] = mapped_column(ForeignKey("pass.id"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    district_code: Mapped[str] = mapped_column(String(6))
    street: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(24))
    guard: Mapped[str] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(default=1)
    refused_at: Mapped[datetime] = mapped_column(UtcTime)
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    outcome: Mapped[str] = mapped_column(String(10), default="")
    ground: Mapped[str] = mapped_column(String(24), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_by: Mapped[str] = mapped_column(String(80), default="")
    answered_as: Mapped[str] = mapped_column(String(20), default="")

    @property
    def subject(self) -> str:
        """What the audit and notices call it."""
        return f"refusal:{self.nonce}"


class ExitNotice(Model):
    """A medical exit, for the committee of its compound to be told of: the gate and the moment, no person."""

    __tablename__ = "medical_exit_notice"
    __table_args__ = (Index("ix_medical_exit_notice_desk", "district_code", "street", "at"),)

    exit_id: Mapped[UUID] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    district_code: Mapped[str] = mapped_column(String(6))
    street: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcTime)
    acknowledged_by: Mapped[str] = mapped_column(String(80), default="")
