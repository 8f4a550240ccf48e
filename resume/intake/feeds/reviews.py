"""The feed `reviews`: results under review (待复核)."""

from __future__ import annotations

from typing import Any

from resume.evidence import shapes
from resume.intake.cells import Cells, Context, spelled
from resume.intake.feeds.feed import DOCUMENT_NUMBER, PLACE_CODE, Feed
from resume.tables.headers import Column

_ORIGIN = spelled(("antigen", "mixed_tube"), antigen=("抗原", "抗原阳性"), mixed_tube=("混管", "混管阳性"))
_OUTCOME = spelled(("cleared", "confirmed"), cleared=("排除", "已排除", "解除"), confirmed=("确认", "阳性"))


def _parse(cells: Cells, context: Context) -> dict[str, Any]:
    opened_at = cells.past("opened_at", cells.moment("opened_at"), context)
    cleared_at = cells.moment_or_none("cleared_at")
    cells.not_before("cleared_at", cleared_at, opened_at, "opened_at")
    outcome = cells.choice_or_none("outcome", _OUTCOME)
    if outcome == "cleared" and cleared_at is None:
        raise cells.bad("cleared_at", "required where the outcome is cleared", "结论为排除时必须填写解除时间")
    return {
        "review_id": cells.name("review_id"),
        "building_id": cells.building(context),
        "number_key": cells.bare_number(),
        "origin": cells.choice("origin", _ORIGIN),
        "opened_at": opened_at,
        "cleared_at": cleared_at,
        "outcome": outcome,
    }


REVIEWS = Feed(
    "reviews",
    "待复核",
    "Reviews",
    (
        Column("review_id", "复核编号"),
        PLACE_CODE,
        DOCUMENT_NUMBER,
        Column("origin", "起因"),
        Column("opened_at", "开始时间"),
        Column("cleared_at", "解除时间", required=False),
        Column("outcome", "结论", required=False),
    ),
    _parse,
    shapes.REVIEWS,
)
