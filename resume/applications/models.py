"""The case: a plan version and a worker list submitted together, and what was decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Application(Model):
    """One case. `state` follows `lifecycle`; `revision` grows with every step, so that one of two wins.

    `withheld`: workers of an approved case whom its latest batch kept back. `changed_sections`: how many
    sections of the plan its latest submission changed; None at a firm's first.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_queue", "district_code", "state", "submitted_at"),
        Index("ix_application_firm", "firm_id", "number"),
        Index(
            "ix_application_withheld",
            "district_code",
            "submitted_at",
            sqlite_where=text("withheld > 0"),
            postgresql_where=text("withheld > 0"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    number: Mapped[int]
    district_code: Mapped[str] = mapped_column(String(6))
    plan_version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey("worker_list.id"))
    worker_count: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    recommended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    recommended_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    withheld: Mapped[int] = mapped_column(default=0)
    changed_sections: Mapped[int | None]


class Submission(Model):
    """One submission of a case: the plan version and the list that were handed in, to compare later ones
    with.
    """

    __tablename__ = "submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    plan_version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey("worker_list.id"))


class ReturnedPart(Model):
    """What a return asks to be mended: one part of the case with the reviewer's words, and the firm's answer.

    `part` is a section's key, `list`, or `case` for the case as a whole. `closed_at`: when the case was
    submitted again; until then the firm has to change the part or to answer.
    """

    __tablename__ = "returned_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    part: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    asked_by: Mapped[str] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_by: Mapped[str] = mapped_column(String(80), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ApplicationEvent(Model):
    """A step of a case as its firm and its reviewers see it: what, when, by whom, with which words."""

    __tablename__ = "application_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    action: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(Text, default="")


class Batch(Model):
    """One approval of many workers at one second: how many were approved and how many withheld.

    `intake_id`: the last feed it was judged with; a second does not tell, for a feed may share it. None where
    a big feed was half in.
    """

    __tablename__ = "batch"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[str] = mapped_column(String(80))
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"))
    policy_version: Mapped[str] = mapped_column(String(20))
    approved: Mapped[int]
    withheld: Mapped[int]


class Decision(Model):
    """The decision on one worker in a batch: verdict, and the sealed inputs it can be replayed from.

    `code` is the first finding that was not met or not known (OK where approved); `sealed` holds facts and
    verdict as JSON, because they are health data.
    """

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_worker", "worker_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    is_approved: Mapped[bool]
    code: Mapped[str] = mapped_column(String(24))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
