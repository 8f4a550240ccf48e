"""Tests and cases on PostgreSQL: copied aside, and merged into the ledger by statements over the whole set.

A line is *plain* where nothing else speaks of its record: the ledger holds no state under its id and no
correction of it, and in these lines its id stands once, is named by no correction, and corrects nothing. A
plain line is a new row whatever the order, so all of them go in by one INSERT. The others, few in a feed that
is offered for the first time, are judged one after another (ledger.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TableClause, insert, literal, null, or_, select

from resume.bulk import csv_of, is_there, staged
from resume.db import UtcTime, joined
from resume.evidence.shapes import Entry, Shape
from resume.sets import dialect, within

#: Below this many lines a temporary table costs more than it saves.
LEAST = 500


@dataclass(frozen=True, slots=True)
class Written:
    """Lines ready to be copied, and the ids among them that more than one line speaks of."""

    rows: bytes
    entangled: frozenset[str]


def write_aside(shape: Shape, entries: Sequence[Entry]) -> Written | None:
    """Make lines ready before the door; None where they are not merged as a set (small, SQLite, no ids)."""
    if not shape.is_fixed or len(entries) < LEAST or dialect() == "sqlite":
        return None
    ids = Counter(entry.values[shape.key[0]] for entry in entries)
    entangled = {record_id for record_id, count in ids.items() if count > 1}
    for entry in entries:
        if entry.values["supersedes"] is not None:
            entangled |= {entry.values[shape.key[0]], entry.values["supersedes"]}
    content = shape.values_of
    rows = ((number, *content(entry.values)) for number, entry in enumerate(entries))
    return Written(csv_of(rows), frozenset(entangled))


def merge(
    shape: Shape, entries: Sequence[Entry], written: Written, *, intake_id: int, at: datetime
) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """A step: insert the plain lines; (these, those that are left). Five statements."""
    key = shape.key[0]
    with staged(shape.table, shape.content, written.rows, numbered=True) as aside:
        known = set(joined().scalars(_spoken_of(shape, aside)))
        taken = {
            number
            for number, entry in enumerate(entries)
            if number in known or entry.values[key] in written.entangled
        }
        if len(taken) < len(entries):
            _insert(shape, aside, taken, intake_id=intake_id, at=at)
    if not taken:
        return entries, ()
    plain = [entry for number, entry in enumerate(entries) if number not in taken]
    return plain, [entries[number] for number in sorted(taken)]


def _spoken_of(shape: Shape, aside: TableClause) -> Any:
    """The lines whose record the ledger knows, or knows a correction of."""
    ids, ledger = aside.c[shape.key[0]], shape.table
    states, corrections = is_there(ledger.c[shape.key[0]], ids), is_there(ledger.c.supersedes, ids)
    return select(aside.c.line).where(or_(states, corrections))


def _insert(
    shape: Shape, aside: TableClause, without: Collection[int], *, intake_id: int, at: datetime
) -> None:
    rows = select(
        *(aside.c[name] for name in shape.content),
        literal(at, UtcTime),
        null(),
        literal(intake_id),
    ).order_by(aside.c.line)
    if without:
        rows = rows.where(~within(aside.c.line, without))
    columns = [*shape.content, "received_at", "replaced_at", "intake_id"]
    joined().connection().execute(insert(shape.table).from_select(columns, rows))
