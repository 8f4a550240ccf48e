"""Big files that a steward confirmed: each job takes one piece in, and leaves the next to another.

Reading a piece is the slow part. Its effect, with the position and the next job, is one transaction, so a
killed worker loses nothing and nothing goes in twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from resume import clock, jobs
from resume.db import reading
from resume.evidence.models import Intake
from resume.intake.feeds import FEEDS
from resume.intake.models import Upload
from resume.intake.operations import files
from resume.intake.operations.files import opened
from resume.intake.operations.uploads import DROP_JOB, PIECE_JOB, enqueue_piece, open_upload
from resume.intake.reading import FeedFile
from resume.intake.taking import intake_at, take_piece
from resume.roles import Actor, Role


@jobs.handler(PIECE_JOB)
def take_piece_of(payload: dict[str, Any]) -> jobs.Effect:
    """Read the piece at a position; the effect takes it in, unless the intake has moved on meanwhile."""
    upload_id, position = UUID(payload["upload"]), int(payload["position"])
    upload = reading().get(Upload, upload_id)
    if upload is None or upload.intake_id is None:
        return lambda _session, _at: None
    with opened(FEEDS[upload.feed], open_upload(upload)) as file:
        file.skip(position)
        piece = file.read(files.CHUNK, at=clock.now())
    return lambda session, at: _apply(session, upload_id, position, piece, at=at)


@jobs.handler(DROP_JOB)
def drop_abandoned(payload: dict[str, Any]) -> jobs.Effect:
    """Delete a file that nobody confirmed within its day."""
    abandoned = delete(Upload).where(Upload.id == UUID(payload["upload"]), Upload.intake_id.is_(None))

    def drop(session: Session, _at: datetime) -> None:
        session.execute(abandoned)

    return drop


def _apply(session: Session, upload_id: UUID, position: int, piece: FeedFile, *, at: datetime) -> None:
    upload = session.get(Upload, upload_id, populate_existing=True)
    if upload is None or upload.intake_id is None:
        return
    intake = intake_at(upload.intake_id, position)
    if intake is not None:
        by = Actor(upload.kept_by, Role.STEWARD)
        take_piece(FEEDS[upload.feed], intake, piece, by=by, at=at)
    else:  # somebody offered the same file at the command line meanwhile, and it goes on from there
        intake = session.get_one(Intake, upload.intake_id)
    if intake.state == "done":
        session.delete(upload)
        session.flush()
    else:
        enqueue_piece(upload_id, intake.position)
