"""The evidence watermark: a number that grows with every change that could change a verdict.

Who judges outside a transaction reads it before and compares it inside (design.md, habit 2).
"""

from __future__ import annotations

from sqlalchemy import select

from resume.db import joined, reading
from resume.evidence.models import Watermark

_ROW = 1


def watermark() -> int:
    """The number now; 0 before the first change. Inside a door it cannot change any more."""
    return reading().scalar(select(Watermark.value).where(Watermark.id == _ROW)) or 0


def bump() -> int:
    """A step: the next number, in the door's own transaction."""
    row = joined().get(Watermark, _ROW, populate_existing=True)
    if row is None:
        row = Watermark(id=_ROW, value=0)
        joined().add(row)
    row.value += 1
    joined().flush()
    return row.value
