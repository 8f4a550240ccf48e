"""Asking for a set of any size in one statement: a list of 10,000 persons is one bound value."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    String,
    any_,
    bindparam,
    cast,
    column,
    false,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import UserDefinedType

from resume.db import reading

Values = Collection[bytes] | Collection[int] | Collection[str] | Collection[UUID]


def dialect() -> str:
    """The name of the database's dialect, by which statements made once are kept."""
    return reading().get_bind().dialect.name


def within(attribute: InstrumentedAttribute[Any] | ColumnElement[Any], values: Values) -> ColumnElement[bool]:
    """`attribute` is one of `values` (all bytes, int, str or UUID); false where there are none.

    SQLite unpacks a JSON list (blobs as hex), PostgreSQL takes an array.
    """
    if not values:
        return false()
    name = dialect()
    return _unpacked(attribute, literal(packed(values, name), _packed_type(name)), name)


def within_named(attribute: InstrumentedAttribute[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """As `within`, for a statement that is made once: the set is bound under `name` as `packed` gives it."""
    return _unpacked(attribute, bindparam(name, type_=_packed_type(dialect)), dialect)


def packed(values: Values, dialect: str) -> str:
    """A set as the one value that is bound for it."""
    if dialect == "sqlite":
        return json.dumps([_for_json(value) for value in values])
    # The array's text, written here: the driver's own way takes ten times as long for each value.
    return f"{{{','.join(_for_array(values))}}}"


class _ArrayText(UserDefinedType[str]):
    """The text of an array, bound without a type of its own: the cast around it says what it is."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        return "TEXT"


def _packed_type(dialect: str) -> String | _ArrayText:
    return String() if dialect == "sqlite" else _ArrayText()


def _for_json(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    return value.hex() if isinstance(value, bytes) else value


def _for_array(values: Collection[Any]) -> Iterable[str]:
    first = next(iter(values), None)
    if isinstance(first, bytes):
        return [f'"\\\\x{value.hex()}"' for value in values]
    if isinstance(first, str):
        escaped = (value.replace("\\", r"\\").replace('"', r"\"") for value in values)
        return [f'"{value}"' for value in escaped]
    return map(str, values)


def _unpacked(
    attribute: InstrumentedAttribute[Any] | ColumnElement[Any], bound: ColumnElement[Any], dialect: str
) -> ColumnElement[bool]:
    if dialect != "sqlite":
        return attribute == any_(cast(bound, ARRAY(attribute.type)))
    each = func.json_each(bound).table_valued(column("value"))
    is_blob = isinstance(attribute.type, LargeBinary)
    return attribute.in_(select(func.unhex(each.c.value) if is_blob else each.c.value))
