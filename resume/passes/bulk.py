"""Writing many rows of passes at once, past the ORM but not behind its back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, Update

from resume.db import Base, joined
from resume.passes.models import Pass, Suspension


def insert_rows(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """A step: one executemany on the table itself; the ORM's own bulk insert costs twice the time."""
    table = model.__table__
    assert isinstance(table, Table)
    if rows:
        joined().execute(table.insert(), list(rows))


def update_rows(statement: Update) -> int:
    """A step: run an update of passes or suspensions; how many rows it met.

    Objects that the session holds are read again when next asked for: it would show them as they were.
    """
    session = joined()
    session.flush()
    result = session.execute(statement, execution_options={"synchronize_session": False})
    for held in list(session.identity_map.values()):
        if isinstance(held, (Pass, Suspension)):
            session.expire(held)
    return int(result.rowcount)  # type: ignore[attr-defined]
