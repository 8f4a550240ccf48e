"""Papers of whom to expect, as they were handed out, and their lines."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resume.db import Model, UtcTime, new_id


class Manifest(Model):
    """A manifest (放行名单) of a compound and a day in Shanghai, numbered; its sealed PDF names people.

    `digest` is the SHA-256 of what its lines say, printed on the paper; `sha256` that of the file.
    """

    __tablename__ = "manifest"
    __table_args__ = (UniqueConstraint("compound_id", "day", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compound.id"))
    day: Mapped[date]
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    made_by: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    lines: Mapped[list[ManifestLine]] = relationship(order_by="ManifestLine.position")


class ManifestLine(Model):
    """One expected person, by the pass he goes out with. Its tick is the scan of `ticks.tick_nonce`."""

    __tablename__ = "manifest_line"

    manifest_id: Mapped[UUID] = mapped_column(ForeignKey("manifest.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    pass_id: Mapped[UUID] = mapped_column(ForeignKey("pass.id"), index=True)
