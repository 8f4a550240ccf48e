"""Many rows of one table at once: made ready outside a door, sent inside it. COPY on PostgreSQL."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    TableClause,
    column,
    insert,
    literal_column,
    select,
    table,
)

from resume.db import Base, joined, reading


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows of one table as the driver takes them, so that a door only has to send them."""

    statement: str
    parameters: Sequence[Any]


def encode_rows(model: type[Base], rows: Sequence[dict[str, Any]]) -> Encoded:
    """Make rows ready outside a door: for 10,000 passes that is half of the work of an insert.

    All rows have the same keys, one for each column that has a default of its own. PostgreSQL takes them by
    COPY, SQLite by one executemany.
    """
    table = _table(model)
    if not rows:
        return Encoded("", ())
    dialect = reading().get_bind().dialect
    names = list(rows[0])
    compiled = table.insert().compile(dialect=dialect, column_keys=names)
    if set(compiled.params) != set(names):
        raise ValueError(f"{table.name}: rows lack {set(compiled.params) - set(names)}")
    order: list[str] = list(compiled.positiontup or names) if compiled.positional else names
    encoders = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in order]
    values = [
        tuple(
            encode(row[name]) if encode is not None else row[name]
            for name, encode in zip(order, encoders, strict=True)
        )
        for row in rows
    ]
    if dialect.name == "sqlite":
        return Encoded(str(compiled), values)
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.quote(table.c[name].name) for name in order)
    return Encoded(f"COPY {quoted.format_table(table)} ({columns}) FROM STDIN", values)


def insert_encoded(encoded: Encoded) -> None:
    """A step: send the rows; nothing where there are none."""
    if not encoded.parameters:
        return
    connection = joined().connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(encoded.statement, list(encoded.parameters))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(encoded.statement) as copy:
        for row in encoded.parameters:
            copy.write_row(row)


def insert_rows(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """A step: encode and send."""
    insert_encoded(encode_rows(model, rows))


def insert_missing(
    model: type[Base],
    names: Sequence[str],
    rows: Collection[Sequence[Any]],
    *,
    key: str,
    written: bytes | None = None,
) -> None:
    """A step: rows (values in the order of `names`) whose key is not there yet; the others stay as they are.

    PostgreSQL copies them aside (`written`: these rows by `csv_of`, made before) and merges by one statement,
    SQLite takes one executemany. Each key stands once.
    """
    if not rows:
        return
    into = _table(model)
    connection = joined().connection()
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO {into.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our names
        connection.exec_driver_sql(f"{statement} ON CONFLICT ({key}) DO NOTHING", list(rows))
        return
    with staged(into, names, written or csv_of(rows)) as aside:
        # Nobody else writes meanwhile, and ON CONFLICT would enter every row twice.
        wanted = select(*(aside.c[name] for name in names)).where(~is_there(into.c[key], aside.c[key]))
        connection.execute(insert(into).from_select(list(names), wanted))


def is_there(column: ColumnElement[Any], value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a column holds the value of each row: one look into its index for each, always.

    As a join the planner, who knows nothing of rows just copied, would sort a table of millions for them.
    """
    return select(literal_column("1")).where(column == value).limit(1).scalar_subquery().is_not(None)


def csv_of(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as COPY reads them: None and "" both as nothing, which `staged` tells apart by the column."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_written, rows))
    return text.getvalue().encode()


def _written(row: Sequence[Any]) -> Sequence[Any]:
    return [f"\\x{value.hex()}" if type(value) is bytes else value for value in row]


@contextmanager
def staged(
    like: Table, names: Sequence[str], rows: bytes, *, numbered: bool = False
) -> Iterator[TableClause]:
    """A step, on PostgreSQL: rows (`csv_of`) copied aside into a temporary table with some columns of `like`.

    The columns that may be NULL hold no empty texts, or they would come out as NULL. `numbered`: a first
    column `line` before them.
    """
    connection = joined().connection()
    quote = connection.dialect.identifier_preparer.quote
    name = f"staged_{like.name}"
    columns = ", ".join(quote(column) for column in names)
    line = "0 AS line, " if numbered else ""
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS "  # noqa: S608 - our names
        f"SELECT {line}{columns} FROM {quote(like.name)} WITH NO DATA"
    )
    copied = (["line"] if numbered else []) + list(names)
    _copy(name, copied, [column for column in names if not like.c[column].nullable], rows)
    yield table(name, column("line", Integer), *(column(each, like.c[each].type) for each in names))
    connection.exec_driver_sql(f"DROP TABLE {name}")


def copy_in(into: Table, names: Sequence[str], rows: bytes) -> None:
    """A step, on PostgreSQL: rows (`csv_of`) into a table; columns that may be NULL hold no empty texts."""
    if rows:
        quoted = joined().connection().dialect.identifier_preparer.quote(into.name)
        _copy(quoted, names, [name for name in names if not into.c[name].nullable], rows)


def _copy(into: str, names: Sequence[str], filled: Sequence[str], rows: bytes) -> None:
    connection = joined().connection()
    quote = connection.dialect.identifier_preparer.quote
    columns, never_null = (", ".join(map(quote, chosen)) for chosen in (names, filled))
    statement = f"COPY {into} ({columns}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({never_null}))"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(rows)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
