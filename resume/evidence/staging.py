"""Tests and cases on PostgreSQL: their ids are copied aside and compared as a set, plain lines copied as one.

A line is *plain* where nothing else speaks of its record: the ledger holds no state under its id and no
correction of it, and in these lines its id stands once, is named by no correction, and corrects nothing. A
plain line is a new row whatever the order, so all of them go in by one COPY. The others, few in a feed that
is offered for the first time, are judged one after another (ledger.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TableClause, or_, select

from resume.bulk import copy_in, csv_of, is_there, staged
from resume.db import joined
from resume.evidence.shapes import Entry, Shape
from resume.sets import dialect

#: Below this many lines a temporary table costs more than it saves.
LEAST = 500


@dataclass(frozen=True, slots=True)
class Written:
    """Lines ready to be copied: their ids, their content, and the ids that more than one line speaks of."""

    ids: bytes
    rows: bytes
    entangled: frozenset[str]


def write_aside(shape: Shape, entries: Sequence[Entry]) -> Written | None:
    """Make lines ready before the door; None where they are not merged as a set (small, SQLite, no ids)."""
    if not shape.is_fixed or len(entries) < LEAST or dialect() == "sqlite":
        return None
    key = shape.key[0]
    ids = [entry.values[key] for entry in entries]
    entangled = {record_id for record_id, count in Counter(ids).items() if count > 1}
    for entry in entries:
        if entry.values["supersedes"] is not None:
            entangled |= {entry.values[key], entry.values["supersedes"]}
    content = shape.values_of
    rows = csv_of(content(entry.values) for entry in entries)
    return Written(csv_of(enumerate(ids)), rows, frozenset(entangled))


def merge(
    shape: Shape, entries: Sequence[Entry], written: Written, *, intake_id: int, at: datetime
) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """A step: insert the plain lines; (these, those that are left). Four statements."""
    key = shape.key[0]
    with staged(shape.table, [key], written.ids, numbered=True) as aside:
        known = set(joined().scalars(_spoken_of(shape, aside)))
    left = [
        number
        for number, entry in enumerate(entries)
        if number in known or entry.values[key] in written.entangled
    ]
    rows, plain = written.rows, entries
    if left:
        without = set(left)
        lines = rows.split(b"\n")  # a cell with a line break in it would have been refused
        rows = b"".join(lines[number] + b"\n" for number in range(len(entries)) if number not in without)
        plain = [entry for number, entry in enumerate(entries) if number not in without]
    columns = [*shape.content, "received_at", "intake_id"]
    copy_in(shape.table, columns, rows.replace(b"\n", f",{at.isoformat()},{intake_id}\n".encode()))
    return plain, [entries[number] for number in left]


def _spoken_of(shape: Shape, aside: TableClause) -> Any:
    """The lines whose record the ledger knows, or knows a correction of."""
    ids, ledger = aside.c[shape.key[0]], shape.table
    states, corrections = is_there(ledger.c[shape.key[0]], ids), is_there(ledger.c.supersedes, ids)
    return select(aside.c.line).where(or_(states, corrections))
