"""Trips under way and done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from resume.db import Model, UtcTime


class Trip(Model):
    """A trip is there if and only if its pass has gone out; it is over when the pass has gone in.

    When and through which gates is said by the pass. `district_code` and `street` are those of the gate left
    (street "": any desk of the district), `plate` the vehicle that his firm gave for the worker. `told_at`:
    when firm and street were told that he is overdue.
    """

    __tablename__ = "trip"
    __table_args__ = (
        Index("ix_trip_firm", "firm_id", "due_at"),
        Index("ix_trip_street", "district_code", "street", "due_at"),
        Index("ix_trip_due", "due_at"),
    )

    pass_id: Mapped[UUID] = mapped_column(ForeignKey("pass.id"), primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    district_code: Mapped[str] = mapped_column(String(6))
    street: Mapped[str] = mapped_column(String(40), default="")
    plate: Mapped[str] = mapped_column(String(20), default="")
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
