"""The feed `codes`: colours of the health code (随申码)."""

from __future__ import annotations

from typing import Any

from resume.evidence import shapes
from resume.intake.cells import Cells, Context, spelled
from resume.intake.feeds.feed import DOCUMENT_NUMBER, DOCUMENT_TYPE, REASON, Feed
from resume.tables.headers import Column

_COLOUR = spelled(
    ("green", "yellow", "red"),
    green=("绿", "绿码", "绿色"),
    yellow=("黄", "黄码", "黄色"),
    red=("红", "红码", "红色"),
)


def _parse(cells: Cells, context: Context) -> dict[str, Any]:
    return {
        "person_key": cells.document(context).key,
        "colour": cells.choice("colour", _COLOUR),
        "changed_at": cells.past("changed_at", cells.moment("changed_at"), context),
        "reason": cells.text("reason", 200),
    }


CODES = Feed(
    "codes",
    "随申码",
    "Health codes",
    (DOCUMENT_TYPE, DOCUMENT_NUMBER, Column("colour", "颜色"), Column("changed_at", "变更时间"), REASON),
    _parse,
    shapes.CODES,
)
