"""The photograph of a worker's document, sealed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Portrait(Model):
    """One photograph (证件照片) of a person as his firm gave it; a new one takes its place."""

    __tablename__ = "portrait"
    __table_args__ = (UniqueConstraint("firm_id", "person_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    person_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    media_type: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(UtcTime)
