"""What happened at gates: scans, and medical exits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Scan(Model):
    """One scan at a gate, logged once however often it is sent (`nonce`).

    `answer`, `code`, `reasons` and `advice` are what the gate showed last; `action` what the guard did:
    checked, let_through, refused (`refusal` is his reason). `digest` is a blind index of what was presented,
    so that a nonce sent again with another pass is noticed. `lane` is out or in (gate.lanes).

    `person_key`: whose document was looked up; with `pass_id` his pass answered, without it his own evidence.
    `antigen` and `antigen_at`: the test on the spot; `consented_at`: when the guard saw a consent on paper.
    """

    __tablename__ = "scan"
    __table_args__ = (Index("ix_scan_gate", "gate_id", "at"), Index("ix_scan_pass", "pass_id", "at"))

    nonce: Mapped[UUID] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    pass_id: Mapped[UUID | None] = mapped_column(ForeignKey("pass.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime] = mapped_column(UtcTime)
    answer: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(24))
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    advice: Mapped[str] = mapped_column(String(24))
    action: Mapped[str] = mapped_column(String(12))
    refusal: Mapped[str] = mapped_column(String(24), default="")
    has_antigen: Mapped[bool] = mapped_column(default=False)
    acted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    guard: Mapped[str] = mapped_column(String(80))
    lane: Mapped[str] = mapped_column(String(3), default="")
    antigen: Mapped[str] = mapped_column(String(8), default="")
    antigen_at: Mapped[datetime | None] = mapped_column(UtcTime)
    person_key: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    consented_at: Mapped[datetime | None] = mapped_column(UtcTime)


class MedicalExit(Model):
    """A person let out for medical care: recorded, never blocked, nothing asked. Sent twice, one row."""

    __tablename__ = "medical_exit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    guard: Mapped[str] = mapped_column(String(80))
