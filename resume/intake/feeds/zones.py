"""The feed `zones`: levels of places as the district declares them."""

from __future__ import annotations

from typing import Any

from resume.evidence import shapes
from resume.intake.cells import Cells, Context, spelled
from resume.intake.feeds.feed import PLACE_CODE, REASON, UNTIL, Feed
from resume.tables.headers import Column

_LEVEL = spelled(
    ("sealed", "controlled", "precaution"),
    sealed=("封控", "封控区"),
    controlled=("管控", "管控区"),
    precaution=("防范", "防范区"),
)
_KIND = spelled(
    ("declared", "uplift", "raised"),
    declared=("公布",),
    uplift=("提级", "提级管理"),
    raised=("阳性升级", "升级"),
)


def _parse(cells: Cells, context: Context) -> dict[str, Any]:
    since = cells.moment("since")
    until = cells.moment_or_none("until")
    cells.not_before("until", until, since, "since")
    return {
        "building_id": cells.building(context),
        "level": cells.choice("level", _LEVEL),
        "kind": cells.choice("kind", _KIND),
        "since": since,
        "until": until,
        "reason": cells.text("reason", 200),
    }


ZONES = Feed(
    "zones",
    "三区划分",
    "Zones",
    (
        PLACE_CODE,
        Column("level", "等级"),
        Column("kind", "方式"),
        Column("since", "起始时间"),
        UNTIL,
        REASON,
    ),
    _parse,
    shapes.ZONES,
)
