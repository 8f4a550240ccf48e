"""Phones of gates, and the codes that enrol them. All times here are real time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resume.db import Model, UtcTime, new_id
from resume.places.models import Gate


class Device(Model):
    """A phone enrolled for one gate: its cookie holds a token, the row the token's hash. Never deleted.

    `number` is what people call it; `label` what its desk wrote on it; `agent` browser and system in a word
    each. `replaces_id` is the enrolment of the same phone before this one.
    """

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), index=True)
    label: Mapped[str] = mapped_column(String(40), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agent: Mapped[str] = mapped_column(String(40), default="")
    enrolled_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    enrolled_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    revoked_reason: Mapped[str] = mapped_column(String(20), default="")
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))

    gate: Mapped[Gate] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        """As the audit calls it."""
        return f"device:{self.number}"


class DeviceEnrolment(Model):
    """Leave to enrol one phone for a gate, by a secret of 256 bits in a QR or by a short code that is typed.

    The row keeps a hash of the one and a blind index of the other. What the page shows again while it waits
    (`sealed`) is emptied when it is used or ended.
    """

    __tablename__ = "device_enrolment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    offered_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))

    gate: Mapped[Gate] = relationship(lazy="joined", innerjoin=True)
    device: Mapped[Device | None] = relationship()
