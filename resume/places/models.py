"""The register of places: compounds, buildings with the states they were reported in, and gates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resume.db import Model, UtcTime


class Compound(Model):
    """A residential compound (小区): a name within a street."""

    __tablename__ = "compound"
    __table_args__ = (UniqueConstraint("district_code", "street", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district_code: Mapped[str] = mapped_column(String(6))
    street: Mapped[str] = mapped_column(String(40))
    committee_code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(60))


class Building(Model):
    """A building (楼栋) in its newest state; every state it was reported in is a `PlaceState`."""

    __tablename__ = "building"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_code: Mapped[str] = mapped_column(String(40), unique=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compound.id"), index=True)
    lane: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(20))
    has_units: Mapped[bool]

    compound: Mapped[Compound] = relationship(lazy="joined", innerjoin=True)

    @property
    def short_name(self) -> str:
        """As people say it at the gate: compound and number."""
        number = self.number if self.number.endswith(("号", "栋", "幢", "楼")) else f"{self.number}号"
        return f"{self.compound.name}{number}"


class PlaceState(Model):
    """A building as one line of the `places` feed gave it, and when that was received."""

    __tablename__ = "place_state"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    place_code: Mapped[str] = mapped_column(String(40), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcTime)
    district_code: Mapped[str] = mapped_column(String(6))
    street: Mapped[str] = mapped_column(String(40))
    committee_code: Mapped[str] = mapped_column(String(12))
    compound: Mapped[str] = mapped_column(String(60))
    lane: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(20))
    has_units: Mapped[bool]


class Gate(Model):
    """A gate where passes are checked: of a compound, or of a plant."""

    __tablename__ = "gate"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    district_code: Mapped[str] = mapped_column(String(6))
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compound.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
