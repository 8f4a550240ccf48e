"""What happened at gates: scans, medical exits, and passages that contradict each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Scan(Model):
    """One event at a gate, logged once however often it is sent (`nonce`).

    `answer`, `code`, `reasons` and `advice` are this database's, on line what the gate showed last, of an
    upload as of `at`; `shown` what the device showed then: verdict, code, reasons, advice. `action`: what the
    guard did (lifecycle.Action); `refusal` his reason. `digest` is a blind index of what was presented,
    `content` one of the whole upload, so that a nonce sent again with something else is noticed.

    `lane` is out or in (gate.lanes). `at` is domain time by the device's estimate, never ahead of
    `received_at`, and `clock` says whether that can be relied on: good, doubtful; `device_at` is what its own
    clock said. `counter` numbers the events of `guard` (the account or device), `counter_note` is repeated or
    back where that is not so. `is_forced`: somebody went through though the answer is none to go through
    with. `annuls`: the scan that an annulment takes back; `annulled_at`: when this one was.

    `person_key`: whose document was looked up; with `pass_id` his pass answered, without it his own evidence.
    `antigen` and `antigen_at`: the test on the spot; `consented_at`: when the guard saw a consent on paper.
    """

    __tablename__ = "scan"
    __table_args__ = (
        Index("ix_scan_gate", "gate_id", "at"),
        Index("ix_scan_pass", "pass_id", "at"),
        Index("ix_scan_counter", "guard", "counter"),
        Index("ix_scan_annuls", "annuls"),
        Index(
            "ix_scan_forced",
            "gate_id",
            "at",
            sqlite_where=text("is_forced"),
            postgresql_where=text("is_forced"),
        ),
    )

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
    device_id: Mapped[UUID | None]
    counter: Mapped[int | None]
    counter_note: Mapped[str] = mapped_column(String(8), default="")
    device_at: Mapped[datetime | None] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    clock: Mapped[str] = mapped_column(String(8), default="good")
    is_offline: Mapped[bool] = mapped_column(default=False)
    is_forced: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    content: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    annuls: Mapped[UUID | None]
    annulled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PassageConflict(Model):
    """What is recorded of one pass that cannot all be so, shown until somebody closes it with a note.

    `kind`: out or in (more than one scan let it through that way), order (in before out). `scans`: how many
    there were when it was last looked at; one more opens it again.
    """

    __tablename__ = "passage_conflict"
    __table_args__ = (
        Index(
            "ix_passage_conflict_open",
            "opened_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    pass_id: Mapped[UUID] = mapped_column(ForeignKey("pass.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)
    scans: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    closed_by: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(400), default="")


class MedicalExit(Model):
    """A person let out for medical care: recorded, never blocked, nothing asked. Sent twice, one row."""

    __tablename__ = "medical_exit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    guard: Mapped[str] = mapped_column(String(80))
