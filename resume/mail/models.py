"""The outbox: a row for each letter, kept after delivery so that none is sent twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime, new_id


class Mail(Model):
    """One letter to one address. `sealed` holds address and values; it is emptied once the letter is out.

    `key` makes the letter unique within its kind, so that what is repeated is not sent again. Real time.
    """

    __tablename__ = "mail"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    queued_at: Mapped[datetime] = mapped_column(UtcTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
