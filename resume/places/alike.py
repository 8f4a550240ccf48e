"""Names like one that the register does not hold: by the characters and pairs they share, rare ones first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from heapq import nlargest
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, true

from resume.db import in_chunks, reading
from resume.places.keys import likeness, pieces
from resume.places.models import PlacePiece, PlacePieceCount

ALIKE = 0.5  # likeness from which two names are taken for slips of one another
NEAREST_KEYS = 3  # as many names are looked into for one
_KEYS_EACH = 1_500  # keys read for one name, by its rarest pieces
_KEYS_AT_MOST = 200_000  # keys read for all names of one call
_COMPARED = 40  # keys compared in full, those that share most


class Named(NamedTuple):
    """A key of one district, or of any district where the code is ""."""

    district_code: str
    key: str


def alike_keys(wanted: Collection[Named]) -> dict[Named, list[tuple[float, Named]]]:
    """For each of `wanted`: likeness and key of up to NEAREST_KEYS like ones, the likest first.

    A key that stands in several districts counts once and is given for each. One query for every 5,000
    pieces; where too many keys hold a piece it is left out, so a name may miss one that shares only
    characters everybody has.
    """
    by_piece = _keys_holding(wanted)
    return {one: _likest(one, by_piece) for one in wanted}


def _likest(one: Named, by_piece: dict[str, dict[str, list[Named]]]) -> list[tuple[float, Named]]:
    shared: Counter[Named] = Counter()
    for piece in pieces(one.key):
        found = by_piece.get(piece)
        if found is not None:
            if one.district_code:
                shared.update(found.get(one.district_code, ()))
            else:
                for keys in found.values():
                    shared.update(keys)
    compared = nlargest(_COMPARED, shared.items(), key=lambda item: (item[1], item[0]))
    scored = [(likeness(one.key, other.key), other) for other, _ in compared]
    alike = sorted((item for item in scored if item[0] >= ALIKE), key=lambda item: (-item[0], item[1].key))
    best = list(dict.fromkeys(other.key for _, other in alike))[:NEAREST_KEYS]
    return [item for item in alike if item[1].key in best]


def _keys_holding(wanted: Collection[Named]) -> dict[str, dict[str, list[Named]]]:
    """Piece -> district -> the keys that hold it."""
    found: dict[str, dict[str, list[Named]]] = defaultdict(lambda: defaultdict(list))
    districts = {one.district_code for one in wanted}
    most = min(_KEYS_EACH * len(wanted), _KEYS_AT_MOST)
    for some in in_chunks(sorted({piece for one in wanted for piece in pieces(one.key)})):
        for piece, district_code, key in _rows(some, districts - {""} if "" not in districts else set(), most):
            found[piece][district_code].append(Named(district_code, key))
    return found


def _rows(some: Collection[str], districts: Collection[str], most: int) -> list[Row[tuple[str, str, str]]]:
    """The keys that hold these pieces, from the rarest piece on until `most` are read."""
    rare = _rare(some, districts, most).subquery()
    query = select(PlacePiece.piece, PlacePiece.district_code, PlacePiece.key).join(
        rare, and_(PlacePiece.piece == rare.c.piece, _within(PlacePiece.district_code, districts))
    )
    return list(reading().execute(query).all())


def _rare(some: Collection[str], districts: Collection[str], most: int) -> Select[tuple[str]]:
    counted = (
        select(PlacePieceCount.piece, func.sum(PlacePieceCount.held).label("held"))
        .where(PlacePieceCount.piece.in_(some), _within(PlacePieceCount.district_code, districts))
        .group_by(PlacePieceCount.piece)
        .subquery()
    )
    running = func.sum(counted.c.held).over(order_by=(counted.c.held, counted.c.piece))
    ranked = select(counted.c.piece, (running - counted.c.held).label("before")).subquery()
    return select(ranked.c.piece).where(ranked.c.before < most)


def _within(column: ColumnElement[str] | object, districts: Collection[str]) -> ColumnElement[bool]:
    return column.in_(districts) if districts else true()  # type: ignore[attr-defined]
