"""Updating many passes and suspensions at once, past the ORM but not behind its back."""

from __future__ import annotations

from sqlalchemy import Update

from resume.db import joined
from resume.passes.models import Pass, Suspension


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
