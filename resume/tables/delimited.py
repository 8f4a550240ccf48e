"""CSV: comma, semicolon, tab or pipe; quotes strictly paired; the whole file checked before the first row."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from resume.tables.encodings import detect, standard_gb18030
from resume.tables.model import Cell, Limits, Row, Table, column_letters
from resume.tables.refused import FileRefused

_DELIMITERS = ",;\t|"
_SAMPLE = 1 << 16


def read_delimited(file: BinaryIO, limits: Limits) -> Table:
    """The table of an open CSV file, which must stay open: the rows are read from it and close it at the end.

    The file is walked twice: once to check it to its end (encoding, quotes, rows, columns), once to hand
    out rows, so nothing is handed out of a file that is refused. Memory does not grow with the file.

    Raises:
        FileRefused: also for a fault in the last line.
    """
    encoding = detect(file)
    delimiter = _delimiter(file, encoding)
    headers, records = _check(_records(file, encoding, delimiter), limits)
    rows = _records(file, encoding, delimiter)
    next(rows)
    return Table("csv", headers, _filled(rows, file), encoding.removesuffix("-sig"), records)


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    try:
        yield from map(standard_gb18030, text) if encoding == "gb18030" else text
    finally:
        if not file.closed:
            text.detach()  # else the end of this walk would close the file for the next


def _delimiter(file: BinaryIO, encoding: str) -> str:
    """The one that cuts the header into most cells; the earlier of ``, ; tab |`` where two do."""
    file.seek(0)
    sample = file.read(_SAMPLE).decode(encoding, errors="replace")
    return max(
        _DELIMITERS, key=lambda d: len(next(csv.reader(io.StringIO(sample, newline=""), delimiter=d), []))
    )


def _records(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every record, blank ones too."""
    reader = csv.reader(_lines(file, encoding), delimiter=delimiter, strict=True)
    line = 1
    try:
        for number, cells in enumerate(reader, start=1):
            yield Row(number, line, cast("list[Cell]", cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused("quoting", place=str(line)) from error


def _filled(rows: Iterator[Row], file: BinaryIO) -> Iterator[Row]:
    """The rows that are not blank; closes the file after the last."""
    with file:
        yield from (row for row in rows if any(map(str.strip, cast("list[str]", row.cells))))


def _check(rows: Iterator[Row], limits: Limits) -> tuple[list[str], int]:
    """Walk to the end; the headers, and how many records there are below them."""
    headers = [str(cell) for cell in next(rows, Row(1, 1, [])).cells]
    if not any(header.strip() for header in headers):
        raise FileRefused("empty")
    if len(headers) > limits.max_columns:
        raise FileRefused(
            "too_many_columns", place=f"{column_letters(len(headers) - 1)}1", limit=limits.max_columns
        )
    number, most = 1, limits.max_rows + 1
    for number, _line, cells in rows:
        if number > most:
            raise FileRefused("too_many_rows", place=str(number), limit=limits.max_rows)
        if len(cells) > limits.max_columns:
            place = f"{column_letters(len(cells) - 1)}{number}"
            raise FileRefused("too_many_columns", place=place, limit=limits.max_columns)
    return headers, number - 1
