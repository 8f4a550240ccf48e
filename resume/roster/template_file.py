"""The empty worker list for download: every column as text, so that Excel destroys no digits.

The second sheet says the rules in two languages, with an example of an invented person; the reader leaves it
alone (`tables.model.NOTES_SHEET`).
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from resume.people.documents import DocumentType, check_character
from resume.places.districts import DISTRICTS
from resume.roster.columns import WORKER_LIST
from resume.roster.template_notes import NOTES, RULES
from resume.tables.model import NOTES_SHEET, column_letters

ROWS = 5_000  # as many are given their format and drop-downs
_CHOICES_SHEET = "选项"
_WIDTHS = {"document_type": 26, "document_number": 22, "phone": 14, "compound": 20, "remarks": 24}
_MARKS = {True: "", False: "（选填）"}
#: What may also be typed: a post that nobody has yet.
_OPEN = frozenset({"post"})


def template_file(sites: Sequence[str], posts: Sequence[str] = ()) -> bytes:
    """An XLSX with the headers; drop-downs of types, districts, booleans, the firm's plants and its posts.

    `posts` are offered, others allowed. Every text is written as text, whatever it begins with.
    """
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#EEF1F4", "bottom": 1})
        sheet.freeze_panes(1, 1)
        ranges = _write_choices(book, _choices(sites, posts))
        for place, column in enumerate(WORKER_LIST):
            sheet.set_column(place, place, _WIDTHS.get(column.name, 12), text)
            sheet.write_string(0, place, column.zh + _MARKS[column.required], head)
            if column.name in ranges:
                sheet.data_validation(1, place, ROWS, place, _validation(column.name, ranges[column.name]))
        _write_notes(book, sites)
        sheet.activate()
    return target.getvalue()


def _choices(sites: Sequence[str], posts: Sequence[str]) -> dict[str, Sequence[str]]:
    return {
        "document_type": [kind.zh for kind in DocumentType],
        "district": list(DISTRICTS.values()),
        "key_post": ["是", "否"],
        "site": sites,
        "post": posts,
    }


def _write_choices(book: xlsxwriter.Workbook, choices: dict[str, Sequence[str]]) -> dict[str, str]:
    """Each list in a column of a hidden sheet: in the cell's own rule it could hold 255 characters and no
    comma. Column's name -> where its choices stand."""
    sheet = book.add_worksheet(_CHOICES_SHEET)
    sheet.hide()
    ranges = {}
    for place, (name, listed) in enumerate(choices.items()):
        for row, choice in enumerate(listed):
            sheet.write_string(row, place, choice)
        if listed:
            letter = column_letters(place)
            ranges[name] = f"={_CHOICES_SHEET}!${letter}$1:${letter}${len(listed)}"
    return ranges


def _validation(name: str, source: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"validate": "list", "source": source}
    if name in _OPEN:
        return rule | {"show_error": False}
    return rule | {
        "error_title": "请从列表中选择",
        "error_message": "Choose one of the list. 请从列表中选择。",
    }


def _write_notes(book: xlsxwriter.Workbook, sites: Sequence[str]) -> None:
    """Rules of the list, then of each column, with an example in the last column."""
    sheet = book.add_worksheet(NOTES_SHEET)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    example = book.add_format({"num_format": "@", "italic": True, "valign": "top"})
    for place, width in enumerate((16, 18, 8, 52, 52, 24)):
        sheet.set_column(place, place, width)
    row = 0
    for zh, en in NOTES:
        sheet.write_string(row, 0, zh)
        sheet.write_string(row + 1, 0, en)
        row += 2
    for place, header in enumerate(("列", "Column", "必填", "规则", "Rule", "虚构示例 Invented example")):
        sheet.write_string(row + 1, place, header, bold)
    shown = example_row(sites)
    for number, column in enumerate(WORKER_LIST, row + 2):
        zh, en = RULES[column.name]
        sheet.write_string(number, 0, column.zh)
        sheet.write_string(number, 1, column.name)
        sheet.write_string(number, 2, "是" if column.required else "")
        sheet.write_string(number, 3, zh, wrap)
        sheet.write_string(number, 4, en, wrap)
        sheet.write_string(number, 5, shown[column.name], example)


def example_row(sites: Sequence[str]) -> dict[str, str]:
    """A row that would be read without error and is plainly invented: address code 319999."""
    body = "31999919900101001"
    return {
        "name": "示例甲",
        "document_type": DocumentType.RESIDENT_ID.zh,
        "document_number": body + check_character(body),
        "phone": "16900000001",
        "district": DISTRICTS["310115"],
        "street": "示例街道",
        "compound": "示例小区",
        "building": "8号",
        "unit": "2单元",
        "room": "301",
        "post": "操作工",
        "key_post": "否",
        "shift": "甲班",
        "site": sites[0] if sites else "一厂",
        "plate": "",
        "arrive_on": "2022-04-25",
        "remarks": "",
    }
