"""The web's door for worker lists: a file is looked at from outside and left to the worker, sealed.

Nothing here opens a spreadsheet: what a file is, its first bytes say (docs/adr/0016).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from resume import jobs
from resume.db import joined, new_id, transaction
from resume.roles import Actor
from resume.roster.lifecycle import OVER, UploadState
from resume.roster.models import ListUpload
from resume.roster.stored_rows import NoSites, shown_file_name, sites_of
from resume.roster.taking import abandon
from resume.sealing import sealer
from resume.tables.reading import check_outside

READ_JOB = "list-read"
FORGET_JOB = "list-forget"
KEPT_FOR = timedelta(days=1)


def receive(firm_id: int, data: bytes, filename: str, *, by: Actor, at: datetime) -> UUID:
    """Leave a file to the worker, who makes it the firm's preview; the upload's id, to look after it.

    A file of the firm that still waits or is being read is thrown away for it. Raises NoSites, and
    FileRefused where a file's size or first bytes say that it is no list.
    """
    if not sites_of(firm_id):
        raise NoSites
    check_outside(data, filename)
    upload_id = new_id()
    sealed = sealer().seal_bytes(data, place=_place(upload_id))
    with transaction() as session:
        _throw_away_waiting(firm_id)
        session.add(
            ListUpload(
                id=upload_id,
                firm_id=firm_id,
                file_name=shown_file_name(filename),
                received_at=at,
                received_by=by.name,
                sealed_file=sealed,
                state=UploadState.WAITING.value,
            )
        )
        key, payload = str(upload_id), {"upload": str(upload_id)}
        jobs.enqueue(READ_JOB, [(key, payload)])
        jobs.enqueue(FORGET_JOB, [(key, payload)], after=KEPT_FOR)
    return upload_id


def forget(upload: ListUpload) -> None:
    """A step: the upload is gone, with what was stored of a list that was not finished."""
    list_id, is_over = upload.list_id, upload.state in OVER
    joined().delete(upload)
    joined().flush()
    if list_id is not None and not is_over:
        abandon(list_id)


def open_file(upload: ListUpload) -> bytes:
    """The file that was handed in. Raises Unsealable where it was altered."""
    return sealer().open_bytes(upload.sealed_file or b"", place=_place(upload.id))


def _throw_away_waiting(firm_id: int) -> None:
    waiting = select(ListUpload).where(ListUpload.firm_id == firm_id, ListUpload.state.not_in(OVER))
    for upload in joined().scalars(waiting).all():
        forget(upload)


def _place(upload_id: UUID) -> str:
    return f"list_upload:sealed_file:{upload_id}"
