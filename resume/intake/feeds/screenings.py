"""The feed `screenings`: rounds in which a whole building was sampled."""

from __future__ import annotations

from typing import Any

from resume.evidence import shapes
from resume.intake.cells import Cells, Context
from resume.intake.feeds.feed import PLACE_CODE, Feed
from resume.tables.headers import Column


def _parse(cells: Cells, context: Context) -> dict[str, Any]:
    return {
        "building_id": cells.building(context),
        "screened_on": cells.day("screened_on"),
        "complete": cells.flag("complete"),
    }


SCREENINGS = Feed(
    "screenings",
    "楼栋筛查",
    "Screenings",
    (PLACE_CODE, Column("screened_on", "筛查日期"), Column("complete", "是否应检尽检")),
    _parse,
    shapes.SCREENINGS,
)
