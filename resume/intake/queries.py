"""Reading what was taken in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from resume.db import reading
from resume.evidence.models import Intake
from resume.intake.feeds import FEEDS, Feed
from resume.intake.models import RefusedLine
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


def get_receipt(intake_id: int) -> Receipt:
    """The intake, or NotFound."""
    row = reading().get(Intake, intake_id)
    if row is None:
        raise NotFound
    return _receipt(row)


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
    return Refused(*row)
