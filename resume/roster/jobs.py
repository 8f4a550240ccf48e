"""The worker reads the lists that firms hand in, and says how far it is.

It may be killed at any moment: the job is taken again when its lease is over, and begins anew. A long list
takes longer than a lease, so each piece renews it; a newer upload of the firm, or another worker, ends the
reading at the next piece.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from resume import clock, jobs
from resume.db import joined, transaction
from resume.refusals import Refusal, Unprocessable
from resume.roles import Actor, Role
from resume.roster.lifecycle import OVER, UploadState
from resume.roster.models import ListUpload
from resume.roster.receiving import FORGET_JOB, READ_JOB, forget, open_file
from resume.roster.stored_rows import NoSites, SitesChanged
from resume.roster.taking import Taken, abandon, keep_taken, take
from resume.tables.reading import read_table
from resume.tables.refused import FileRefused

#: A file that ends the reader each time must not end it for ever.
MOST_ATTEMPTS = 5


class ReaderFailed(Unprocessable):
    """Reading the file was begun several times and never came to its end."""

    code = "reader_failed"
    message = _("多次读取都没有完成，名单没有保存")
    advice = _("请把数据复制到模板中重新上传；如仍不成功，请联系系统管理员")


#: What refuses an upload beside the file itself, by its code.
REFUSALS: dict[str, type[Refusal]] = {each.code: each for each in (NoSites, SitesChanged, ReaderFailed)}


class _Gone(Exception):
    """The upload was thrown away meanwhile."""


class _Reader:
    """Writes down how far the upload is, with each piece that is stored."""

    def __init__(self, upload_id: UUID) -> None:
        self._upload_id = upload_id

    def began(self, list_id: UUID, rows: int) -> None:
        """The list has its id."""
        upload = self._held()
        upload.list_id, upload.rows = list_id, rows

    def read(self, rows: int) -> None:
        """So many rows are stored."""
        upload = self._held()
        upload.rows_read, upload.rows = rows, max(upload.rows, rows)

    def judged(self, workers: int) -> None:
        """So many workers are judged."""
        upload = self._held()
        upload.rows_judged, upload.state = workers, UploadState.JUDGING.value

    def _held(self) -> ListUpload:
        jobs.hold_on()
        upload = joined().get(ListUpload, self._upload_id, populate_existing=True)
        if upload is None:
            raise _Gone
        return upload


@jobs.handler(READ_JOB, is_waited_for=True)
def read_list(payload: dict[str, Any]) -> jobs.Effect:
    """Read a file that was handed in; the effect makes it the firm's preview, or says why it was refused."""
    upload_id = UUID(payload["upload"])
    upload = _begin(upload_id)
    if upload is None:
        return _nothing
    if upload.attempts > MOST_ATTEMPTS:
        return _refusing(upload_id, {"code": ReaderFailed.code})
    try:
        taken = take(
            upload.firm_id,
            lambda: read_table(open_file(upload), upload.file_name),
            upload.file_name,
            received_at=upload.received_at,
            at=clock.now(),
            watcher=_Reader(upload_id),
        )
    except FileRefused as refused:
        return _refusing(upload_id, {"code": refused.code} | refused.text)
    except NoSites as refused:
        return _refusing(upload_id, {"code": refused.code})
    except _Gone:
        return _nothing
    return lambda _session, at: _keep(upload_id, taken, at=at)


@jobs.handler(FORGET_JOB)
def forget_upload(payload: dict[str, Any]) -> jobs.Effect:
    """After a day nobody looks for how an upload went."""

    def effect(session: Session, _at: datetime) -> None:
        upload = session.get(ListUpload, UUID(payload["upload"]), populate_existing=True)
        if upload is not None:
            forget(upload)

    return effect


def _nothing(_session: Session, _at: datetime) -> None:
    """The upload is gone or over: there is nothing to do."""


def _begin(upload_id: UUID) -> ListUpload | None:
    """Begin at the beginning, whatever an interrupted attempt left; None where there is nothing to read."""
    with transaction() as session:
        jobs.hold_on()
        upload = session.get(ListUpload, upload_id, populate_existing=True)
        if upload is None or upload.state in OVER:
            return None
        if upload.list_id is not None:
            abandon(upload.list_id)
        upload.attempts += 1
        upload.state = UploadState.READING.value
        upload.rows = upload.rows_read = upload.rows_judged = 0
    return upload


def _keep(upload_id: UUID, taken: Taken, *, at: datetime) -> None:
    upload = joined().get(ListUpload, upload_id, populate_existing=True)
    if upload is None or upload.list_id != taken.list_id:
        abandon(taken.list_id)  # it was thrown away after the last piece
        return
    try:
        keep_taken(taken, by=Actor(upload.received_by, Role.HR, firm_id=taken.firm_id), at=at)
    except SitesChanged:
        _refuse(upload, {"code": SitesChanged.code})
        return
    upload.state, upload.sealed_file = UploadState.DONE.value, None
    joined().flush()


def _refusing(upload_id: UUID, refused: dict[str, str]) -> jobs.Effect:
    def effect(session: Session, _at: datetime) -> None:
        upload = session.get(ListUpload, upload_id, populate_existing=True)
        if upload is not None:
            _refuse(upload, refused)

    return effect


def _refuse(upload: ListUpload, refused: dict[str, str]) -> None:
    if upload.list_id is not None:
        abandon(upload.list_id)
    upload.list_id = None
    upload.state, upload.sealed_file, upload.refused = UploadState.REFUSED.value, None, refused
    joined().flush()
