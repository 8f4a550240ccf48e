"""Worker lists as HR would send them: the columns of formats.md, CSV for the load, XLSX to try out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from resume.demo.firms import DemoFirm
from resume.demo.people import Person
from resume.demo.plans import first_plate
from resume.demo.words import POSTS, SHIFTS
from resume.places.districts import DISTRICTS
from resume.roster.columns import WORKER_LIST

HEADERS = [column.zh for column in WORKER_LIST]
_ARRIVE_ON = "2022-04-23"


def list_csv(firm: DemoFirm, staff: Sequence[Person] | None = None) -> bytes:
    """The firm's list (of `staff` where given) in CSV."""
    return csv_of(list_rows(firm, firm.staff if staff is None else staff))


def csv_of(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows of cells below the headers, as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    writer.writerows(rows)
    return text.getvalue().encode()


def list_rows(firm: DemoFirm, staff: Sequence[Person]) -> list[list[str]]:
    """One row of cells for each worker, in the order of the columns."""
    return [_row(firm, person, place) for place, person in enumerate(staff)]


def _row(firm: DemoFirm, person: Person, place: int) -> list[str]:
    post, is_key = POSTS[place % len(POSTS)]
    home = person.home
    return [
        person.name,
        person.document_type.zh,
        person.number,
        person.phone,
        DISTRICTS[home.district_code],
        home.street,
        home.compound if place % 3 else home.lane,
        home.number,
        person.unit,
        person.room,
        post,
        "是" if is_key else "否",
        SHIFTS[place % len(SHIFTS)],
        firm.sites[place % len(firm.sites)],
        first_plate(firm) if place % 5 else "",
        _ARRIVE_ON,
        "",
    ]


def write_workbook(path: Path, rows: Sequence[Sequence[str | float]]) -> None:
    """Write a worker list as XLSX, every text as text and every number as a number."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("花名册")
        sheet.write_row(0, 0, HEADERS, book.add_format({"bold": True}))
        sheet.set_column(0, len(HEADERS) - 1, 14)
        sheet.set_column(2, 2, 22)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)


def spoil(rows: Sequence[Sequence[str]]) -> list[list[str | float]]:
    """The list with what goes wrong in lists: some cells wrong, some merely unusual.

    The unusual ones (full-width digits, a lane for the compound) are read; the wrong ones are reported.
    """
    spoilt: list[list[str | float]] = [list(row) for row in rows]
    at = {name: place for place, name in enumerate(column.name for column in WORKER_LIST)}
    step = max(3, len(spoilt) // 18)
    number = str(spoilt[step][at["document_number"]])
    wrong: list[tuple[str, str | float]] = [
        ("document_number", float(number[:15] + "000") if number[:15].isdecimal() else number),
        ("document_number", number[:-1] + ("1" if number[-1] != "1" else "2")),
        ("document_number", "319999850101001"),
        ("phone", ""),
        ("phone", "1690000"),
        ("district", "浦东东区"),
        ("key_post", "也许"),
        ("site", "三十九厂"),
        ("arrive_on", "下周一"),
        ("name", "王"),
        ("name", "李\ue000明"),
        ("document_type", "工作证"),
        ("post", "#N/A"),
        ("building", "9999号"),  # read, but matches no building
        ("phone", "".join(chr(ord(digit) + 0xFEE0) for digit in "16900001234")),  # read
    ]
    for place, (column, value) in enumerate(wrong):
        row = step + place * (step - 1)
        if row < len(spoilt):
            spoilt[row][at[column]] = value
    spoilt.append(list(rows[1]))  # the same document twice
    return spoilt
