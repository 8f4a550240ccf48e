"""A table as read from a file, before anybody knows what its columns mean."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class CellFault(NamedTuple):
    """A cell whose value is an error of the spreadsheet: ``#N/A``, ``#REF!``, or ``uncalculated``."""

    code: str


#: A sheet that explains a template of ours: nobody's data, so it is not read.
NOTES_SHEET = "填写说明 Notes"

# The Python type is the kind of the cell: text stays text (an empty cell is ""), a number is a float, and
# a number that Excel shows as a date or time has become one. CSV cells are always str.
Cell = str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | CellFault


class Row(NamedTuple):
    """One row that is not blank.

    ``number`` is the row as a spreadsheet counts (headers are 1), ``line`` the line of a text file on which
    it begins: they differ where a quoted cell spans lines. ``cells`` may be shorter or longer than the
    headers.
    """

    number: int
    line: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Headers and an iterator over the rows that can be walked once.

    ``kind`` is ``xlsx`` or ``csv``; ``encoding`` is utf-8 or gb18030 (empty for xlsx): the preview shows it,
    since a file in a wrong encoding may still decode. ``records``: those below the headers, blank ones too,
    as far as they were counted (a CSV's are).
    """

    kind: str
    headers: list[str]
    rows: Iterator[Row]
    encoding: str = ""
    records: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Sizes in bytes, times in seconds; rows without the header."""

    max_bytes: int = 20 * 2**20
    max_rows: int = 100_000
    max_columns: int = 64
    max_members: int = 1_000
    max_unpacked: int = 256 * 2**20
    max_ratio: int = 250
    memory: int = 2**30
    cpu_seconds: int = 20
    wall_seconds: float = 30.0


LIST_LIMITS = Limits()
FEED_LIMITS = Limits(max_bytes=2**30, max_rows=5_000_000)


def column_letters(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA: the column of a cell's address."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
