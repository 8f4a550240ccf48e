"""The plan (一企一方案) of a firm, and its versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Plan(Model):
    """A firm's one plan. `state` is what the policy asks: none, approved, suspended."""

    __tablename__ = "plan"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="none")


class PlanVersion(Model):
    """One version: a draft that HR edits until it is submitted, then fixed for good.

    `sections` maps a section's key to its fields as typed data (JSON, kinds in `sections.describe`); `saves`
    maps it to {revision, by, at, page}: who saved it last, and from which opened page. `revision` grows with
    every save, so that of two people who edit one section the second is told. `typed` keeps a section's form
    as it was typed while something in it cannot be read yet: field name -> what was sent.
    """

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    number: Mapped[int]
    sections: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saves: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class Attachment(Model):
    """A file that belongs to a plan's versions from `first_version` to `last_version` (None: the newest too).

    So a new draft has the files of the version before it, and a submitted version keeps its own. The content
    is sealed in its row and read only when it is asked for.
    """

    __tablename__ = "plan_attachment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    first_version: Mapped[int]
    last_version: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime] = mapped_column(UtcTime)
