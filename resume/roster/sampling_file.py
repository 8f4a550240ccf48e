"""Who has to be sampled by when, as an XLSX to hand on to shift leaders; every cell is text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

import xlsxwriter

from resume.clock import SHANGHAI
from resume.roster.hr_view import Line

_COLUMNS = (
    ("行", 6),
    ("姓名", 14),
    ("证件号码", 24),
    ("岗位", 14),
    ("班组", 12),
    ("住处", 26),
    ("核酸有效至", 18),
    ("最早采样时间", 18),
    ("采样期限", 18),
)


def sampling_file(lines: Iterable[Line]) -> bytes:
    """The workers in the order given: numbers masked, nothing of why anybody is or is not eligible."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("采样")
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#EEF1F4", "bottom": 1})
        sheet.freeze_panes(1, 2)
        for place, (name, width) in enumerate(_COLUMNS):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, name, head)
        for row, line in enumerate(lines, start=1):
            for place, value in enumerate(_cells(line)):
                sheet.write_string(row, place, value)  # never a formula, whatever a name begins with
    return target.getvalue()


def _cells(line: Line) -> tuple[str, ...]:
    worker, details = line.worker, line.details
    after = line.ahead.sample_after
    return (
        str(worker.row),
        details.name,
        details.masked_number,
        worker.post,
        worker.shift,
        details.short_address,
        _written(line.ahead.pcr_stale_at),
        _written(after) if after is not None and after > line.verdict.at else "",
        _written(line.deadline) or "立即",
    )


def _written(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
