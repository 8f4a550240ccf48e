"""The feed `cases`: positive persons, each attributed to a building."""

from __future__ import annotations

from typing import Any

from resume.evidence import shapes
from resume.intake.cells import Cells, Context, spelled
from resume.intake.feeds.feed import PLACE_CODE, SUPERSEDES, Feed
from resume.intake.feeds.tests import supersedes
from resume.tables.headers import Column

_KIND = spelled(
    ("confirmed", "asymptomatic"), confirmed=("确诊", "确诊病例"), asymptomatic=("无症状", "无症状感染者")
)
_EXCLUDED = spelled(
    ("re_positive", "found_in_isolation", "corrected"),
    re_positive=("复阳",),
    found_in_isolation=("隔离点发现", "隔离管控中发现"),
    corrected=("已更正",),
)


def _parse(cells: Cells, context: Context) -> dict[str, Any]:
    case_id = cells.name("case_id")
    return {
        "case_id": case_id,
        "kind": cells.choice("kind", _KIND),
        "building_id": cells.building(context),
        "unit": cells.text("unit", 20),
        "reported_at": cells.past("reported_at", cells.moment("reported_at"), context),
        "transferred_at": cells.moment_or_none("transferred_at"),
        "disinfected_at": cells.moment_or_none("disinfected_at"),
        "excluded": cells.choice_or_none("excluded", _EXCLUDED),
        "supersedes": supersedes(cells, case_id),
    }


CASES = Feed(
    "cases",
    "阳性感染者",
    "Cases",
    (
        Column("case_id", "病例编号"),
        Column("kind", "类型"),
        PLACE_CODE,
        Column("unit", "单元", required=False),
        Column("reported_at", "报告时间"),
        Column("transferred_at", "转运时间", required=False),
        Column("disinfected_at", "终末消毒时间", required=False),
        Column("excluded", "不计入原因", required=False),
        SUPERSEDES,
    ),
    _parse,
    shapes.CASES,
)
