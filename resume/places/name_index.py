"""The index of names, kept in step with compounds, buildings and aliases: nothing is read whole to find one.

All of it is derived: `index_compounds` compares what should stand there with what does, and writes the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Table, bindparam, delete, select, text

from resume.bulk import insert_rows
from resume.db import Base, in_chunks, joined
from resume.places.keys import compound_key, pieces
from resume.places.models import Building, Compound, CompoundAlias, PlaceName, PlacePiece

NAME, LANE, ALIAS = "name", "lane", "alias"

_COUNT = text(
    "INSERT INTO place_piece_count (piece, district_code, held) VALUES (:piece, :district_code, :more)"
    " ON CONFLICT (piece, district_code) DO UPDATE SET held = place_piece_count.held + excluded.held"
)


class _Entry(NamedTuple):
    """A row of PlaceName."""

    key: str
    district_code: str
    compound_id: int
    kind: str

    @property
    def place(self) -> tuple[str, str]:
        return self.district_code, self.key


def index_compounds(compound_ids: Collection[int]) -> None:
    """A step: let the index say what these compounds say now. At most 9 statements for 5,000 compounds.

    A compound without buildings has no names: nobody lives in it, and its name may be another's by now.
    """
    for ids in in_chunks(sorted(compound_ids)):
        wanted, stored = _wanted(ids), _stored(ids)
        added, removed = wanted - stored, stored - wanted
        if added or removed:
            _change(added, removed)


def _wanted(ids: Sequence[int]) -> set[_Entry]:
    query = (
        select(Compound.id, Compound.district_code, Compound.name, Building.lane)
        .join(Building, Building.compound_id == Compound.id)
        .where(Compound.id.in_(ids))
        .distinct()
    )
    found: set[_Entry] = set()
    districts: dict[int, str] = {}
    for compound_id, district_code, name, lane in joined().execute(query):
        districts[compound_id] = district_code
        found.add(_Entry(compound_key(name), district_code, compound_id, NAME))
        found.add(_Entry(compound_key(lane), district_code, compound_id, LANE))
    aliases = select(CompoundAlias.compound_id, CompoundAlias.alias)
    counting = CompoundAlias.compound_id.in_(ids) & CompoundAlias.removed_at.is_(None)
    for compound_id, alias in joined().execute(aliases.where(counting)):
        if compound_id in districts:
            found.add(_Entry(compound_key(alias), districts[compound_id], compound_id, ALIAS))
    return {entry for entry in found if entry.key}


def _stored(ids: Sequence[int]) -> set[_Entry]:
    return _entries(PlaceName.compound_id.in_(ids))


def _change(added: set[_Entry], removed: set[_Entry]) -> None:
    """Write the names, and the pieces of keys that are new in their district or gone from it."""
    before: set[_Entry] = set()
    for keys in in_chunks(sorted({entry.key for entry in added | removed})):
        before |= _entries(PlaceName.key.in_(keys))
    _delete(PlaceName, [entry._asdict() for entry in removed])
    insert_rows(PlaceName, [entry._asdict() for entry in sorted(added)])
    had, has = {entry.place for entry in before}, {entry.place for entry in before - removed | added}
    new, gone = _pieces_of(has - had), _pieces_of(had - has)
    _delete(PlacePiece, gone)
    insert_rows(PlacePiece, new)
    counts = Counter((row["piece"], row["district_code"]) for row in new)
    counts.subtract((row["piece"], row["district_code"]) for row in gone)
    changes = [
        {"piece": piece, "district_code": district_code, "more": more}
        for (piece, district_code), more in sorted(counts.items())
        if more
    ]
    if changes:
        joined().connection().execute(_COUNT, changes)


def _entries(condition: object) -> set[_Entry]:
    query = select(PlaceName.key, PlaceName.district_code, PlaceName.compound_id, PlaceName.kind)
    return {_Entry._make(row) for row in joined().execute(query.where(condition))}  # type: ignore[arg-type]


def _pieces_of(places: set[tuple[str, str]]) -> list[dict[str, str]]:
    return sorted(
        (
            {"piece": piece, "district_code": district_code, "key": key}
            for district_code, key in places
            for piece in pieces(key)
        ),
        key=lambda row: (row["piece"], row["district_code"], row["key"]),
    )


def _delete(model: type[Base], rows: Sequence[dict[str, object]] | Sequence[dict[str, str]]) -> None:
    """Rows given by the whole of their primary key, in one executemany."""
    if not rows:
        return
    table = model.__table__
    assert isinstance(table, Table)
    statement = delete(table)
    for column in table.primary_key:
        statement = statement.where(column == bindparam(f"b_{column.name}"))
    values = [{f"b_{name}": value for name, value in row.items()} for row in rows]
    joined().connection().execute(statement, values)
