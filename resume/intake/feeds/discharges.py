"""The feed `discharges`: persons discharged from hospital or isolation (出院, 出舱)."""

from __future__ import annotations

from typing import Any

from resume.evidence import shapes
from resume.intake.cells import Cells, Context
from resume.intake.feeds.feed import DOCUMENT_NUMBER, DOCUMENT_TYPE, Feed
from resume.tables.headers import Column


def _parse(cells: Cells, context: Context) -> dict[str, Any]:
    return {
        "person_key": cells.document(context).key,
        "discharged_at": cells.moment("discharged_at"),
    }


DISCHARGES = Feed(
    "discharges",
    "出院与出舱",
    "Discharges",
    (DOCUMENT_TYPE, DOCUMENT_NUMBER, Column("discharged_at", "出院（出舱）时间")),
    _parse,
    shapes.DISCHARGES,
)
