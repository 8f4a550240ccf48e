"""Headers: English or Chinese, any order."""

import pytest

from resume.tables.headers import Column, match_headers
from resume.tables.model import column_letters
from resume.tables.refused import FileRefused

COLUMNS = (
    Column("name", "姓名"),
    Column("document_type", "证件类型"),
    Column("remarks", "备注", required=False),
)


def test_both_languages_any_order_unknown_reported() -> None:
    match = match_headers(["年龄", " Document Type ", "", "姓 名*"], COLUMNS)
    assert match.index == {"document_type": 1, "name": 3}
    assert match.unknown == ("年龄",)
    assert match.missing == ("remarks",)


def test_both_names_of_one_column_are_a_duplicate() -> None:
    with pytest.raises(FileRefused) as caught:
        match_headers(["姓名", "证件类型", "name"], COLUMNS)
    assert (caught.value.code, caught.value.place) == ("duplicate_columns", "姓名 (A, C)")


def test_missing_required_columns_are_all_named() -> None:
    with pytest.raises(FileRefused) as caught:
        match_headers(["备注"], COLUMNS)
    assert caught.value.code == "missing_columns"
    assert caught.value.place == "姓名 (name)、证件类型 (document_type)"


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16383, "XFD")])
def test_column_letters(index: int, letters: str) -> None:
    assert column_letters(index) == letters
