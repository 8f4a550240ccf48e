"""Alembic within the application: the same engine, the same models, on both databases."""

from __future__ import annotations

from importlib import import_module

from alembic import context
from flask import current_app

from resume import audit, home_clock, jobs  # noqa: F401  (their tables)
from resume.db import UtcTime

for _slice in (
    "people",
    "accounts",
    "firms",
    "places",
    "evidence",
    "plans",
    "roster",
    "applications",
    "passes",
    "gate",
    "intake",
):
    import_module(f"resume.{_slice}.models")


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations stand on their own: our time type is written as the column type it makes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


def run() -> None:
    """Run the migrations on the application's engine, each in a transaction of its own."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect().execution_options(migrating=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            compare_type=True,
            render_item=render_item,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations run on a live database only")
run()
