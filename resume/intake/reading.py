"""From a file to the good lines of a feed and the bad ones with their reasons. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from resume.evidence.ledger import Entry
from resume.intake.cells import BadCell, Cells, Context
from resume.intake.feeds import Feed
from resume.intake.report import Refused
from resume.places.register import building_ids_of
from resume.tables.delimited import read_delimited
from resume.tables.headers import HeaderMatch, match_headers
from resume.tables.model import FEED_LIMITS, Row
from resume.tables.refused import FileRefused


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file as read: good lines in their order, bad ones, headers that no column has, persons met."""

    entries: list[Entry]
    refused: list[Refused]
    unknown_columns: tuple[str, ...]
    context: Context


def read_feed(feed: Feed, source: bytes | Path, *, at: datetime) -> FeedFile:
    """Read a CSV of this feed. `at`: the application's moment, for what must not lie in the future.

    Raises:
        FileRefused: the file as a whole cannot be read, or a required column is missing.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > FEED_LIMITS.max_bytes:
        raise FileRefused("too_large", limit=FEED_LIMITS.max_bytes // 2**20)
    with _opened(source) as file:
        table = read_delimited(file, FEED_LIMITS)
        match = match_headers(table.headers, feed.columns)
        rows: Iterable[Row] = table.rows
        if feed.names_places:
            rows = list(rows)
        context = Context(at, _buildings(feed, rows, match))
        entries, refused = _parse(feed, rows, match, len(table.headers), context)
    return FeedFile(entries, refused, match.unknown, context)


def read_records(feed: Feed, records: Sequence[Mapping[str, str]], *, at: datetime) -> FeedFile:
    """Records as texts by column name (English), numbered from 1 as their lines; otherwise as `read_feed`."""
    names = [column.name for column in feed.columns]
    rows = [
        Row(place, place, [record.get(name, "") for name in names])
        for place, record in enumerate(records, start=1)
    ]
    match = match_headers(names, feed.columns)
    context = Context(at, _buildings(feed, rows, match))
    entries, refused = _parse(feed, rows, match, len(names), context)
    return FeedFile(entries, refused, (), context)


def _buildings(feed: Feed, rows: Iterable[Row], match: HeaderMatch) -> dict[str, int]:
    """The registered buildings that the rows name."""
    if not feed.names_places:
        return {}
    return building_ids_of({Cells(row.cells, match.index).typed("place_code") for row in rows})


def _parse(
    feed: Feed, rows: Iterable[Row], match: HeaderMatch, width: int, context: Context
) -> tuple[list[Entry], list[Refused]]:
    entries: list[Entry] = []
    refused: list[Refused] = []
    for row in rows:
        cells = Cells(row.cells, match.index)
        try:
            if len(row.cells) > width and cells.overlong(width):
                raise BadCell("", "", "more cells than headers", "单元格多于表头")
            entries.append(Entry(row.line, feed.parse(cells, context)))
        except BadCell as bad:
            refused.append(Refused(row.line, bad.column, bad.value, bad.reason, bad.reason_zh))
    return entries, refused


def _opened(source: bytes | Path) -> BinaryIO:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")
