"""XLSX: what cells become, which sheet is read, what a file may cost."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from resume.tables.model import LIST_LIMITS, CellFault, Row, Table
from resume.tables.reading import read_table
from resume.tables.refused import FileRefused
from tests.tables.standard_characters import STANDARD_CHARACTERS
from tests.tables.xlsx import HEADER, crafted, sheet_xml, written

MORNING = dt.datetime.fromisoformat("2022-04-25T08:30:00")  # a sheet knows no zones


def read(data: bytes, name: str = "list.xlsx") -> tuple[list[str], list[Row]]:
    table: Table = read_table(data, name)
    return table.headers, list(table.rows)


def refused(data: bytes, name: str = "list.xlsx") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(data, name)
    assert caught.value.zh
    assert caught.value.en
    assert "{" not in caught.value.zh + caught.value.en
    return caught.value


def test_kinds_of_cells_and_rows_as_excel_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "b", "c", "d", "e", "f"])
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(2, 0, ["王\n明", 12, True])
        sheet.write_datetime(2, 3, dt.date(2022, 4, 25), day)
        sheet.write_datetime(2, 4, MORNING, moment)
        sheet.write_string(4, 5, "  ")
        sheet.write_string(6, 1, "last")
        sheet.write_blank(900_000, 900, None, day)
    table = read_table(path, "a.xlsx")
    assert (table.kind, table.headers) == ("xlsx", ["姓名", "b", "c", "d", "e", "f"])
    rows = list(table.rows)
    assert [row.number for row in rows] == [3, 7]
    moments = [dt.date(2022, 4, 25), MORNING]
    assert rows[0].cells == ["王\n明", 12.0, True, *moments, ""]
    assert rows[1].cells[:2] == ["", "last"]


def test_formulas_give_their_values_and_errors_are_not_empty() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "c", "d"])
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write_formula(1, 1, '="王"&"明"', None, "王明")
        sheet.write_formula(1, 2, "=1+1", None, 2)
        sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
    _, rows = read(target.getvalue())
    assert rows[0].cells == [CellFault("#N/A"), "王明", 2.0, ""]
    assert rows[1].number == 4
    assert rows[1].cells[3] == CellFault("#DIV/0!")


def test_a_formula_never_calculated_is_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b"])
    sheet.append(["x", "=1+1"])
    target = io.BytesIO()
    book.save(target)
    assert read(target.getvalue())[1] == [Row(2, 2, ["x", CellFault("uncalculated")])]


def test_an_error_in_a_hidden_sheet_is_not_ours() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        hidden = workbook.add_worksheet("选项")
        hidden.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet = workbook.add_worksheet("名单")
        sheet.write_row(0, 0, ["a"])
        sheet.write_row(1, 0, ["x"])
        sheet.activate()
        sheet.set_first_sheet()
        hidden.hide()
    assert read(target.getvalue()) == (["a"], [Row(2, 2, ["x"])])


def test_two_sheets_with_data_are_refused_and_empty_ones_ignored() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        workbook.add_worksheet("空")
        workbook.add_worksheet("甲").write_row(0, 0, ["a"])
    assert read(target.getvalue()) == (["a"], [])
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        workbook.add_worksheet("甲").write_row(0, 0, ["a"])
        workbook.add_worksheet("乙").write_row(0, 0, ["a"])
    answer = refused(target.getvalue())
    assert (answer.code, answer.place) == ("several_sheets", "甲、乙")


def test_a_lying_dimension_is_not_believed() -> None:
    data = crafted(sheet_xml(HEADER, dimension="A1:XFD1048576"))
    assert read(data) == (["姓名", "数"], [])


def test_macros_and_embedded_files_are_left_behind() -> None:
    data = crafted(
        sheet_xml(HEADER), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0", "xl/embeddings/a.bin": b"MZ"}
    )
    assert read(data, "list.xlsm") == (["姓名", "数"], [])


@pytest.mark.parametrize("name", ["list.csv", "../../etc/list.CSV", "a\r\nb.txt"])
def test_a_workbook_named_csv_is_refused_without_echoing_folders(name: str) -> None:
    answer = refused(written([["a"]]), name)
    assert answer.code == "renamed"
    assert "/" not in answer.zh.replace("ZIP/XLSX", "")
    assert "\n" not in answer.zh


def test_row_limit_names_the_row() -> None:
    data = written([["a"]] * 12)
    with pytest.raises(FileRefused) as caught:
        read_table(data, "a.xlsx", replace(LIST_LIMITS, max_rows=10))
    assert (caught.value.code, caught.value.place) == ("too_many_rows", "12")


def test_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(20 * 2**20 + 1)
    with pytest.raises(FileRefused) as caught:
        read_table(path, "a.xlsx")
    assert caught.value.code == "too_large"


def test_wall_time_ends_the_reader() -> None:
    with pytest.raises(FileRefused) as caught:
        read_table(written([["a"]]), "a.xlsx", replace(LIST_LIMITS, wall_seconds=0.001))
    assert caught.value.code == "reader_gave_up"


def test_memory_ends_the_reader() -> None:
    rows = [["名" * 30 + str(row * 20 + column) for column in range(20)] for row in range(2_000)]
    with pytest.raises(FileRefused) as caught:
        read_table(written(rows), "a.xlsx", replace(LIST_LIMITS, memory=40 * 2**20))
    assert caught.value.code in {"reader_gave_up", "damaged"}


def test_all_standard_characters_come_back() -> None:
    names = [["姓名"], *([character * 2] for character in STANDARD_CHARACTERS)]
    _, rows = read(written(names))
    assert [row.cells[0] for row in rows] == [character * 2 for character in STANDARD_CHARACTERS]
