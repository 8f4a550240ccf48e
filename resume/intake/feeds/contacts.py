"""The feed `contacts`: close and secondary contacts (密接, 次密接)."""

from __future__ import annotations

from typing import Any

from resume.evidence import shapes
from resume.intake.cells import Cells, Context, spelled
from resume.intake.feeds.feed import DOCUMENT_NUMBER, DOCUMENT_TYPE, UNTIL, Feed
from resume.tables.headers import Column

_KIND = spelled(("close", "secondary"), close=("密接", "密切接触者"), secondary=("次密接", "密接的密接"))


def _parse(cells: Cells, context: Context) -> dict[str, Any]:
    since = cells.moment("since")
    until = cells.moment_or_none("until")
    cells.not_before("until", until, since, "since")
    return {
        "person_key": cells.document(context).key,
        "kind": cells.choice("kind", _KIND),
        "since": since,
        "until": until,
    }


CONTACTS = Feed(
    "contacts",
    "密接与次密接",
    "Contacts",
    (DOCUMENT_TYPE, DOCUMENT_NUMBER, Column("kind", "类型"), Column("since", "起始时间"), UNTIL),
    _parse,
    shapes.CONTACTS,
)
