"""Reading what was taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from resume.db import reading
from resume.evidence.models import Intake
from resume.intake.feeds import FEEDS, Feed
from resume.intake.report import Report
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

    def column_name(self, column: str) -> str:
        """The Chinese header of a column; the name itself where the feed has no such column."""
        return next((known.zh for known in self.feed.columns if known.name == column), column)


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
        row.id, FEEDS[row.feed], row.file_name, row.received_at, row.taken_by, Report.loads(row.report)
    )
