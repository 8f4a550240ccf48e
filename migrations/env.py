"""Alembic within the application: the same engine, the same models, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from resume import audit, home_clock, jobs  # noqa: F401  (their tables)
from resume.db import UtcTime
from resume.settings import ROOT

for _models in sorted((ROOT / "resume").glob("*/models.py")):
    import_module(f"resume.{_models.parent.name}.models")


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations stand on their own: our time type is written as the column type it makes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


def run() -> None:
    """Run the migrations on the application's engine, each in a transaction of its own."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect().execution_options(migrating=True) as connection, _tables_move(connection):
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


@contextmanager
def _tables_move(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: while the old one is dropped, rows that point to it must not
    be in the way. Every reference is checked afterwards."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # beneath SQLAlchemy: within BEGIN it has no effect
    driver.execute("PRAGMA foreign_keys=OFF")
    yield
    broken = driver.execute("PRAGMA foreign_key_check").fetchall()
    driver.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise RuntimeError(f"after the migration rows point to nothing: {broken[:5]}")


if context.is_offline_mode():
    raise SystemExit("migrations run on a live database only")
run()
