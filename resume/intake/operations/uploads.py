"""The steward's doors: a file is kept and looked at, then confirmed or dropped.

Until then it lies sealed in the database, for it is full of personal numbers. A small file is taken in by the
confirmation itself, a big one by jobs, piece by piece (jobs.py of this slice).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume import audit, jobs
from resume.db import joined, new_id, transaction
from resume.evidence.models import Intake
from resume.intake.feeds import FEEDS, Feed
from resume.intake.models import Upload
from resume.intake.operations import files
from resume.intake.operations.files import AlreadyUnderWay, FileNotTaken, known_feed, opened, shown_name
from resume.intake.preview import SHOWN, Preview
from resume.intake.queries import find_unfinished, get_upload
from resume.intake.reading import FeedFile, OpenFeed, fits
from resume.intake.report import Report
from resume.intake.taking import begin, take_lines
from resume.refusals import NotFound
from resume.roles import Actor
from resume.sealing import sealer

PIECE_JOB = "intake-piece"
DROP_JOB = "intake-drop"
KEPT_FOR = timedelta(days=1)


class _Rehearsed(Exception):
    """Ends the door of a rehearsal, so that nothing of it stays."""


def keep(feed_name: str, content: bytes, filename: str, *, by: Actor, at: datetime) -> UUID:
    """Keep a file sealed until it is confirmed, with what it would come to; dropped after a day.

    Raises UnknownFeed, FileNotTaken.
    """
    feed = known_feed(feed_name)
    upload_id, file_name = new_id(), shown_name(filename)
    preview = _preview(feed, content, file_name, by=by, at=at)
    sealed = sealer().seal_bytes(content, place=_place(upload_id))
    with transaction() as session:
        session.add(
            Upload(
                id=upload_id,
                feed=feed.name,
                file_name=file_name,
                kept_at=at,
                kept_by=by.name,
                sealed_file=sealed,
                preview=preview.dumps(),
            )
        )
        audit.record("intake.kept", f"upload:{upload_id}", by=by, at=at, feed=feed.name)
        jobs.enqueue(DROP_JOB, [(str(upload_id), {"upload": str(upload_id)})], after=KEPT_FOR)
    return upload_id


def confirm(upload_id: UUID, *, by: Actor, at: datetime) -> int:
    """Take a kept file in: a small one here and now, a big one by jobs; the id of its intake.

    Confirmed twice, it is taken in once. Raises NotFound, FileNotTaken, AlreadyUnderWay.
    """
    upload = get_upload(upload_id)
    if upload.intake_id is not None:
        return upload.intake_id
    with opened(FEEDS[upload.feed], open_upload(upload)) as file:
        unfinished = find_unfinished(file.feed, file.digest)
        piece = file.read(files.CHUNK, at=at)
        with transaction():
            kept = _still_there(upload_id)
            if unfinished is None and piece.is_last:
                intake_id = take_lines(file.feed, piece, kept.file_name, by=by, at=at).report.intake_id
                joined().delete(kept)
            else:
                intake_id = _leave_to_jobs(kept, file, by=by, at=at)
    return intake_id


def drop(upload_id: UUID, *, by: Actor, at: datetime) -> None:
    """Delete a kept file that was not confirmed. Raises NotFound, AlreadyUnderWay."""
    with transaction() as session:
        session.delete(_still_there(upload_id))
        audit.record("intake.dropped", f"upload:{upload_id}", by=by, at=at)


def enqueue_piece(upload_id: UUID, position: int) -> None:
    """A step: the lines from `position` on are a job, if they are not one yet."""
    key = f"{upload_id}:{position}"
    there = select(jobs.Job.id).where(jobs.Job.kind == PIECE_JOB, jobs.Job.key == key)
    if joined().scalar(there) is None:
        jobs.enqueue(PIECE_JOB, [(key, {"upload": str(upload_id), "position": position})])


def open_upload(upload: Upload) -> bytes:
    """The file that was kept."""
    return sealer().open_bytes(upload.sealed_file, place=_place(upload.id))


def _place(upload_id: UUID) -> str:
    return f"upload:sealed_file:{upload_id}"


def _still_there(upload_id: UUID) -> Upload:
    upload = joined().get(Upload, upload_id, populate_existing=True)
    if upload is None:
        raise NotFound
    if upload.intake_id is not None:
        raise AlreadyUnderWay
    return upload


def _leave_to_jobs(upload: Upload, file: OpenFeed, *, by: Actor, at: datetime) -> int:
    unfinished = find_unfinished(file.feed, file.digest)
    if unfinished is None:
        intake: Intake = begin(
            file.feed, upload.file_name, by=by, at=at, digest=file.digest, total=file.total
        )
        intake_id, position = intake.id, 0
    else:
        intake_id, position = unfinished.id, unfinished.position
        if joined().scalar(select(Upload.id).where(Upload.intake_id == intake_id)) is not None:
            raise AlreadyUnderWay
    upload.intake_id = intake_id
    joined().flush()
    enqueue_piece(upload.id, position)
    return intake_id


def _preview(feed: Feed, content: bytes, file_name: str, *, by: Actor, at: datetime) -> Preview:
    try:
        with opened(feed, content) as file:
            unfinished = find_unfinished(feed, file.digest)
            position = unfinished.position if unfinished is not None else 0
            file.skip(position)
            piece = file.read(files.CHUNK, at=at)
            columns = tuple(name for name in file.names if name is not None)
            if piece.is_last and not position:
                return Preview(_rehearse(feed, piece, file_name, by=by, at=at), columns, True)
            return Preview(_count(file, piece, at=at), columns, False, position)
    except FileNotTaken as refusal:
        others = [other.zh for other in FEEDS.values() if other is not feed and fits(other, content)]
        if refusal.code != "missing_columns" or not others:
            raise
        hint = _("表头与“%(feeds)s”相符，请核对所选的数据种类。", feeds="、".join(others))
        raise FileNotTaken(f"{refusal.message}{hint}", code=refusal.code) from refusal


def _rehearse(feed: Feed, piece: FeedFile, file_name: str, *, by: Actor, at: datetime) -> Report:
    """What taking these lines in would come to: it is done, looked at, and rolled back."""
    report = Report(feed.name)
    try:
        with transaction():
            report = take_lines(feed, piece, file_name, by=by, at=at).report
            raise _Rehearsed
    except _Rehearsed:
        return replace(report, intake_id=0, refused=report.refused[:SHOWN])


def _count(file: OpenFeed, piece: FeedFile, *, at: datetime) -> Report:
    """The good and the bad lines of a big file, as far as reading tells."""
    report = Report(file.feed.name)
    while True:
        lines = Report(
            file.feed.name,
            accepted=len(piece.entries),
            refused=tuple(piece.refused[: SHOWN - len(report.refused)]),
            refused_count=len(piece.refused),
            unknown_columns=piece.unknown_columns,
        )
        report = report.plus(lines)
        if piece.is_last:
            return report
        piece = file.read(files.CHUNK, at=at)
