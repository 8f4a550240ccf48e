"""Reading what was taken in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from resume.db import reading
from resume.evidence.models import Intake
from resume.intake.feeds import FEEDS, Feed
from resume.intake.models import RefusedLine, Upload
from resume.intake.preview import Preview
from resume.intake.report import Refused, Report
from resume.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Receipt:
    """One intake as the steward sees it."""

    id: int
    feed: Feed
    file_name: str
    received_at: datetime
    taken_by: str
    report: Report
    is_done: bool
    total: int
    origin: str


def get_receipt(intake_id: int) -> Receipt:
    """The intake, or NotFound."""
    row = reading().get(Intake, intake_id)
    if row is None:
        raise NotFound
    return _receipt(row)


def get_upload(upload_id: UUID) -> Upload:
    """The kept file, or NotFound."""
    row = reading().get(Upload, upload_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that waits to be confirmed, without its content."""

    id: UUID
    feed: Feed
    file_name: str
    kept_at: datetime
    kept_by: str
    preview: Preview

    @property
    def column_names(self) -> list[str]:
        """The Chinese headers of the feed's columns that the file has."""
        return [self.feed.column_name(column) for column in self.preview.columns]


def get_kept(upload_id: UUID) -> Kept:
    """A file that was not confirmed yet, or NotFound."""
    found = _kept(select(*_KEPT).where(Upload.id == upload_id, Upload.intake_id.is_(None)))
    if not found:
        raise NotFound
    return found[0]


def list_kept() -> Sequence[Kept]:
    """Files that wait to be confirmed, newest first."""
    query = select(*_KEPT).where(Upload.intake_id.is_(None))
    return _kept(query.order_by(Upload.kept_at.desc(), Upload.id))


_KEPT = (Upload.id, Upload.feed, Upload.file_name, Upload.kept_at, Upload.kept_by, Upload.preview)


def _kept(query: Select[*tuple[Any, ...]]) -> list[Kept]:
    rows = reading().execute(query)
    return [
        Kept(row.id, FEEDS[row.feed], row.file_name, row.kept_at, row.kept_by, Preview.loads(row.preview))
        for row in rows
    ]


def list_receipts(*, limit: int = 50, before: int | None = None) -> Sequence[Receipt]:
    """Intakes, newest first; those before an id where given."""
    query = select(Intake).order_by(Intake.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Intake.id < before)
    return [_receipt(row) for row in reading().scalars(query)]


def _receipt(row: Intake) -> Receipt:
    return Receipt(
        row.id,
        FEEDS[row.feed],
        row.file_name,
        row.received_at,
        row.taken_by,
        Report.loads(row.report),
        row.state == "done",
        row.total,
        row.origin,
    )


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An intake of which only the first lines are taken: `position` of them."""

    id: int
    position: int


def find_unfinished(feed: Feed, digest: bytes) -> Unfinished | None:
    """The intake that this file (SHA-256) began and did not end."""
    query = select(Intake.id, Intake.position).where(
        Intake.feed == feed.name, Intake.digest == digest, Intake.state == "running"
    )
    row = reading().execute(query).first()
    return None if row is None else Unfinished(*row)


def list_refused(intake_id: int, *, limit: int) -> list[Refused]:
    """The first refused lines of an intake."""
    return [_refused(row) for row in reading().execute(_refused_lines(intake_id).limit(limit))]


def iterate_refused(intake_id: int) -> Iterator[Refused]:
    """All refused lines of an intake, in their order, in bounded memory."""
    query = _refused_lines(intake_id).execution_options(yield_per=2000)
    yield from map(_refused, reading().execute(query))


def _refused_lines(intake_id: int) -> Select[*tuple[Any, ...]]:
    kept = (
        RefusedLine.line,
        RefusedLine.column_name,
        RefusedLine.value,
        RefusedLine.reason,
        RefusedLine.reason_zh,
    )
    return select(*kept).where(RefusedLine.intake_id == intake_id).order_by(RefusedLine.line)


def _refused(row: Row[Any]) -> Refused:
    return Refused(row.line, row.column_name, row.value, row.reason, row.reason_zh)
