"""Doors on the bad rows of a preview: correct one, or leave it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from resume.db import joined, transaction
from resume.roles import Actor
from resume.roster.models import BadRow, RowError
from resume.staffing.operations.steps import (
    UNSYNCED,
    Kept,
    ReadRow,
    duplicate_in,
    insert_row,
    note,
    read_row,
)
from resume.staffing.queries import bad_row_of


def correct_row(bad_row_id: UUID, texts: Mapping[str, str], *, firm_id: int, by: Actor, at: datetime) -> Kept:
    """Make a bad row of the preview a good one, judged by the readers of the file; else its errors.

    RowSettled where somebody was faster, NotFound for another firm's, SitesChanged, ListNotOpen.
    """
    bad, worker_list = bad_row_of(bad_row_id, firm_id=firm_id)
    list_id, row = worker_list.id, bad.row
    read = read_row(texts, row=row, firm_id=firm_id, at=at)
    if not isinstance(read, ReadRow):
        return Kept(list_id, errors=read)
    with transaction():
        _bad, worker_list = bad_row_of(bad_row_id, firm_id=firm_id)
        error = duplicate_in(read.one, list_id)
        if error:
            return Kept(list_id, errors=[error])
        worker_id = insert_row(read, list_id, firm_id=firm_id)
        _forget_bad(list_id, row)
        worker_list.good_count += 1
        worker_list.revision += 1
        note("list.row_corrected", worker_list, by=by, at=at, row=row)
        return Kept(list_id, worker_id)


def discard_row(bad_row_id: UUID, *, firm_id: int, by: Actor, at: datetime) -> UUID:
    """Leave a bad row out of the preview, its cells with it; the list's id. Raises as `correct_row`."""
    with transaction():
        bad, worker_list = bad_row_of(bad_row_id, firm_id=firm_id)
        row = bad.row
        _forget_bad(worker_list.id, row)
        worker_list.row_count -= 1
        worker_list.revision += 1
        note("list.row_discarded", worker_list, by=by, at=at, row=row)
        return worker_list.id


def _forget_bad(list_id: UUID, row: int) -> None:
    for model in (BadRow, RowError):
        gone = delete(model).where(model.list_id == list_id, model.row == row)
        joined().execute(gone, execution_options=UNSYNCED)
    joined().expire_all()
