"""The database: one engine, one way to write.

A *door* (an operation one person does) opens `transaction()`; a *step* called by a door asks `joined()`;
a guard on the connection refuses every other write, whether flushed by the ORM or sent in bulk.

There is one writer at a time on both databases: SQLite begins doors with BEGIN IMMEDIATE, PostgreSQL takes
one advisory lock. Write transactions are short, the audit chain needs an order anyway, and what a door reads
cannot change under it (docs/adr/0002-one-writer.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Executable, MetaData, Result, event, insert
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from resume.settings import ROOT, Settings

T = TypeVar("T")
WRITERS_LOCK = 20220422
SAFE_WAL_VERSION = (3, 51, 3)
_writing: ContextVar[bool] = ContextVar("resume_writing", default=False)


class WriteOutsideDoor(RuntimeError):
    """A statement that writes was sent outside `transaction()`: a bug, never a user's error."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(directory=str(ROOT / "migrations"), compare_type=True)

# mypy cannot see through `db.Model`; at run time it is the same class with Flask-SQLAlchemy's table naming.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC to the second on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without offset reached the database")
        moment = value if value.tzinfo is UTC else value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def result_processor(self, dialect: Dialect, _type: object) -> Callable[[Any], datetime | None]:
        # One call for each moment instead of four: a list of 10,000 workers reads 140,000 of them (0.4 s).
        return _moment_of_text if dialect.name == "sqlite" else _moment_of_driver


def _moment_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


def _moment_of_driver(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def new_id() -> UUID:
    """A row's id, made here because sealed values are bound to it before they are stored."""
    return uuid4()


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the door: everything written inside commits together or not at all. Doors do not nest."""
    if _writing.get():
        raise RuntimeError("a door was opened inside a door; use joined()")
    session = db.session()
    session.rollback()  # ends the reader's snapshot, so that the door sees what is so now ...
    session.expire_all()  # ... also in rows that were read before and are kept after a commit
    token = _writing.set(True)
    try:
        session.connection()  # begins, and so takes the writers' lock, before the first read
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)


def joined() -> Session:
    """The session of the door that called this step; RuntimeError where there is none."""
    if not _writing.get():
        raise WriteOutsideDoor("a step was called outside a door")
    return db.session()


def reading() -> Session:
    """The session for reading; what it writes is refused by the guard."""
    return db.session()


def read_rows(query: Executable, bound: dict[str, Any] | None = None) -> Result[*tuple[Any, ...]]:
    """The rows of a query of columns (no entities), past the ORM: at a gate that was half of their cost.

    Inside a door the session runs it, so that what was added there is flushed before it is read.
    """
    session = db.session()
    if _writing.get():
        return session.execute(query, bound)
    return session.connection().execute(query, bound)


def on_another_thread(function: Callable[[], T]) -> Callable[[], T]:
    """`function` for another thread: within this application, with a session of its own, for reading."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def run() -> T:
        with app.app_context():
            return function()

    return run


def in_chunks(items: Sequence[T], size: int = 5000) -> Iterator[Sequence[T]]:
    """`items` in runs that fit a statement's limit of bound values."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def init_db(app: Flask, settings: Settings) -> None:
    """Bind the application to its database and put the guard in place."""
    url = settings.database_url
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    options: dict[str, Any] = {"pool_pre_ping": url.startswith("postgresql")}
    if url.startswith("sqlite"):
        from pysqlite3 import dbapi2

        if dbapi2.sqlite_version_info < SAFE_WAL_VERSION:
            raise RuntimeError(f"SQLite {dbapi2.sqlite_version} can corrupt a WAL database; 3.51.3 is needed")
        options = {"module": dbapi2, "connect_args": {"timeout": 10}}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=url.startswith("sqlite"))
    with app.app_context():
        _prepare(db.engine)


def _prepare(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _refuse_stray_writes)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _configure_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling is off: it would begin nothing for SELECT and a deferred
    # transaction for writes, which fails at once when two writers read first (docs/adr/0002-one-writer.md).
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        "foreign_keys=ON",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if _writing.get():
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")


_WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "REPLACE", "COPY")


def _refuse_stray_writes(
    connection: Connection, _cursor: object, statement: str, _parameters: object, context: Any, _many: bool
) -> None:
    if _writing.get() or connection.get_execution_options().get("migrating"):
        return
    by_compiler = context is not None and (context.isinsert or context.isupdate or context.isdelete)
    if by_compiler or statement.lstrip().upper().startswith(_WRITES):
        raise WriteOutsideDoor(f"write outside a door: {statement.split(None, 3)[:3]}")


def bulk_insert(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows of one table in the caller's door, in one executemany."""
    values = list(rows)
    if values:  # an empty list would insert one row of defaults
        joined().execute(insert(model), values)
