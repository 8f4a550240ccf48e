"""The refused lines as a CSV that a spreadsheet opens without running anything in it. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from resume.intake.feeds import Feed
from resume.intake.report import Refused

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\ufeff"
HEADERS = ("行", "列", "内容", "原因", "reason")


def refused_csv(feed: Feed, refused: Iterable[Refused]) -> Iterator[bytes]:
    """UTF-8 with BOM, piece by piece: one line for each refused line of the feed."""
    yield (_BOM + _line(HEADERS)).encode()
    for line in refused:
        row = (feed.column_name(line.column), line.value, line.reason_zh, line.reason)
        yield _line((str(line.line), *map(as_text, row))).encode()


def as_text(value: str) -> str:
    """A cell that stays text: an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{value}" if value.startswith(_STARTS_FORMULA) else value


def _line(row: Iterable[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(row)
    return text.getvalue()
