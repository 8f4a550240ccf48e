"""The template: text columns, drop-downs, notes; empty it is a list without rows, filled in it is read."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl

from resume.roster.columns import WORKER_LIST
from resume.roster.sheet import read_worker_list
from resume.roster.template_file import example_row, template_file
from resume.roster.template_notes import RULES
from resume.tables.headers import match_headers
from resume.tables.model import NOTES_SHEET
from resume.tables.reading import read_table

SITES = ["临江一厂", '临江,"二厂"', "=1+1"]
TODAY = date(2022, 4, 22)


def filled(sites: list[str], row: dict[str, str]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(template_file(sites, ["操作工"])))
    sheet = book["名单"]
    for place, column in enumerate(WORKER_LIST, 1):
        sheet.cell(2, place).value = row[column.name] or None
        sheet.cell(2, place).data_type = "s" if row[column.name] else "n"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_empty_it_is_a_list_without_rows() -> None:
    table = read_table(template_file(SITES), "x.xlsx")
    match = match_headers(table.headers, WORKER_LIST)
    assert (match.unknown, match.missing) == ((), ())
    assert list(table.rows) == []


def test_its_example_is_read_and_plainly_invented() -> None:
    row = example_row(SITES)
    assert row["document_number"].startswith("319999")
    read = read_worker_list(
        read_table(filled(SITES, row), "x.xlsx"), sites=dict.fromkeys(SITES, 1), today=TODAY
    )
    assert read.errors == []
    assert (read.rows[0].name, read.rows[0].site) == (row["name"], SITES[0])
    assert read.rows[0].arrive_on == date(2022, 4, 25)


def test_columns_are_text_and_choices_stand_on_a_hidden_sheet() -> None:
    book = openpyxl.load_workbook(BytesIO(template_file(SITES, ["焊工", "=cmd"])))
    sheet = book["名单"]
    assert sheet.freeze_panes == "B2"
    assert {dimension.number_format for dimension in sheet.column_dimensions.values()} == {"@"}
    rules = {rule.formula1.split("$")[1]: rule for rule in sheet.data_validations.dataValidation}
    assert len(rules) == 5
    hidden = book["选项"]
    assert hidden.sheet_state == "hidden"
    columns = [[cell.value for cell in column if cell.value is not None] for column in hidden.columns]
    assert SITES in columns
    assert ["焊工", "=cmd"] in columns
    assert all(cell.data_type != "f" for row in hidden.iter_rows() for cell in row)
    posts = next(
        rule for rule in rules.values() if rule.showErrorMessage is False or not rule.showErrorMessage
    )
    assert "K2" in str(posts.sqref)  # a post of one's own may be typed


def test_notes_explain_every_column_in_two_languages() -> None:
    notes = openpyxl.load_workbook(BytesIO(template_file(SITES)))[NOTES_SHEET]
    cells = {cell.value for row in notes.iter_rows() for cell in row if cell.value}
    assert set(RULES) == {column.name for column in WORKER_LIST}
    for zh, en in RULES.values():
        assert {zh, en} <= cells


def test_a_firm_without_posts_gets_a_template_too() -> None:
    assert list(read_table(template_file([]), "x.xlsx").rows) == []
