"""The register of places: compounds, buildings with the states they were reported in, and gates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resume.db import Model, UtcTime
from resume.places.keys import MAX_KEY, number_key


def _number_key(context: Any) -> str:
    return number_key(context.get_current_parameters()["number"])


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
    """A building (楼栋) in its newest state; every state it was reported in is a `PlaceState`.

    `number_key` is what the ways to write its number have in common.
    """

    __tablename__ = "building"
    __table_args__ = (Index("ix_building_compound_number", "compound_id", "number_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_code: Mapped[str] = mapped_column(String(40), unique=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compound.id"))
    lane: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(20))
    number_key: Mapped[str] = mapped_column(String(MAX_KEY), default=_number_key)
    has_units: Mapped[bool]

    compound: Mapped[Compound] = relationship(lazy="joined", innerjoin=True)

    @property
    def short_name(self) -> str:
        """As people say it at the gate: compound and number."""
        number = self.number if self.number.endswith(("号", "栋", "幢", "楼")) else f"{self.number}号"
        return f"{self.compound.name}{number}"


class CompoundAlias(Model):
    """Another name (别名) by which people know a compound: a former or a local one, and how that is known.

    It counts until it is removed; a removed one is kept.
    """

    __tablename__ = "compound_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compound.id"), index=True)
    alias: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(120))
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    removed_by: Mapped[str | None] = mapped_column(String(80))
    removed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PlaceName(Model):
    """The index of names: each key by which a compound with buildings is found.

    `kind`: name, lane or alias. Derived by `name_index` from compounds, buildings and aliases.
    """

    __tablename__ = "place_name"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own way

    key: Mapped[str] = mapped_column(String(MAX_KEY), primary_key=True)
    district_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compound.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)


class PlacePiece(Model):
    """Which keys of a district hold a character or a pair of characters; for names with a slip."""

    __tablename__ = "place_piece"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    piece: Mapped[str] = mapped_column(String(2), primary_key=True)
    district_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY), primary_key=True)


class PlacePieceCount(Model):
    """How many keys of a district hold a piece: the rare ones are looked at first."""

    __tablename__ = "place_piece_count"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    piece: Mapped[str] = mapped_column(String(2), primary_key=True)
    district_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    held: Mapped[int]


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
    """A gate where passes are checked: of a compound, of a plant, or where people leave the city.

    `street` is whose desk is asked and told: a compound's own; empty: any desk of the district.
    """

    __tablename__ = "gate"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    district_code: Mapped[str] = mapped_column(String(6))
    street: Mapped[str] = mapped_column(String(40), default="")
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compound.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
