"""Doors on worker lists: upload one, throw a preview away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from resume import audit
from resume.bulk import insert_rows
from resume.clock import shanghai_date
from resume.db import joined, new_id, transaction
from resume.people.identify import remember
from resume.roles import Actor
from resume.roster.bad_rows import bad_row_values
from resume.roster.content import worker_values
from resume.roster.lifecycle import ListState
from resume.roster.models import BadRow, RowError, Worker, WorkerList
from resume.roster.queries import get_list
from resume.roster.resolving import Resolved, resolve
from resume.roster.sheet import SheetRead, read_worker_list
from resume.roster.steps import ListNotOpen
from resume.roster.stored_rows import (
    NoSites,
    SitesChanged,
    error_rows,
    shown_file_name,
    sites_of,
    throw_away_previews,
)
from resume.roster.taking import abandon, keep_taken, take
from resume.tables.model import Table
from resume.tables.reading import read_table

__all__ = [
    "NoSites",
    "SitesChanged",
    "Upload",
    "drop",
    "keep_upload",
    "read_upload",
    "shown_file_name",
    "upload",
]


@dataclass(frozen=True, slots=True)
class Upload:
    """A list as read, matched and sealed, not stored yet. `resolved`: its good rows, in its order;
    `bad_rows`: the others, to be corrected."""

    worker_list: WorkerList
    read: SheetRead
    resolved: Sequence[Resolved]
    workers: Sequence[dict[str, Any]]
    sites: dict[str, int]
    bad_rows: Sequence[dict[str, Any]] = ()


def upload(firm_id: int, data: bytes, filename: str, *, by: Actor, at: datetime) -> WorkerList:
    """Read a file here and now and keep it as the firm's preview; an earlier preview is thrown away.

    For the command line and the demo; what a firm sends is left to the worker (receiving.py). Raises NoSites,
    SitesChanged, and FileRefused (of `tables`) where the file as a whole cannot be read; bad rows are kept as
    errors.
    """
    taken = take(firm_id, lambda: read_table(data, filename), filename, received_at=at, at=at)
    try:
        with transaction():
            return keep_taken(taken, by=by, at=at)
    except SitesChanged:
        with transaction():
            abandon(taken.list_id)
        raise


def read_upload(firm_id: int, table: Callable[[], Table], filename: str, *, at: datetime) -> Upload:
    """The slow part of a short list that is kept whole, outside any transaction. Raises NoSites."""
    sites = sites_of(firm_id)
    if not sites:
        raise NoSites
    read = read_worker_list(table(), sites=sites, today=shanghai_date(at))
    resolved = resolve(read.rows)
    worker_list = _list_of(read, firm_id=firm_id, filename=filename, at=at)
    workers = [worker_values(one, worker_list.id, sites) for one in resolved]
    bad_rows = bad_row_values(read.bad, worker_list.id)
    return Upload(worker_list, read, resolved, workers, sites, bad_rows)


def keep_upload(upload: Upload, *, by: Actor, at: datetime) -> WorkerList:
    """A step: keep what was read as the firm's preview. Raises SitesChanged."""
    worker_list = upload.worker_list
    firm_id = worker_list.firm_id
    if upload.sites != sites_of(firm_id):
        raise SitesChanged
    throw_away_previews(firm_id)
    joined().add(worker_list)
    joined().flush()
    remember((one.keys, one.row.document) for one in upload.resolved)
    insert_rows(Worker, upload.workers)
    insert_rows(RowError, error_rows(upload.read.errors, worker_list.id))
    insert_rows(BadRow, upload.bad_rows)
    audit.record(
        "list.uploaded", f"worker_list:{worker_list.id}", by=by, at=at, firm=firm_id,
        rows=worker_list.row_count, good=worker_list.good_count,
    )  # fmt: skip
    return worker_list


def drop(list_id: UUID, *, firm_id: int, by: Actor, at: datetime) -> None:
    """Throw a preview away with its rows. NotFound for another firm's; ListNotOpen for any other state."""
    with transaction():
        found = get_list(list_id, firm_id=firm_id)
        if found.state != ListState.PREVIEW:
            raise ListNotOpen
        throw_away_previews(firm_id)
        audit.record("list.dropped", f"worker_list:{list_id}", by=by, at=at, firm=firm_id)


def _list_of(read: SheetRead, *, firm_id: int, filename: str, at: datetime) -> WorkerList:
    rows = {error.row for error in read.errors} | {row.row for row in read.rows}
    return WorkerList(
        id=new_id(),
        firm_id=firm_id,
        state=ListState.PREVIEW.value,
        file_name=shown_file_name(filename),
        uploaded_at=at,
        row_count=len(rows),
        good_count=len(read.rows),
        unknown_columns=list(read.unknown_columns),
    )
