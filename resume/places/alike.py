"""Names like one that the register does not hold: by the characters and pairs they share, rare ones first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from heapq import nlargest
from itertools import accumulate
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from resume.db import in_chunks, reading
from resume.places.keys import likeness, pieces
from resume.places.models import PlacePiece, PlacePieceCount

ALIKE = 0.5  # likeness from which two names are taken for slips of one another
NEAREST_KEYS = 3  # as many names are looked into for one
_HELD_EACH = 600  # pieces of keys read for each name of a list, from the rarest piece on
_HELD_ONE = 5_000  # and counted by the database for one line
_HELD_AT_MOST = 200_000  # and read for all names of a list together
_COMPARED = 40  # keys compared in full, those that share most


class Named(NamedTuple):
    """A key of one district; the code is "" for a key of any district."""

    district_code: str
    key: str


def alike_keys(wanted: Collection[Named]) -> dict[Named, list[tuple[float, Named]]]:
    """For each of `wanted`, whose districts are known: likeness and key of its likest ones (NEAREST_KEYS).

    One query for every 5,000 pieces. Where too many keys hold a piece it is left out, so that a name may miss
    another that shares only what many share.
    """
    holding = _keys_holding(wanted)
    found: dict[Named, list[tuple[float, Named]]] = {}
    for one in wanted:
        shared: Counter[str] = Counter()
        for piece in pieces(one.key):
            shared.update(holding.get((one.district_code, piece), ()))
        compared = nlargest(_COMPARED, shared, key=lambda key: (shared[key], key))
        found[one] = _likest(one, compared)
    return found


def alike_keys_of_one(heads: Collection[Named]) -> dict[Named, list[tuple[float, Named]]]:
    """For the few names one line may give, also of any district: two queries."""
    districts = {one.district_code for one in heads}
    is_within = "" not in districts
    within = {"districts": sorted(districts)} if is_within else {}
    some = sorted({piece for one in heads for piece in pieces(one.key)})
    held = reading().execute(_held(is_within), {"some": some} | within).all()
    # Chosen here and not in one query with what follows: PostgreSQL would read all keys through.
    running = list(accumulate(count for _, count in held))
    rare = [piece for (piece, _), all_held in zip(held, running, strict=True) if all_held <= _HELD_ONE]
    rare = rare or [piece for piece, _ in held[:1]]
    compared = reading().scalars(_sharing(is_within), {"some": rare} | within).all() if rare else ()
    return {one: _likest(one, compared) for one in heads}


def _likest(one: Named, compared: Iterable[str]) -> list[tuple[float, Named]]:
    scored = sorted((-likeness(one.key, key), key) for key in compared)
    return [
        (-score, Named(one.district_code, key)) for score, key in scored[:NEAREST_KEYS] if -score >= ALIKE
    ]


def _keys_holding(wanted: Collection[Named]) -> Mapping[tuple[str, str], list[str]]:
    """District and piece -> the keys that hold it."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    districts = sorted({one.district_code for one in wanted})
    most = min(_HELD_EACH * len(wanted), _HELD_AT_MOST)
    for some in in_chunks(sorted({piece for one in wanted for piece in pieces(one.key)})):
        values = {"some": some, "most": most, "districts": districts}
        for piece, district_code, key in reading().execute(_read_here(), values):
            found[district_code, piece].append(key)
    return found


# Made once: to put such a query together takes longer than the database needs to answer it.


@cache
def _held(is_within: bool) -> Select[str, int]:
    """How many keys of `districts` or of all hold each of `some` pieces; the rarest first."""
    held = func.sum(PlacePieceCount.held).label("held")
    return (
        select(PlacePieceCount.piece, held)
        .where(
            PlacePieceCount.piece.in_(bindparam("some", expanding=True)),
            _within(PlacePieceCount.district_code, is_within),
        )
        .group_by(PlacePieceCount.piece)
        .having(func.sum(PlacePieceCount.held) > 0)
        .order_by(held, PlacePieceCount.piece)
    )


@cache
def _sharing(is_within: bool) -> Select[str]:
    """Keys that share most of `some` pieces, of `districts` or of any."""
    return (
        select(PlacePiece.key)
        .where(
            PlacePiece.piece.in_(bindparam("some", expanding=True)),
            _within(PlacePiece.district_code, is_within),
        )
        .group_by(PlacePiece.district_code, PlacePiece.key)
        .order_by(func.count().desc(), PlacePiece.key)
        .limit(2 * _COMPARED)
    )


@cache
def _read_here() -> Select[str, str, str]:
    """Every key of `districts` that holds one of `some` pieces, with the piece.

    From the rarest piece on, as many as `most` keys hold; one at least.
    """
    counted = _held(True).order_by(None).subquery()
    running = func.sum(counted.c.held).over(order_by=(counted.c.held, counted.c.piece))
    ranked = select(counted.c.piece, counted.c.held, running.label("running")).subquery()
    few = (ranked.c.running <= bindparam("most")) | (ranked.c.running == ranked.c.held)
    return (
        select(PlacePiece.piece, PlacePiece.district_code, PlacePiece.key)
        .join(ranked, PlacePiece.piece == ranked.c.piece)
        .where(few, _within(PlacePiece.district_code, True))
    )


def _within(column: InstrumentedAttribute[str], is_within: bool) -> ColumnElement[bool]:
    return column.in_(bindparam("districts", expanding=True)) if is_within else true()
