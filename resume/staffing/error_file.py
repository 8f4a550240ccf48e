"""The bad rows of a preview as an XLSX to be mended and uploaded again: cells as typed, the bad ones marked.

Every cell is text, so that document numbers keep their digits and nothing is a formula. The columns that say
why stand behind the list's own, which the reader of lists reports and ignores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from flask_babel import gettext as _

from resume.roster.bad_rows import open_bad_row
from resume.roster.columns import BY_NAME, WORKER_LIST
from resume.roster.models import BadRow, RowError

_WIDTHS = {"document_type": 22, "document_number": 22, "phone": 14, "compound": 18}
_REASON_WIDTH = 60


def error_file(rows: Iterable[BadRow], errors: Mapping[int, Sequence[RowError]], *, language: str) -> bytes:
    """An XLSX of the rows given; `errors` by row, their reasons in `language` ("zh" or "en").

    Written row by row: 100,000 rows need no more memory than one.
    """
    with TemporaryDirectory(prefix="resume-report-") as folder:
        path = Path(folder) / "errors.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": folder}) as book:
            _write(book, rows, errors, language)
        return path.read_bytes()


def _write(
    book: xlsxwriter.Workbook, rows: Iterable[BadRow], errors: Mapping[int, Sequence[RowError]], language: str
) -> None:
    sheet = book.add_worksheet("名单")
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#EEF1F4", "bottom": 1})
    bad = book.add_format({"num_format": "@", "bg_color": "#F8D7DA", "font_color": "#8F1018"})
    why = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(WORKER_LIST):
        sheet.set_column(place, place, _WIDTHS.get(column.name, 12), text)
    sheet.set_column(len(WORKER_LIST), len(WORKER_LIST), _REASON_WIDTH, why)
    headers = [*(column.zh for column in WORKER_LIST), _("错误原因"), _("原文件行号")]
    for place, header in enumerate(headers):
        sheet.write_string(0, place, header, head)
    for number, row in enumerate(rows, 1):
        texts, found = open_bad_row(row), errors.get(row.row, ())
        wrong = {error.column for error in found}
        for place, column in enumerate(WORKER_LIST):
            value = texts.get(column.name, "")
            style = bad if column.zh in wrong else text
            # Never a formula, whatever a cell begins with; an empty bad cell is still marked.
            if value:
                sheet.write_string(number, place, value[:32_000], style)
            elif style is bad:
                sheet.write_blank(number, place, None, bad)
        reasons = "；".join(f"{_name(error.column, language)}：{error.text[language]}" for error in found)
        sheet.write_string(number, len(WORKER_LIST), reasons[:32_000], why)
        sheet.write_string(number, len(WORKER_LIST) + 1, str(row.row), text)


def _name(zh: str, language: str) -> str:
    return zh if language == "zh" else _ENGLISH.get(zh, zh)


_ENGLISH = {column.zh: name for name, column in BY_NAME.items()}
