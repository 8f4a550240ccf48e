"""Keeping what contradicts itself in step with the scans, as a step of the door that recorded them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update

from resume.bulk import insert_rows
from resume.db import joined
from resume.gate.models import PassageConflict
from resume.roles import Actor
from resume.sets import within


def keep_conflicts(found: Mapping[UUID, Mapping[str, int]], *, by: Actor, at: datetime) -> None:
    """A step: pass -> kind of conflict -> how many scans are in it now; three statements at most.

    More scans than before open a conflict again; one that is none any more (a scan was annulled) is closed.
    """
    query = select(PassageConflict).where(within(PassageConflict.pass_id, list(found)))
    known = {
        (row.pass_id, row.kind): row
        for row in joined().scalars(query.execution_options(populate_existing=True))
    }
    rows = [
        _row(pass_id, kind, count, at)
        for pass_id, kinds in found.items()
        for kind, count in kinds.items()
        if (pass_id, kind) not in known
    ]
    insert_rows(PassageConflict, rows)
    changed = []
    for (pass_id, kind), row in known.items():
        count = found[pass_id].get(kind, 0)
        if count != row.scans:
            changed.append(_change(row, count, by=by, at=at))
    if changed:
        _update(changed)


def _row(pass_id: UUID, kind: str, count: int, at: datetime) -> dict[str, Any]:
    return {
        "pass_id": pass_id,
        "kind": kind,
        "scans": count,
        "opened_at": at,
        "closed_at": None,
        "closed_by": "",
        "note": "",
    }


def _change(row: PassageConflict, count: int, *, by: Actor, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"closed_at": row.closed_at, "closed_by": row.closed_by, "note": row.note}
    if count > row.scans and count > 1:
        values = {"closed_at": None, "closed_by": "", "note": ""}
    elif count == 0 and row.closed_at is None:
        values = {"closed_at": at, "closed_by": by.name, "note": ""}
    return {"of_pass": row.pass_id, "of_kind": row.kind, "new_scans": count} | {
        f"new_{name}": value for name, value in values.items()
    }


def _update(rows: list[dict[str, Any]]) -> None:
    table = PassageConflict.__table__
    assert isinstance(table, Table)
    names = ("scans", "closed_at", "closed_by", "note")
    statement = update(table).where(
        table.c.pass_id == bindparam("of_pass"), table.c.kind == bindparam("of_kind")
    )
    joined().connection().execute(statement.values({name: bindparam(f"new_{name}") for name in names}), rows)
    for held in list(joined().identity_map.values()):
        if isinstance(held, PassageConflict):
            joined().expire(held)
