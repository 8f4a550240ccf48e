"""CSV: encodings, delimiters, quoting, limits."""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.tables.model import FEED_LIMITS, LIST_LIMITS, Row
from resume.tables.reading import read_table
from resume.tables.refused import FileRefused
from tests.tables.standard_characters import STANDARD_CHARACTERS

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")
DELIMITERS = (",", ";", "\t", "|")
QUOTING = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)
ENDS = ("\r\n", "\n")


def written(rows: Sequence[Sequence[str]], delimiter: str = ",", quoting: int = 0, end: str = "\r\n") -> str:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    return target.getvalue()


def read(data: bytes, name: str = "list.csv") -> tuple[list[str], list[Row]]:
    table = read_table(data, name)
    return table.headers, list(table.rows)


def refused(data: bytes, name: str = "list.csv") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(data, name)
    assert "{" not in caught.value.zh + caught.value.en
    return caught.value


@pytest.mark.parametrize(
    ("encoding", "delimiter", "quoting", "end"), list(product(ENCODINGS, DELIMITERS, QUOTING, ENDS))
)
def test_all_standard_characters_in_every_form(encoding: str, delimiter: str, quoting: int, end: str) -> None:
    names = [character + "·" + character for character in STANDARD_CHARACTERS]
    rows = [["姓名", "备注"], *([name, f'a{delimiter}"b"'] for name in names)]
    headers, found = read(written(rows, delimiter, quoting, end).encode(encoding))
    assert headers == rows[0]
    assert [row.cells for row in found] == rows[1:]
    assert found[-1].number == len(STANDARD_CHARACTERS) + 1


@pytest.mark.parametrize(
    ("encoding", "shown"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030")]
)
def test_the_encoding_is_shown(encoding: str, shown: str) -> None:
    assert read_table("姓名\n王明\n".encode(encoding), "a.csv").encoding == shown


def test_gb18030_of_today_instead_of_private_use() -> None:
    """FE59 is U+9FB4 since 2005; Python's codec still says U+E81E."""
    data = "姓名\n".encode("gb18030") + bytes.fromhex("FE59 FE51 A6D9 A8BC") + b"\n"
    assert read(data)[1][0].cells == ["\u9fb4\U00020087\ufe10\u1e3f"]


def test_other_private_use_stays_to_be_refused_with_its_cell() -> None:
    data = "姓名\n".encode("gb18030") + bytes.fromhex("AAA1") + b"\n"
    assert read(data)[1][0].cells == ["\ue000"]


def test_rows_and_lines() -> None:
    headers, rows = read(b'a,b\n\n1,"x\ny"\n , \n2,z\n3\n4,5,6')
    assert headers == ["a", "b"]
    assert rows == [
        Row(3, 3, ["1", "x\ny"]),
        Row(5, 6, ["2", "z"]),
        Row(6, 7, ["3"]),
        Row(7, 8, ["4", "5", "6"]),
    ]


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"", "empty", ""),
        (b"\xef\xbb\xbf", "empty", ""),
        (b",,\n1,2,3", "empty", ""),
        (codecs.BOM_UTF16_LE + "a,b".encode("utf-16-le"), "utf16", ""),
        (b"a,b\n1,\x00\n", "nul", "2"),
        (b"a,b\n1,2\n3,\xff\xff\n", "encoding", "3"),
        ("姓名\n王明\n".encode("utf-8-sig") + b"\xff\n", "encoding", "3"),
        ("姓名\n王小明李小红赵小兰\n".encode()[:-2], "encoding", "2"),
        (b'a,b\n1,"2\n3,4\n', "quoting", "2"),
        (b'a,b\n1,2\n3,"x"y\n', "quoting", "3"),
        (b"a\n" + b"x" * 200_000, "quoting", "2"),
        (b"a" + b",a" * 64, "too_many_columns", "BM1"),
        (b"a,b\n1,2\n" + b"3" + b",3" * 64, "too_many_columns", "BM3"),
        (b"%PDF-1.7\n", "not_a_table", ""),
        (b"<!DOCTYPE html><table>", "not_a_table", ""),
        (b"\x89PNG\r\n\x1a\n", "not_a_table", ""),
    ],
)
def test_refused(data: bytes, code: str, place: str) -> None:
    answer = refused(data)
    assert (answer.code, answer.place) == (code, place)


def test_row_limit_and_nothing_handed_out_before_it() -> None:
    with pytest.raises(FileRefused) as caught:
        read_table(b"a\n" + b"1\n" * 11, "a.csv", replace(LIST_LIMITS, max_rows=10))
    assert (caught.value.code, caught.value.place) == ("too_many_rows", "12")


def test_a_path_is_read_as_it_is_walked(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("编号,结果\n" + "".join(f"{n},negative\n" for n in range(20_000)), encoding="gb18030")
    table = read_table(path, "feed.csv", FEED_LIMITS)
    assert sum(1 for _ in table.rows) == 20_000


def test_a_character_cut_by_the_chunk_is_whole() -> None:
    data = b"a,b\n" + b"x" * 60 + b"\n"
    data += ("," * 1 + "名" * 30 + "\n").encode() * (2**20 // 92 + 5)
    assert all(row.cells[1] == "名" * 30 for row in read(data)[1][1:])


@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    try:
        headers, _ = read(data)
    except FileRefused:
        return
    assert any(header.strip() for header in headers)
