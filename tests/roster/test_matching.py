"""Addresses as people write them against the register: one match or none."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from resume.places.matching import Address, Match, match_buildings
from tests.roster import city


@pytest.fixture
def ids(app: Flask, at: datetime) -> dict[str, int]:
    return city.register(
        ("A1", "锦绣苑", "锦绣路100弄", "1号"),
        ("A12", "锦绣苑", "锦绣路100弄", "12号"),
        ("A13", "锦绣苑", "锦绣路100弄", "13号"),
        ("H3", "海棠公寓", "海棠路8弄", "3"),
        ("X5", "双生苑", "东路1弄", "5号"),
        ("X5B", "双生苑", "东路1弄", "5幢"),
        at=at,
    )


def match(*address: str) -> Match:
    return match_buildings([Address(*address)])[0]


@pytest.mark.parametrize(
    ("compound", "number", "code"),
    [
        ("锦绣苑", "12号", "A12"),
        ("锦绣苑", "12", "A12"),
        ("锦绣苑", "１２号", "A12"),
        ("锦绣苑", " 12 号 ", "A12"),
        ("锦绣苑", "12号楼", "A12"),
        ("锦绣苑", "12栋", "A12"),
        ("锦绣苑", "12幢", "A12"),
        ("锦绣苑", "012", "A12"),
        ("锦绣苑小区", "1", "A1"),
        ("锦 绣 苑", "1", "A1"),
        ("锦绣路100弄", "13", "A13"),
        ("锦绣路 １００ 弄", "13楼", "A13"),
        ("锦绣路100", "13", "A13"),
        ("海棠公寓", "3号", "H3"),
        ("双生苑", "5号", "X5"),
        ("双生苑", "5幢", "X5B"),
    ],
)
def test_tolerates_how_people_write(ids: dict[str, int], compound: str, number: str, code: str) -> None:
    assert match("310115", compound, number) == Match(ids[code])


def test_two_that_fit_are_no_match_and_both_are_offered(ids: dict[str, int]) -> None:
    found = match("310115", "双生苑", "5")
    assert found.building_id is None
    assert {near.building_id for near in found.nearest} == {ids["X5"], ids["X5B"]}


def test_another_number_of_the_compound_is_offered_by_its_distance(ids: dict[str, int]) -> None:
    found = match("310115", "锦绣苑", "14")
    assert found.building_id is None
    assert [near.building_id for near in found.nearest] == [ids["A13"], ids["A12"], ids["A1"]]


def test_a_slip_in_the_name_is_offered_and_never_taken(ids: dict[str, int]) -> None:
    found = match("310115", "锦绣园苑", "12")
    assert found.building_id is None
    assert found.nearest[0].building_id == ids["A12"]


def test_a_number_is_not_cut_short(ids: dict[str, int]) -> None:
    assert match("310115", "锦绣苑", "2").building_id is None
    assert match("310115", "锦绣苑", "112").building_id is None


def test_the_district_counts(ids: dict[str, int]) -> None:
    assert match("310104", "锦绣苑", "12") == Match(None)


def test_one_of_two_lanes_that_share_a_compound(app: Flask, at: datetime) -> None:
    ids = city.register(("L1", "长苑", "甲路1弄", "7"), ("L2", "长苑", "甲路2弄", "7"), at=at)
    assert match("310115", "甲路2弄", "7") == Match(ids["L2"])
    assert match("310115", "长苑", "7").building_id is None


def test_queries_do_not_grow_with_the_list(ids: dict[str, int], statements: list[str]) -> None:
    statements.clear()
    found = match_buildings([Address("310115", f"锦绣苑{i % 7}", str(i)) for i in range(10_000)])
    assert len(found) == 10_000
    assert len(statements) == 3
