"""From a file to the good lines of a feed and the bad ones with their reasons. Writes nothing."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from resume.evidence.shapes import Entry
from resume.evidence.staging import Written, write_aside
from resume.intake.cells import BadCell, Cells, Context
from resume.intake.feeds import Feed
from resume.intake.report import Refused
from resume.people.identify import NewPersons, seal_new
from resume.places.register import building_ids_of
from resume.tables.delimited import read_delimited
from resume.tables.headers import HeaderMatch, match_headers
from resume.tables.model import FEED_LIMITS, Row
from resume.tables.refused import FileRefused

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FeedFile:
    """Lines as read: good ones in their order, bad ones, headers that no column has, persons met.

    `lines`: how many were read; `is_last`: none come after them. `written` and `persons`: the good ones ready
    for the ledger, and the persons among them who were not known, sealed; made before the door, so that the
    door only sends them.
    """

    entries: list[Entry]
    refused: list[Refused]
    unknown_columns: tuple[str, ...]
    context: Context
    lines: int
    is_last: bool
    written: Written | None
    persons: NewPersons


class OpenFeed:
    """An open file of a feed: checked to its end, handed out in pieces. `total`: records, blank ones too."""

    def __init__(self, feed: Feed, file: BinaryIO) -> None:
        """Raises FileRefused: the file as a whole cannot be read, or a required column is missing."""
        self.feed = feed
        self.digest = _digest(file)
        table = read_delimited(file, FEED_LIMITS)
        self.match = match_headers(table.headers, feed.columns)
        self.names = _names(self.match, len(table.headers))
        self.total = table.records
        self._rows = table.rows
        self._next = next(self._rows, None)

    def skip(self, lines: int) -> None:
        """Pass over lines that were taken before."""
        deque(self._take(lines), maxlen=0)

    def read(self, limit: int, *, at: datetime) -> FeedFile:
        """The next lines; the last ones say that they are.

        `at`: the application's moment, for what must not lie in the future.
        """
        rows = list(self._take(limit))
        is_last = self._next is None
        return _parse(self.feed, rows, self.names, self.match.unknown, is_last=is_last, at=at)

    def _take(self, lines: int) -> Iterator[Row]:
        if self._next is None or lines < 1:
            return
        yield self._next
        yield from islice(self._rows, lines - 1)
        self._next = next(self._rows, None)


@contextmanager
def open_feed(feed: Feed, source: bytes | Path) -> Iterator[OpenFeed]:
    """Open a CSV of this feed, the file's bytes or its path. Raises FileRefused, as OpenFeed."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > FEED_LIMITS.max_bytes:
        raise FileRefused("too_large", limit=FEED_LIMITS.max_bytes // 2**20)
    with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        yield OpenFeed(feed, file)


def fits(feed: Feed, content: bytes) -> bool:
    """Whether a CSV has the columns of this feed, by its first line."""
    first, _newline, _rest = content.partition(b"\n")
    try:
        match_headers(read_delimited(BytesIO(first), FEED_LIMITS).headers, feed.columns)
    except FileRefused:
        return False
    return True


def read_records(feed: Feed, records: Sequence[Mapping[str, str]], *, at: datetime) -> FeedFile:
    """Records as texts by column name (English), numbered from 1 as their lines; otherwise as a file."""
    names = [column.name for column in feed.columns]
    rows = [
        Row(place, place, [record.get(name, "") for name in names])
        for place, record in enumerate(records, start=1)
    ]
    return _parse(feed, rows, names, (), is_last=True, at=at)


def of_entries(feed: Feed, entries: Sequence[Entry], *, at: datetime) -> FeedFile:
    """Entries about persons and buildings that are known already, as the lines of a file."""
    written = None if feed.shape is None else write_aside(feed.shape, entries)
    return FeedFile(list(entries), [], (), Context(at, {}), len(entries), True, written, seal_new(()))


def _digest(file: BinaryIO) -> bytes:
    found = hashlib.sha256()
    while block := file.read(_BLOCK):
        found.update(block)
    file.seek(0)
    return found.digest()


def _names(match: HeaderMatch, width: int) -> list[str | None]:
    """The column at each place."""
    names: list[str | None] = [None] * width
    for name, place in match.index.items():
        names[place] = name
    return names


def _parse(
    feed: Feed,
    rows: Sequence[Row],
    names: Sequence[str | None],
    unknown: tuple[str, ...],
    *,
    is_last: bool,
    at: datetime,
) -> FeedFile:
    lines = [(row.line, Cells(row.cells, names)) for row in rows]
    context = Context(at, _buildings(feed, lines))
    entries: list[Entry] = []
    refused: list[Refused] = []
    width, parse = len(names), feed.parse
    for line, cells in lines:
        try:
            if cells.count > width and cells.overlong(width):
                raise BadCell("", "", "more cells than headers", "单元格多于表头")
            entries.append(Entry(line, parse(cells, context)))
        except BadCell as bad:
            refused.append(Refused(line, bad.column, bad.value, bad.reason, bad.reason_zh))
    written = None if feed.shape is None else write_aside(feed.shape, entries)
    persons = seal_new(context.persons.values())
    return FeedFile(entries, refused, unknown, context, len(rows), is_last, written, persons)


def _buildings(feed: Feed, lines: Sequence[tuple[int, Cells]]) -> dict[str, int]:
    """The registered buildings that the lines name."""
    if not feed.names_places:
        return {}
    return building_ids_of({cells.typed("place_code") for _line, cells in lines})
