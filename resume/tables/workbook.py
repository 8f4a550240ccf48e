"""XLSX through a child process with limits: this process never parses a spreadsheet."""

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from itertools import islice

from resume.limited_child import run_limited
from resume.tables.model import Cell, CellFault, Limits, Row, Table
from resume.tables.refused import FileRefused

_SPECIAL: dict[str, Callable[[str], Cell]] = {
    "fault": CellFault,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda seconds: dt.timedelta(seconds=float(seconds)),
}


def read_workbook(data: bytes, limits: Limits) -> Table:
    """The one sheet with data of an XLSX file.

    Raises:
        FileRefused: reader_gave_up where the child was ended by a limit, else what it found.
    """
    lines, count = _run_child(data, limits)
    rows = _rows(lines)
    first = next(rows, None)
    if first is None or first.number != 1:
        raise FileRefused("empty")
    return Table("xlsx", [_header(cell) for cell in first.cells], rows, records=count - 1)


def _header(cell: Cell) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _run_child(data: bytes, limits: Limits) -> tuple[Iterator[bytes], int]:
    """The child's lines and how many rows they hold, its last one judged and taken off."""
    written = run_limited("resume.tables.child", "python_calamine", data, limits) or b""
    end = written.rfind(b"\n", 0, -1)
    if not written.startswith(b"{", end + 1):
        raise FileRefused("reader_gave_up")
    last = json.loads(written[end + 1 :])
    if "refused" in last:
        raise FileRefused(last["refused"], place=last.get("place", ""), **last.get("facts", {}))
    # A line at a time: as a list they would all be in memory twice.
    return islice(io.BytesIO(written), last["rows"]), last["rows"]


def _rows(lines: Iterator[bytes]) -> Iterator[Row]:
    for line in lines:
        number, cells, specials = json.loads(line)
        for column, kind, text in specials:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = _SPECIAL[kind](text)
        yield Row(number, number, cells)
