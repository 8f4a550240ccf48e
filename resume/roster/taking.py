"""A file becomes a list: read, matched and sealed piece by piece, then judged. What the worker does.

Each piece is a door of its own, so that no list is too long for memory or holds the writers' lock for long.
Until `keep_taken` the list is in the state `reading` and nobody's; whoever is interrupted begins again, and
throws away first what was stored (`abandon`). See docs/adr/0016-lists-are-read-by-the-worker.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete, update

from resume import audit
from resume.bulk import Encoded, encode_rows, insert_encoded, insert_rows
from resume.clock import shanghai_date
from resume.collector import collector_at_rest
from resume.db import joined, new_id, transaction
from resume.people.identify import NewPersons, seal_new, store_new
from resume.policy import NoPolicy
from resume.roles import Actor
from resume.roster.bad_rows import bad_row_values
from resume.roster.content import worker_values
from resume.roster.eligibility import flats_of, plan_for_preview
from resume.roster.judgement import Judgement, Member, basis_of, judge_members, row_of
from resume.roster.lifecycle import ListState
from resume.roster.models import BadRow, ListJudgement, ListUpload, RowError, Worker, WorkerList
from resume.roster.resolving import resolve
from resume.roster.sheet import PIECE, SheetRead, read_pieces
from resume.roster.stored_rows import (
    NoSites,
    SitesChanged,
    error_rows,
    shown_file_name,
    sites_of,
    throw_away_previews,
)
from resume.tables.model import Table

_UNSYNCED = {"synchronize_session": False}


class Watcher(Protocol):
    """Who is told how far a list is, inside the door that stores it; what he raises ends the taking."""

    def began(self, list_id: UUID, rows: int) -> None:
        """The list has its id; the file has about so many rows."""

    def read(self, rows: int) -> None:
        """So many rows are read and stored so far, bad ones too."""

    def judged(self, workers: int) -> None:
        """So many workers are judged so far."""


@dataclass(slots=True)
class Taken:
    """A list whose rows are stored and judged. `judgement`: its row, None where no policy is in force yet."""

    list_id: UUID
    firm_id: int
    sites: dict[str, int]
    row_count: int = 0
    members: list[Member] = field(default_factory=list)
    judgement: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some rows of a file, ready to be stored."""

    workers: Encoded
    errors: Encoded
    bad_rows: Encoded
    persons: NewPersons
    members: list[Member]
    row_count: int


def take(
    firm_id: int,
    table: Callable[[], Table],
    filename: str,
    *,
    received_at: datetime,
    at: datetime,
    watcher: Watcher | None = None,
) -> Taken:
    """Store and judge the rows of a file, in doors of its own, as a list that is not the firm's yet.

    `received_at`: when the firm handed it in; `at`: the moment of the verdicts. Raises NoSites, and
    FileRefused where the file as a whole cannot be read; both before anything is stored.
    """
    sites = sites_of(firm_id)
    if not sites:
        raise NoSites
    opened = table()
    pieces = read_pieces(opened, sites=sites, today=shanghai_date(received_at), size=PIECE)
    with collector_at_rest():
        first = next(pieces)  # the headers are judged before anything is stored
    taken = Taken(new_id(), firm_id, sites)
    _begin(taken, first, filename, received_at, opened.records, watcher)
    for read in chain([first], pieces):
        _store(taken, read, watcher)
    try:
        taken.judgement = row_of(taken.list_id, _judge(taken, at, watcher))
    except NoPolicy:
        taken.judgement = None
    return taken


def keep_taken(taken: Taken, *, by: Actor, at: datetime) -> WorkerList:
    """A step: what was taken is the firm's preview, in place of an earlier one. Raises SitesChanged."""
    if taken.sites != sites_of(taken.firm_id):
        raise SitesChanged
    throw_away_previews(taken.firm_id)
    worker_list = joined().get_one(WorkerList, taken.list_id, populate_existing=True)
    worker_list.state = ListState.PREVIEW.value
    worker_list.row_count, worker_list.good_count = taken.row_count, len(taken.members)
    joined().flush()
    if taken.judgement is not None:
        insert_rows(ListJudgement, [taken.judgement])
    audit.record(
        "list.uploaded", f"worker_list:{worker_list.id}", by=by, at=at, firm=taken.firm_id,
        rows=worker_list.row_count, good=worker_list.good_count,
    )  # fmt: skip
    return worker_list


def abandon(list_id: UUID) -> None:
    """A step: throw away a list that was not read to its end, with its rows."""
    session = joined()
    unfinished = (WorkerList.id == list_id, WorkerList.state == ListState.READING.value)
    statements = [
        update(ListUpload).where(ListUpload.list_id == list_id).values(list_id=None),
        delete(Worker).where(Worker.list_id == list_id),
        delete(RowError).where(RowError.list_id == list_id),
        delete(BadRow).where(BadRow.list_id == list_id),
        delete(WorkerList).where(*unfinished),
    ]
    if session.get(WorkerList, list_id, populate_existing=True) is None:
        return
    for statement in statements:
        session.execute(statement, execution_options=_UNSYNCED)
    session.expire_all()


def _begin(
    taken: Taken,
    first: SheetRead,
    filename: str,
    received_at: datetime,
    rows: int,
    watcher: Watcher | None,
) -> None:
    with transaction() as session:
        session.add(
            WorkerList(
                id=taken.list_id,
                firm_id=taken.firm_id,
                state=ListState.READING.value,
                file_name=shown_file_name(filename),
                uploaded_at=received_at,
                unknown_columns=list(first.unknown_columns),
            )
        )
        session.flush()
        if watcher is not None:
            watcher.began(taken.list_id, rows)


def _store(taken: Taken, read: SheetRead, watcher: Watcher | None) -> None:
    with collector_at_rest():
        piece = _prepare(read, taken)
    with transaction():
        store_new(piece.persons)
        insert_encoded(piece.workers)
        insert_encoded(piece.errors)
        insert_encoded(piece.bad_rows)
        if watcher is not None:
            watcher.read(taken.row_count + piece.row_count)
    taken.row_count += piece.row_count
    taken.members += piece.members


def _prepare(read: SheetRead, taken: Taken) -> _Piece:
    """Match, seal and encode: all that a door need not wait for."""
    resolved = resolve(read.rows)
    rows = [worker_values(one, taken.list_id, taken.sites) for one in resolved]
    members = [
        Member(row["id"], row["key_post"], one.subject) for row, one in zip(rows, resolved, strict=True)
    ]
    return _Piece(
        encode_rows(Worker, rows),
        encode_rows(RowError, error_rows(read.errors, taken.list_id)),
        encode_rows(BadRow, bad_row_values(read.bad, taken.list_id)),
        seal_new((one.keys, one.row.document) for one in resolved),
        members,
        len({error.row for error in read.errors} | {row.row for row in read.rows}),
    )


def _judge(taken: Taken, at: datetime, watcher: Watcher | None) -> Judgement:
    """The judgement of all rows; its basis is read before, so that what changes meanwhile makes it stale."""
    plan = plan_for_preview(firm_id=taken.firm_id)
    members = taken.members
    basis = basis_of(taken.list_id, plan=plan, at=at, size=len(members))

    def tell(judged: int) -> None:
        if watcher is not None:
            with transaction():
                watcher.judged(judged)

    flats = flats_of(one.subject for one in members)
    marks = judge_members(members, at=at, plan=plan, flats=flats, after_each=tell)
    return Judgement(at, basis, marks)
