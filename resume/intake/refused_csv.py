"""The refused lines as a CSV that a spreadsheet opens without running anything in it. Pure."""

from __future__ import annotations

import csv
import io

from resume.intake.queries import Receipt

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
HEADERS = ("行", "列", "内容", "原因", "reason")


def refused_csv(receipt: Receipt) -> bytes:
    """UTF-8 with BOM, one line for each refused line of the feed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    for line in receipt.report.refused:
        row = (receipt.column_name(line.column), line.value, line.reason_zh, line.reason)
        writer.writerow([line.line, *map(as_text, row)])
    return text.getvalue().encode("utf-8-sig")


def as_text(value: str) -> str:
    """A cell that stays text: an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{value}" if value.startswith(_STARTS_FORMULA) else value
