"""The rows that a batch of uploaded scans reads and writes: each kind at once, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select, update

from resume.bulk import insert_rows
from resume.db import joined, reading
from resume.gate.models import Scan
from resume.gate.trips import Went, list_went
from resume.gate.uploaded import Uploaded
from resume.passes.models import Pass
from resume.roles import Actor
from resume.sets import within


@dataclass(slots=True)
class Book:
    """The scans that let one pass through so far, and those of this batch."""

    went: list[Went] = field(default_factory=list)

    def first(self, lane: str) -> datetime | None:
        return min((row.at for row in self.went if row.lane == lane), default=None)

    def others(self, lane: str, nonce: UUID) -> int:
        return sum(row.lane == lane and row.nonce != nonce for row in self.went)


def read_books(passes: Mapping[UUID, Pass]) -> dict[UUID, Book]:
    """The book of each pass: its scans that count, and what is recorded of it without one. One query."""
    went = list_went(passes.keys())
    books: dict[UUID, Book] = defaultdict(Book)
    for pass_id, found in passes.items():
        rows = went.get(pass_id, [])
        books[pass_id].went = [row for row in rows if not row.is_annulled]
        for lane, moment, gate_id in (
            ("out", found.out_at, found.out_gate_id),
            ("in", found.in_at, found.in_gate_id),
        ):
            if moment is not None and not any(row.lane == lane for row in rows):
                recorded = Went(pass_id, lane, moment, moment, pass_id, gate_id or 0, False)
                books[pass_id].went.append(recorded)
    return books


def went_of(scan: Scan) -> Went:
    """A scan that let a pass through, as trips know it."""
    assert scan.pass_id is not None
    assert scan.acted_at is not None
    return Went(scan.pass_id, scan.lane, scan.acted_at, scan.received_at, scan.nonce, scan.gate_id, False)


def read_stored(entries: Sequence[Uploaded]) -> dict[UUID, Scan]:
    """What is stored of these nonces, of what they annul, and the annulments that wait for them. One query.

    The rows are let go of by the session: they are written in bulk.
    """
    nonces = {entry.nonce for entry in entries}
    wanted = nonces | {entry.annuls for entry in entries if entry.annuls is not None}
    query = select(Scan).where(within(Scan.nonce, wanted) | within(Scan.annuls, nonces))
    rows = joined().scalars(query.execution_options(populate_existing=True)).all()
    for row in rows:
        joined().expunge(row)
    return {row.nonce: row for row in rows}


def read_passes(pass_ids: set[UUID | None]) -> dict[UUID, Pass]:
    """The passes of these ids as they are now. One query."""
    ids = {pass_id for pass_id in pass_ids if pass_id is not None}
    query = select(Pass).where(within(Pass.id, ids)).execution_options(populate_existing=True)
    return {found.id: found for found in reading().scalars(query)}


def read_counters(entries: Sequence[Uploaded], *, by: Actor) -> tuple[int, set[int]]:
    """The highest number this guard or device has sent, and which of these it sent before. Two queries."""
    sent = {entry.counter for entry in entries if entry.counter is not None}
    last = reading().scalar(select(func.max(Scan.counter)).where(Scan.guard == by.name))
    again = select(Scan.counter).where(Scan.guard == by.name, within(Scan.counter, sent))
    return -1 if last is None else last, {number for number in reading().scalars(again) if number is not None}


def insert_scans(scans: Sequence[Scan]) -> None:
    """Write scans that are new."""
    columns = Scan.__table__.columns
    insert_rows(Scan, [{column.name: getattr(scan, column.name) for column in columns} for scan in scans])


def update_scans(scans: Sequence[Scan]) -> None:
    """Write what changed in scans that are stored."""
    if not scans:
        return
    table = Scan.__table__
    assert isinstance(table, Table)
    names = [column.name for column in table.columns if column.name not in ("nonce", "gate_id", "guard")]
    statement = update(table).where(table.c.nonce == bindparam("of_nonce"))
    rows = [
        {"of_nonce": scan.nonce} | {f"new_{name}": getattr(scan, name) for name in names} for scan in scans
    ]
    joined().connection().execute(statement.values({name: bindparam(f"new_{name}") for name in names}), rows)
