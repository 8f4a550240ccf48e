"""An address in one line finds its building or none; the nearest are offered."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from resume.db import reading
from resume.places.models import Building
from resume.places.operations import add_alias
from resume.places.search import Found, find_address
from tests.places.conftest import STEWARD, Take, place


def code(found: Found) -> str | None:
    return found.building.place_code if found.building else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上海市静安区江宁路街道陕西北路663弄6号楼", ("S6", "", "")),
        ("静安区陕西北路663弄6号", ("S6", "", "")),
        ("陕西北路６６３弄６号２单元３０１室", ("S6", "2单元", "301室")),
        ("江宁路街道陕北大楼 7-301", ("S7", "", "301")),
        ("陕西北路663弄陕北大楼7号楼", ("S7", "", "")),
        ("陕北大楼（陕西北路663弄）7号楼2-301", ("S7", "2", "301")),
        ("嘉定区安亭镇黄渡钱家村117号", ("V1", "", "")),
        ("黄渡钱家村117号", ("V1", "", "")),
        ("嘉定安亭镇黄渡钱家村117号", ("V1", "", "")),
        ("锦绣苑小区二十七号楼", ("D1", "", "")),
        ("锦绣路100弄27号2单元301室", ("D1", "2单元", "301室")),
        ("锦绣苑28－1号", ("D3", "", "")),
        ("嘉定区人民路5弄1号", ("R2", "", "")),
        ("安亭镇人民新村1号", ("R2", "", "")),
        ("长宁里陕西北路702弄2号", ("N2", "", "")),
    ],
)
def test_finds_the_building(city: dict[str, int], text: str, expected: tuple[str, str, str]) -> None:
    found = find_address(text)
    assert (code(found), found.unit, found.room) == expected
    assert found.nearest == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("人民新村1号", "R1"),  # in two districts
        ("陕西北路636弄6号", "S6"),  # digits changed places
        ("陕西北路663弄8号", "S7"),  # no such number
        ("黄度钱家村117号", "V1"),
        ("钱家村118号", "V2"),
        ("静安新城5号", "X1"),  # a name that begins like a district is no 新城 of that district
        ("嘉定新城5号", "X1"),
        ("黄渡镇黄渡钱家村117号", "V1"),  # another street than the building's
        ("静安区黄渡钱家村117号", None),  # another district
        ("陕西北路700弄长宁里2号", "N2"),  # the lane that is said is not the building's
        ("大门里陕北大楼6号", "S6"),  # something is said that the register does not know
        ("锦绣苑", "D1"),
        ("锦绣苑2号", "D1"),
        ("锦绣苑281号", "D2"),
        ("虚构宫9号", None),
        ("27号", None),
        ("", None),
    ],
)
def test_never_guesses(city: dict[str, int], text: str, first: str | None) -> None:
    found = find_address(text)
    assert found.building is None
    assert next((near.place_code for near in found.nearest), None) == first
    assert len(found.nearest) <= 3


def test_what_is_in_two_districts_is_one_of_the_given(city: dict[str, int]) -> None:
    assert {near.place_code for near in find_address("人民新村1号").nearest} == {"R1", "R2"}
    assert code(find_address("人民新村1号", district_code="310114")) == "R2"
    assert code(find_address("静安区人民新村1号", district_code="310114")) is None


def test_both_of_two_that_fit_are_offered(take: Take) -> None:
    take(place("A", "双生苑", "东路1弄", "5号"), place("B", "双生苑", "东路1弄", "5幢"))
    assert {near.place_code for near in find_address("双生苑5").nearest} == {"A", "B"}
    assert code(find_address("双生苑5幢")) == "B"


def test_an_alias_counts_as_a_name(city: dict[str, int], at: datetime) -> None:
    compound_id = reading().scalars(select(Building.compound_id).where(Building.place_code == "S6")).one()
    add_alias(compound_id, "老大楼", reference="居委会来函", by=STEWARD, at=at)
    assert code(find_address("静安区江宁路街道老大楼6号楼301室")) == "S6"
    assert code(find_address("陕西北路663弄老大楼7号")) == "S7"
    assert find_address("老太楼6号").nearest[0].place_code == "S6"


def test_a_fixed_number_of_statements(take: Take, statements: list[str]) -> None:
    take(*(place(f"P{n}", f"锦绣{n % 300}村", f"东路{n % 300}弄", f"{n // 300}号") for n in range(3_000)))
    for text, most in (("静安区锦绣12村3号", 2), ("锦秀12村3号", 6), ("锦绣村", 6), ("东路7弄99号", 6)):
        statements.clear()
        find_address(text)
        assert len([one for one in statements if one.startswith(("SELECT", "WITH"))]) <= most, text
