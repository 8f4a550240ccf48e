"""The process that reads an XLSX: the package on standard input, one JSON line a row on standard output.

It is started anew for each file, limits itself before it looks at the first byte, and imports only what it
needs. Lines: ``[row, cells, specials]`` with ``specials`` a list of ``[column, kind, text]`` for what JSON
has no word for; then ``{"rows": how many}``, or ``{"refused": code, "place": ..., "facts": {...}}``.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from resume.limited_child import limit_myself
from resume.tables.faults import faults
from resume.tables.model import NOTES_SHEET, Limits
from resume.tables.package import check_extent, repack, unpack
from resume.tables.refused import FileRefused

Special = tuple[int, str, str]

_PLAIN = (str, float, int)  # what JSON has a word for
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def main(limits: Limits) -> None:
    """Read standard input, write rows or a refusal. Always exits 0 unless the system ends it."""
    limit_myself(limits)
    out = sys.stdout.buffer
    try:
        last: dict[str, Any] = {"rows": _write_rows(out, sys.stdin.buffer.read(), limits)}
    except FileRefused as refused:
        last = {"refused": refused.code, "place": refused.place, "facts": refused.facts}
    except MemoryError:
        last = {"refused": "reader_gave_up"}
    except BaseException:  # a panic of the reader is no Exception
        last = {"refused": "damaged"}
    out.write(b"\n" + json.dumps(last).encode() + b"\n")
    out.flush()


def _write_rows(out: BinaryIO, data: bytes, limits: Limits) -> int:
    """Write every row that is not blank; one long text shared by all cells may not fill the pipe."""
    left, count = limits.max_unpacked, 0
    for line in _lines(data, limits):
        left -= len(line)
        if left < 0:
            raise FileRefused("bomb")
        out.write(line)
        count += 1
    return count


def _lines(data: bytes, limits: Limits) -> Iterator[bytes]:
    parts = unpack(data, limits)
    check_extent(parts, limits)
    sheet = _only_sheet(parts)
    height = sheet.end[0] + 1  # total_height of 0.9 is one too small
    if height > limits.max_rows + 1:
        raise FileRefused("too_many_rows", place=str(height), limit=limits.max_rows)
    faulty: dict[int, list[Special]] = {}
    for (row, column), code in faults(parts, sheet.name).items():
        faulty.setdefault(row, []).append((column, "fault", code))
    parts.clear()
    index = -1
    for index, cells in enumerate(sheet.to_python(skip_empty_area=False)):
        specials = faulty.pop(index, [])
        if specials or any(not isinstance(cell, str) or cell.strip() for cell in cells):
            yield _line(index, cells, specials)
    # Rows that hold nothing but faults after the last value: the reader took them for empty.
    for row in sorted(faulty):
        if index < row <= limits.max_rows:
            yield _line(row, [], faulty[row])


def _line(index: int, cells: list[Any], specials: list[Special]) -> bytes:
    for column, cell in enumerate(cells):
        if not isinstance(cell, _PLAIN):
            specials.append((column, *_special(cell)))
            cells[column] = ""
    return _encode([index + 1, cells, specials]).encode("utf-8", "replace") + b"\n"


def _special(cell: Any) -> tuple[str, str]:
    if isinstance(cell, dt.timedelta):
        return "timedelta", str(cell.total_seconds())
    return type(cell).__name__, cell.isoformat()


def _only_sheet(parts: dict[str, bytes]) -> Any:
    """The visible worksheet with data, the notes of our template aside; refused where there are several, so
    that none is silently left out."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(repack(parts))
    visible = [
        workbook.get_sheet_by_name(sheet.name)
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if not visible:
        raise FileRefused("no_sheet")
    filled = [sheet for sheet in visible if sheet.end is not None and sheet.name != NOTES_SHEET]
    if len(filled) > 1:
        raise FileRefused("several_sheets", place="、".join(sheet.name[:31] for sheet in filled[:5]))
    if not filled:
        raise FileRefused("empty")
    return filled[0]
