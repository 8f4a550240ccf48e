"""The feed `places`: the register of buildings."""

from __future__ import annotations

from typing import Any

from resume.intake.cells import Cells, Context
from resume.intake.feeds.feed import PLACE_CODE, Feed
from resume.places.districts import parse_district
from resume.tables.headers import Column


def _parse(cells: Cells, _context: Context) -> dict[str, Any]:
    district = parse_district(cells.typed("district_code"))
    if district is None:
        raise cells.bad("district_code", "unknown district", "不是上海的区，请填写区划代码或区名")
    return {
        "place_code": cells.name("place_code", 40),
        "district_code": district,
        "street": cells.name("street", 40),
        "committee_code": cells.name("committee_code", 12),
        "compound": cells.name("compound", 60),
        "lane": cells.text("lane", 60),  # a village or a lone house stands in no lane
        "number": cells.name("number", 20),
        "has_units": cells.flag("has_units"),
    }


PLACES = Feed(
    "places",
    "场所",
    "Places",
    (
        PLACE_CODE,
        Column("district_code", "区划代码"),
        Column("street", "街镇"),
        Column("committee_code", "居（村）委代码"),
        Column("compound", "小区"),
        Column("lane", "弄"),
        Column("number", "楼号"),
        Column("has_units", "分单元"),
    ),
    _parse,
    None,
)
