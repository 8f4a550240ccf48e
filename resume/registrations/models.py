"""Registrations of firms. Domain time, as the queue of cases."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Registration(Model):
    """A firm that wants to take part. `sealed` holds contact, phone and e-mail; it is emptied by a refusal.

    `content_key` indexes all that was typed, so that the same form sent again is the same registration.
    """

    __tablename__ = "registration"
    __table_args__ = (
        Index("ix_registration_queue", "state", "district_code", "received_at"),
        Index("ix_registration_content_key", "content_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    credit_code: Mapped[str] = mapped_column(String(18), index=True)
    name: Mapped[str] = mapped_column(String(60))
    short_name: Mapped[str] = mapped_column(String(20))
    district_code: Mapped[str] = mapped_column(String(6))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    language: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(String(300))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"))
