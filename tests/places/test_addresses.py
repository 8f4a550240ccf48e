"""Addresses in one line: what they say, every way they can be read, and that nothing gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.places.addresses import Reading, parse_address
from resume.places.districts import DISTRICTS
from resume.places.keys import plain


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("北京西路239弄27号", Reading("", "", "北京西路239弄", "27号", "", "")),
        ("黄渡钱家村117号", Reading("", "", "黄渡钱家村", "117号", "", "")),
        (
            "上海市静安区江宁路街道陕西北路663弄6号楼",
            Reading("310106", "江宁路街道", "陕西北路663弄", "6号楼", "", ""),
        ),
        ("嘉定区安亭镇黄渡钱家村117号", Reading("310114", "安亭镇", "黄渡钱家村", "117号", "", "")),
        ("嘉定区安亭镇黄渡钱家村117号", Reading("310114", "", "安亭镇黄渡钱家村", "117号", "", "")),
        ("北京西路２３９弄２７号２单元３０１室", Reading("", "", "北京西路239弄", "27号", "2单元", "301室")),
        ("锦绣苑 12 号楼 2 单元 301", Reading("", "", "锦绣苑", "12号楼", "2单元", "301")),
        ("锦绣苑12-2-301", Reading("", "", "锦绣苑", "12", "2", "301")),
        ("锦绣苑12-301", Reading("", "", "锦绣苑", "12", "", "301")),
        ("锦绣苑12-301", Reading("", "", "锦绣苑", "12-301", "", "")),
        ("锦绣苑12号2-301", Reading("", "", "锦绣苑", "12号", "2", "301")),
        ("锦绣苑（锦绣路100弄）12号", Reading("", "", "锦绣苑锦绣路100弄", "12号", "", "")),
        ("锦绣路100弄锦绣苑12号楼6楼601室", Reading("", "", "锦绣路100弄锦绣苑", "12号楼", "", "601室")),
        ("锦绣苑二十三号楼二单元", Reading("", "", "锦绣苑", "23号楼", "二单元", "")),
        ("锦绣苑A座1201", Reading("", "", "锦绣苑", "A座", "", "1201")),
        ("锦绣苑12号楼B座301", Reading("", "", "锦绣苑", "12号楼", "B座", "301")),
        ("锦绣苑第12号", Reading("", "", "锦绣苑", "12号", "", "")),
        ("锦绣苑27号甲", Reading("", "", "锦绣苑", "27号甲", "", "")),
        ("甲路10弄5支弄3号", Reading("", "", "甲路10弄5支弄", "3号", "", "")),
        ("甲路10弄5支弄3号", Reading("", "", "甲路10弄", "5支弄3号", "", "")),
        ("静安 江宁路街道 新村 5号", Reading("310106", "江宁路街道", "新村", "5号", "", "")),
        ("上海花园5号", Reading("", "", "上海花园", "5号", "", "")),
        ("浦东新区锦绣苑", Reading("310115", "", "锦绣苑", "", "", "")),
    ],
)
def test_reads_what_people_write(text: str, reading: Reading) -> None:
    assert reading in parse_address(text)


def test_a_short_district_is_no_district() -> None:
    assert {one.district_code for one in parse_address("静安新城5号")} == {""}


def test_says_nothing_of_nothing() -> None:
    assert parse_address("") == parse_address(" ，。") == ()


@given(st.text(alphabet="上海市静安区嘉定镇路街道弄号楼单元室层支甲A一二十0123456789-— （)", max_size=40))
def test_no_reading_makes_anything_up(text: str) -> None:
    """Each part is in the line, in order; what is no part is the city, a floor, an ordinal or a sign."""
    line = plain(text)
    for one in parse_address(text):
        assert one.district_code in ("", *DISTRICTS)
        assert all(plain(part) in line or part[0].isdigit() for part in one[1:] if part)
        assert len(plain(one.compound + one.number + one.unit + one.room)) <= len(line) + 2
