"""What stands in the ledger, without when and by which intake it came."""

from __future__ import annotations

from sqlalchemy import select

from resume.db import db, reading

Rows = dict[str, list[str]]

LEDGER = (
    "test_record",
    "case_record",
    "review_record",
    "zone_record",
    "person",
    "refused_line",
    "suspension",
)
OWN = {"id", "received_at", "replaced_at", "intake_id", "sealed_number", "since"}


def what_counts() -> Rows:
    """The rows that count, by table, in an order of their own."""
    reading().rollback()
    found: Rows = {}
    for name in LEDGER:
        table = db.metadata.tables[name]
        query = select(*(column for column in table.c if column.name not in OWN))
        if "replaced_at" in table.c:
            query = query.where(table.c.replaced_at.is_(None))
        found[name] = sorted(map(repr, reading().execute(query)))
    return found
