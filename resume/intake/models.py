"""What intake keeps beside the ledger: the refused lines, and files that wait to be confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class RefusedLine(Model):
    """A line that was not taken in. `value` is masked where it would be personal."""

    __tablename__ = "refused_line"

    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    column_name: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(200))
    reason_zh: Mapped[str] = mapped_column(String(200))


class Upload(Model):
    """A file a steward handed in, sealed, until it was taken in or dropped.

    `preview`: what it would come to (JSON without personal data). `intake_id`: the intake that takes it in
    piece by piece, once it was confirmed. `kept_at` is domain time.
    """

    __tablename__ = "upload"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    feed: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(120))
    kept_at: Mapped[datetime] = mapped_column(UtcTime)
    kept_by: Mapped[str] = mapped_column(String(80))
    sealed_file: Mapped[bytes] = mapped_column(LargeBinary)
    preview: Mapped[str]
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"), unique=True)
