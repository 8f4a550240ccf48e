"""A small invented register in two districts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from resume.db import reading, transaction
from resume.places.models import Building
from resume.places.register import Place, take_places
from resume.roles import Actor, Role

STEWARD = Actor("steward", Role.STEWARD)

Take = Callable[..., dict[str, int]]


def place(
    code: str,
    compound: str,
    lane: str,
    number: str,
    *,
    district: str = "310106",
    street: str = "江宁路街道",
    has_units: bool = False,
) -> Place:
    return Place(code, district, street, f"{district}001001", compound, lane, number, has_units)


CITY = (
    place("S6", "陕北大楼", "陕西北路663弄", "6号楼"),
    place("S7", "陕北大楼", "陕西北路663弄", "7号楼"),
    place("N1", "长宁里", "陕西北路700弄", "1号"),
    place("N2", "长宁里", "陕西北路702弄", "2号"),
    place("R1", "人民新村", "人民路5弄", "1号"),
    place("V1", "黄渡钱家村", "", "117号", district="310114", street="安亭镇"),
    place("V2", "黄渡钱家村", "", "118号", district="310114", street="安亭镇"),
    place("X1", "新城", "", "5号", district="310114", street="安亭镇"),
    place("R2", "人民新村", "人民路5弄", "1号", district="310114", street="安亭镇"),
    place("D1", "锦绣苑", "锦绣路100弄", "27号", district="310114", street="安亭镇", has_units=True),
    place("D2", "锦绣苑", "锦绣路100弄", "271号", district="310114", street="安亭镇"),
    place("D3", "锦绣苑", "锦绣路100弄", "28-1号", district="310114", street="安亭镇"),
)


@pytest.fixture
def take(app: Flask, at: datetime) -> Take:
    """`take(place(...), ...)`: take states in; place code -> building."""

    def take_in(*places: Place) -> dict[str, int]:
        with transaction():
            take_places(places, at=at)
        return {building.place_code: building.id for building in reading().query(Building)}

    return take_in


@pytest.fixture
def city(take: Take) -> dict[str, int]:
    return take(*CITY)
