"""Worker lists: every column of formats.md, every bad cell, no good row lost."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.people.documents import DocumentType, check_character
from resume.roster.columns import WORKER_LIST
from resume.roster.sheet import CellError, SheetRead, read_worker_list
from resume.tables.model import Cell, CellFault, Row, Table
from resume.tables.reading import read_table
from resume.tables.refused import FileRefused
from tests.tables.standard_characters import STANDARD_CHARACTERS
from tests.tables.test_delimited import written as csv_written
from tests.tables.xlsx import written as xlsx_written

TODAY = dt.date(2022, 4, 22)
SITES = {"一号厂区": 1, "二号厂区": 2}


def resident(sequence: int = 1, born: str = "19900101") -> str:
    body = f"319999{born}{sequence:03d}"
    return body + check_character(body)


GOOD: dict[str, Cell] = {
    "姓名": "王小明",
    "证件类型": "居民身份证",
    "证件号码": resident(),
    "手机号码": "13812345678",
    "现住区": "浦东新区",
    "现住街镇": "花木街道",
    "小区": "花木新村",
    "楼号": "12",
    "单元": "",
    "室号": "301",
    "岗位": "操作工",
    "关键岗位": "是",
    "班组": "甲班",
    "工作厂区": "一号厂区",
    "接送车牌": "沪A12345",
    "计划到岗日期": "2022-04-25",
    "备注": "",
}


def read(*rows: Mapping[str, Any], sites: Mapping[str, int] | None = SITES) -> SheetRead:
    """Rows given as what differs from a good one, each with a document of its own."""
    full = [GOOD | {"证件号码": resident(number)} | row for number, row in enumerate(rows, 1)]
    lines = iter([Row(number, number, list(row.values())) for number, row in enumerate(full, 2)])
    return read_worker_list(Table("xlsx", list(GOOD), lines), sites=sites, today=TODAY)


def errors(result: SheetRead) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in result.errors]


def test_the_columns_are_those_of_the_format() -> None:
    assert [column.zh for column in WORKER_LIST] == list(GOOD)
    assert [column.name for column in WORKER_LIST if not column.required] == [
        "unit",
        "room",
        "shift",
        "plate",
        "remarks",
    ]


def test_a_good_row() -> None:
    result = read({})
    assert result.errors == []
    (worker,) = result.rows
    assert worker.row == 2
    assert worker.name == "王小明"
    assert worker.document.type is DocumentType.RESIDENT_ID
    assert worker.document.identity == resident()
    assert (worker.district, worker.street, worker.compound) == ("310115", "花木街道", "花木新村")
    assert (worker.building, worker.unit, worker.room) == ("12", "", "301")
    assert (worker.post, worker.key_post, worker.shift) == ("操作工", True, "甲班")
    assert (worker.site, worker.plate, worker.remarks) == ("一号厂区", "沪A12345", "")
    assert worker.arrive_on == dt.date(2022, 4, 25)


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("姓名", "阿卜杜拉•买买提", "name", "阿卜杜拉·买买提"),
        ("手机号码", 13812345678.0, "phone", "13812345678"),
        ("手机号码", "+86 138 1234 5678", "phone", "13812345678"),
        ("现住区", "310151", "district", "310151"),
        ("现住区", 310151.0, "district", "310151"),
        ("现住区", "崇明", "district", "310151"),
        ("现住区", "上海市崇明区", "district", "310151"),
        ("楼号", 12.0, "building", "12"),
        ("室号", 1.5, "room", "1.5"),
        ("关键岗位", True, "key_post", True),
        ("关键岗位", "false", "key_post", False),
        ("关键岗位", "True", "key_post", True),
        ("关键岗位", 0.0, "key_post", False),
        ("关键岗位", "1", "key_post", True),
        ("关键岗位", "否", "key_post", False),
        ("工作厂区", " 二号厂区 ", "site", "二号厂区"),
        ("计划到岗日期", dt.date(2022, 4, 25), "arrive_on", dt.date(2022, 4, 25)),
        ("计划到岗日期", dt.datetime.fromisoformat("2022-04-25T08:00"), "arrive_on", dt.date(2022, 4, 25)),
        ("计划到岗日期", 44676.0, "arrive_on", dt.date(2022, 4, 25)),
        ("计划到岗日期", "44676", "arrive_on", dt.date(2022, 4, 25)),
        ("计划到岗日期", 20220425.0, "arrive_on", dt.date(2022, 4, 25)),
        ("计划到岗日期", "2022年4月25日", "arrive_on", dt.date(2022, 4, 25)),
        ("计划到岗日期", "２０２２年４月２５日", "arrive_on", dt.date(2022, 4, 25)),
        ("计划到岗日期", "2022/4/25", "arrive_on", dt.date(2022, 4, 25)),
        ("计划到岗日期", "2022-04-25 00:00:00", "arrive_on", dt.date(2022, 4, 25)),
        ("备注", "两\n行", "remarks", "两 行"),
    ],
)
def test_what_cells_become(column: str, cell: Cell, field: str, value: object) -> None:
    result = read({column: cell})
    assert result.errors == []
    assert getattr(result.rows[0], field) == value


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        *((column.zh, "", "empty") for column in WORKER_LIST if column.required),
        *((column.zh, CellFault("#N/A"), "formula_error") for column in WORKER_LIST),
        *((column.zh, "#REF!", "formula_error") for column in WORKER_LIST),
        ("姓名", "王", "length"),
        ("姓名", "王\U0002ebf0", "unprintable"),
        ("姓名", "王\ue81e", "characters"),
        ("证件类型", "驾驶证", "document_type"),
        ("证件号码", resident()[:-1] + "?", "format"),
        ("证件号码", "310115850229001", "obsolete_15"),
        ("证件号码", "31011519850229001X", "birth_date"),
        ("证件号码", resident(1, "20220423"), "birth_in_future"),
        ("证件号码", 3.19999199001010e17, "digits_destroyed"),
        ("证件号码", "3.19999E+17", "digits_destroyed"),
        ("手机号码", "021-1234567", "format"),
        ("手机号码", 1.5, "format"),
        ("现住区", "南汇区", "district"),
        ("楼号", dt.date(2022, 3, 2), "became_date"),
        ("小区", "里" * 61, "too_long"),
        ("备注", "a\x00b", "characters"),
        ("关键岗位", "也许", "boolean"),
        ("关键岗位", 2.0, "boolean"),
        ("工作厂区", "三号厂区", "site"),
        ("计划到岗日期", "2022-02-29", "date"),
        ("计划到岗日期", "25/4/2022", "date"),
        ("计划到岗日期", "1922-04-25", "date"),
        ("计划到岗日期", True, "date"),
        ("计划到岗日期", 1.0, "date"),
    ],
)
def test_bad_cells_and_the_good_rows_around_them(column: str, cell: Cell, code: str) -> None:
    result = read({}, {column: cell}, {})
    assert errors(result) == [(3, column, code)]
    assert [worker.row for worker in result.rows] == [2, 4]
    assert all(result.errors[0].text.values())


def test_without_sites_any_site_is_taken() -> None:
    assert read({"工作厂区": "三号厂区"}, sites=None).rows[0].site == "三号厂区"


def test_all_problems_of_a_row_in_the_order_of_the_columns() -> None:
    result = read({"备注": "x" * 501, "姓名": "", "证件类型": "", "证件号码": "", "计划到岗日期": "?"})
    assert errors(result) == [
        (2, "姓名", "empty"),
        (2, "证件类型", "empty"),
        (2, "证件号码", "empty"),
        (2, "计划到岗日期", "date"),
        (2, "备注", "too_long"),
    ]


def test_destroyed_digits_name_the_cell() -> None:
    result = read({}, {"证件号码": 3.19999199001010e17})
    assert "C3" in result.errors[0].text["zh"]
    assert "文本" in result.errors[0].text["zh"]
    assert "C3" in result.errors[0].text["en"]


def test_unprintable_names_the_code_point() -> None:
    assert "U+2EBF0" in read({"姓名": "王\U0002ebf0"}).errors[0].text["zh"]


def test_values_are_masked_where_personal() -> None:
    number = resident()[:-1] + ("1" if resident()[-1] != "1" else "2")
    result = read({"证件号码": number, "手机号码": "99912345678", "关键岗位": "也许"})
    values = {error.column: error.value for error in result.errors}
    assert values == {
        "证件号码": number[:3] + "*" * 11 + number[-4:],
        "手机号码": "999****5678",
        "关键岗位": "也许",
    }
    assert not any(number in str(error.as_json()) for error in result.errors)


def test_as_printed() -> None:
    error = CellError(5, "证件号码", "check_digit", {"zh": "…", "en": "…"}, "310***********0013")
    assert error.as_json() == {
        "column": "证件号码",
        "code": "check_digit",
        "text": {"zh": "…", "en": "…"},
    }


def test_the_same_document_twice() -> None:
    result = read({}, {"证件号码": resident(1).lower()})
    assert errors(result) == [(3, "证件号码", "duplicate")]
    assert "第 2 行" in result.errors[0].text["zh"]
    renewed = read(
        {"证件类型": "港澳居民来往内地通行证", "证件号码": "H1234567801"},
        {"证件类型": "港澳居民来往内地通行证", "证件号码": "H1234567802"},
    )
    assert errors(renewed) == [(3, "证件号码", "duplicate")]


def test_a_bad_row_does_not_take_a_good_one_of_the_same_person() -> None:
    result = read({"手机号码": ""}, {"证件号码": resident(1)})
    assert errors(result) == [(2, "手机号码", "empty")]
    assert [worker.row for worker in result.rows] == [3]


def test_a_shared_phone_is_no_error() -> None:
    assert len(read({}, {}).rows) == 2


def test_one_and_true_are_not_confused() -> None:
    result = read({"楼号": 1.0}, {"楼号": True}, {"楼号": "1"})
    assert [worker.building for worker in result.rows] == ["1", "True", "1"]


def test_cells_beyond_the_header() -> None:
    rows = iter([Row(2, 2, [*GOOD.values(), "", "moved"]), Row(3, 3, [*GOOD.values(), "", " "])])
    result = read_worker_list(Table("csv", list(GOOD), rows), sites=SITES, today=TODAY)
    assert [(error.row, error.code) for error in result.errors] == [(2, "too_many_cells")]
    assert [worker.row for worker in result.rows] == [3]


def test_optional_columns_may_be_absent_and_unknown_ones_are_reported() -> None:
    optional = {"单元", "室号", "班组", "接送车牌", "备注"}
    good = {name: cell for name, cell in GOOD.items() if name not in optional} | {"年龄": "32"}
    table = Table("csv", list(good), iter([Row(2, 2, list(good.values())[:-1])]))
    result = read_worker_list(table, sites=SITES, today=TODAY)
    assert result.unknown_columns == ("年龄",)
    assert (result.rows[0].unit, result.rows[0].remarks) == ("", "")


def test_a_missing_required_column_refuses_the_file() -> None:
    with pytest.raises(FileRefused) as caught:
        read_worker_list(Table("csv", ["姓名"], iter([])), sites=None, today=None)
    assert caught.value.code == "missing_columns"


@pytest.mark.parametrize("form", ["xlsx", "utf-8", "gb18030"])
def test_every_standard_character_as_a_name(form: str) -> None:
    rows = [list(GOOD)]
    for number, character in enumerate(STANDARD_CHARACTERS):
        document = resident(number % 1000, f"{1960 + number // 1000}0101")
        changed = GOOD | {"姓名": "王" + character, "证件号码": document}
        rows.append([str(cell) for cell in changed.values()])
    data = xlsx_written(rows) if form == "xlsx" else csv_written(rows).encode(form)
    table = read_table(data, "a.xlsx" if form == "xlsx" else "a.csv")
    result = read_worker_list(table, sites=SITES, today=TODAY)
    assert result.errors == []
    assert [worker.name for worker in result.rows] == ["王" + character for character in STANDARD_CHARACTERS]


_CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.text(max_size=20),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.just(CellFault("#VALUE!")),
)


@given(st.sampled_from(list(GOOD)), _CELLS)
def test_any_cell_ends_as_a_row_or_as_an_error(column: str, cell: Cell) -> None:
    result = read({}, {column: cell}, {})
    read_rows = {worker.row for worker in result.rows}
    bad_rows = {error.row for error in result.errors}
    assert read_rows | bad_rows == {2, 3, 4}
    assert not read_rows & bad_rows
