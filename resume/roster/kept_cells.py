"""A bad row's cells as texts that can be corrected: what was typed, never what would pass by accident."""

from __future__ import annotations

import datetime as dt

from resume.roster.cells import as_typed
from resume.tables.model import Cell, CellFault

_EXACT = 10**15
_LOST = "#VALUE!"  # what every reader refuses
_DESTROYED = "???"  # in the place of digits that are gone: no document has such a number


def kept_text(name: str, cell: Cell) -> str:
    """The text of one cell of the column `name`, to be typed again.

    Read as typed text it gives the same value or is refused as the cell was. Where the spreadsheet has made
    something else of the typing (a date of a house number, zeros of an id's last digits) the text says so:
    left as it is, it is refused again.
    """
    if isinstance(cell, CellFault):
        return cell.code if cell.code.startswith("#") else _LOST
    if name == "document_number" and isinstance(cell, float) and abs(cell) >= _EXACT:
        return str(int(abs(cell)))[:15] + _DESTROYED
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if name == "arrive_on" else _LOST
    if isinstance(cell, dt.date):
        return cell.isoformat() if name == "arrive_on" else _LOST
    if isinstance(cell, dt.time | dt.timedelta):
        return _LOST
    return as_typed(cell)
