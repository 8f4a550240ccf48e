"""The index of names says at any time what compounds, buildings and aliases say, and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from resume.db import reading, transaction
from resume.places.keys import compound_key, pieces
from resume.places.matching import Address, match_buildings
from resume.places.models import Building, Compound, CompoundAlias, PlaceName, PlacePiece, PlacePieceCount
from resume.places.operations import add_alias, remove_alias
from resume.places.register import take_places
from tests.places.conftest import CITY, STEWARD, Take, place


def check_index() -> None:
    """Derive everything anew, the plain way, and compare."""
    wanted = set()
    for compound, lane in reading().execute(
        select(Compound, Building.lane).join(Building, Building.compound_id == Compound.id)
    ):
        wanted.add((compound_key(compound.name), compound.district_code, compound.id, "name"))
        wanted.add((compound_key(lane), compound.district_code, compound.id, "lane"))
    counting = select(CompoundAlias, Compound.district_code).join(
        Compound, Compound.id == CompoundAlias.compound_id
    )
    for alias, district_code in reading().execute(counting.where(CompoundAlias.removed_at.is_(None))):
        wanted.add((compound_key(alias.alias), district_code, alias.compound_id, "alias"))
    wanted = {row for row in wanted if row[0]}
    table = PlaceName
    stored = reading().execute(select(table.key, table.district_code, table.compound_id, table.kind))
    assert {tuple(row) for row in stored} == wanted
    held = {(piece, district, key) for key, district, _compound, _kind in wanted for piece in pieces(key)}
    having = reading().execute(select(PlacePiece.piece, PlacePiece.district_code, PlacePiece.key))
    assert {tuple(row) for row in having} == held
    counts = Counter((piece, district) for piece, district, _ in held)
    numbers = reading().execute(
        select(PlacePieceCount.piece, PlacePieceCount.district_code, PlacePieceCount.held)
    )
    assert {(piece, district): count for piece, district, count in numbers if count} == counts


def test_the_whole_city(city: dict[str, int]) -> None:
    check_index()


def test_a_lane_no_longer_used_is_found_no_longer(city: dict[str, int], take: Take) -> None:
    old = Address("310106", "陕西北路702弄", "2")
    assert match_buildings([old])[0].building_id == city["N2"]
    take(place("N2", "长宁里", "陕西北路700弄", "2号"))
    assert match_buildings([old])[0].building_id is None
    assert match_buildings([Address("310106", "陕西北路700弄", "2")])[0].building_id == city["N2"]
    check_index()


def test_a_building_with_another_number_is_found_by_it(city: dict[str, int], take: Take) -> None:
    take(place("S7", "陕北大楼", "陕西北路663弄", "17号"))
    assert match_buildings([Address("310106", "陕北大楼", "7")])[0].building_id is None
    assert match_buildings([Address("310106", "陕北大楼", "17")])[0].building_id == city["S7"]


def test_a_compound_with_another_name_is_not_found_by_the_old_one(city: dict[str, int], take: Take) -> None:
    take(place("V1", "钱家新村", "", "117号", district="310114", street="安亭镇"),
         place("V2", "钱家新村", "", "118号", district="310114", street="安亭镇"))  # fmt: skip
    found = match_buildings([Address("310114", "黄渡钱家村", "117")])[0]
    assert found.building_id is None
    assert found.nearest[0].building_id == city["V1"]
    check_index()


def test_an_alias_is_found_until_it_is_removed(city: dict[str, int], at: datetime, take: Take) -> None:
    compound_id = reading().scalars(select(Building.compound_id).where(Building.place_code == "S6")).one()
    wanted = Address("310106", "老大楼（小区）", "６号")
    assert match_buildings([wanted])[0].building_id is None
    alias = add_alias(compound_id, "老大楼", reference="居委会来函", by=STEWARD, at=at)
    assert match_buildings([wanted])[0].building_id == city["S6"]
    take(place("S8", "陕北大楼", "陕西北路663弄", "8号楼"))
    assert match_buildings([wanted])[0].building_id == city["S6"]
    check_index()
    remove_alias(alias.id, by=STEWARD, at=at)
    assert match_buildings([wanted])[0].building_id is None
    check_index()


def test_an_alias_that_two_compounds_have_tells_them_apart_by_number_alone(
    city: dict[str, int], at: datetime
) -> None:
    ids = {
        row.name: row.id
        for row in reading().scalars(select(Compound).where(Compound.district_code == "310106"))
    }
    for name in ("陕北大楼", "长宁里"):
        add_alias(ids[name], "老房子", reference="居委会来函", by=STEWARD, at=at)
    assert match_buildings([Address("310106", "老房子", "6")])[0].building_id == city["S6"]
    assert match_buildings([Address("310106", "老房子", "1")])[0].building_id == city["N1"]


STATES = st.builds(
    place,
    st.sampled_from(["A", "B", "C", "D"]),
    st.sampled_from(["锦绣苑", "锦绣园", "东苑小区"]),
    st.sampled_from(["", "锦绣路1弄", "东路2弄", "锦绣苑"]),
    st.sampled_from(["1号", "2号"]),
    district=st.sampled_from(["310106", "310114"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(STATES, max_size=5), max_size=4))
def test_in_step_whatever_comes_in(app: Flask, at: datetime, feeds: list[list[object]]) -> None:
    for feed in feeds:
        with transaction():
            take_places(feed, at=at)  # type: ignore[arg-type]
    check_index()


@pytest.mark.parametrize("count", [3, 2_000])
def test_statements_do_not_grow_with_the_places(
    take: Take, statements: list[str], count: int, at: datetime
) -> None:
    take(*CITY)
    before = [place(f"P{n}", f"小区{n % 70}", f"路{n % 90}弄", f"{n}号") for n in range(count)]
    after = [place(f"P{n}", f"小区{n % 60}", f"街{n % 90}弄", f"{n}号") for n in range(count)]
    for places in (before, after):
        statements.clear()
        with transaction():
            take_places(places, at=at)
        assert len([one for one in statements if not one.startswith(("BEGIN", "SELECT pg_advisory"))]) <= 18
    check_index()
