"""The audit chain: whole while untouched, broken by any change; the database refuses to change it."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from resume import audit
from resume.audit import AuditEntry
from resume.db import db, reading, transaction
from resume.roles import CLI

pytestmark = pytest.mark.usefixtures("app")

DROP_GUARDS = {
    "sqlite": ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"],
    "postgresql": ["DROP TRIGGER audit_entry_no_change ON audit_entry"],
}


def write(at: datetime, count: int = 3) -> None:
    for number in range(count):
        with transaction():
            audit.record("thing.done", f"thing:{number}", by=CLI, at=at, number=number)


def tamper(statement: str) -> None:
    """Change the table as somebody could who owns the database: without the guards."""
    with transaction() as session:
        for drop in DROP_GUARDS[db.engine.dialect.name]:
            session.execute(text(drop))
        session.execute(text(statement))


def test_a_fresh_chain_is_whole(at: datetime) -> None:
    write(at)
    report = audit.verify()
    assert (report.rows, report.is_whole) == (3, True)


def test_an_empty_chain_is_whole() -> None:
    assert audit.verify() == audit.ChainReport(0, audit.GENESIS, None)


@pytest.mark.parametrize(
    ("statement", "first_break"),
    [
        ("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 2", 2),
        ("UPDATE audit_entry SET detail = '{}' WHERE seq = 1", 1),
        ("DELETE FROM audit_entry WHERE seq = 2", 3),
        ("UPDATE audit_entry SET seq = 9 WHERE seq = 3", 9),
    ],
)
def test_a_changed_or_missing_row_is_found(statement: str, first_break: int, at: datetime) -> None:
    write(at)
    tamper(statement)
    assert audit.verify().first_break == first_break


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_the_audit(statement: str, at: datetime) -> None:
    write(at)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement))


def test_an_entry_is_gone_with_the_change_it_tells_of(at: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        audit.record("thing.done", "thing:1", by=CLI, at=at)
        _ = 1 / 0
    assert reading().query(AuditEntry).count() == 0


def test_the_guards_stand_after_the_migrations_ran_again(app: Flask, at: datetime) -> None:
    from resume.home import upgrade_database

    upgrade_database()
    write(at, 1)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text("DELETE FROM audit_entry"))
