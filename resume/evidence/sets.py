"""Asking for a set of any size in one statement: a list of 10,000 persons is one bound value."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    String,
    any_,
    bindparam,
    column,
    false,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from resume.db import reading

Values = Collection[bytes] | Collection[int] | Collection[str] | Collection[UUID]


def dialect() -> str:
    """The name of the database's dialect, by which statements made once are kept."""
    return reading().get_bind().dialect.name


def within(attribute: InstrumentedAttribute[Any], values: Values) -> ColumnElement[bool]:
    """`attribute` is one of `values` (all bytes, all int, all str or all UUID); false where there are none.

    SQLite unpacks a JSON list (blobs as hex), PostgreSQL takes an array.
    """
    if not values:
        return false()
    name = dialect()
    bound = literal(packed(values, name), _packed_type(attribute, name))
    return _unpacked(attribute, bound, name)


def within_named(attribute: InstrumentedAttribute[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """As `within`, for a statement that is made once: the set is bound under `name` as `packed` gives it."""
    return _unpacked(attribute, bindparam(name, type_=_packed_type(attribute, dialect)), dialect)


def packed(values: Values, dialect: str) -> str | list[Any]:
    """A set as the one value that is bound for it."""
    if dialect != "sqlite":
        return list(values)
    return json.dumps([_plain(value) for value in values])


def _plain(value: bytes | int | str | UUID) -> int | str:
    """As JSON can say it: bytes as hex, and UUIDs as SQLite keeps them."""
    if isinstance(value, UUID):
        return value.hex
    return value.hex() if isinstance(value, bytes) else value


def _packed_type(attribute: InstrumentedAttribute[Any], dialect: str) -> String | ARRAY[Any]:
    return String() if dialect == "sqlite" else ARRAY(attribute.type)


def _unpacked(
    attribute: InstrumentedAttribute[Any], bound: ColumnElement[Any], dialect: str
) -> ColumnElement[bool]:
    if dialect != "sqlite":
        return attribute == any_(bound)
    each = func.json_each(bound).table_valued(column("value"))
    is_blob = isinstance(attribute.type, LargeBinary)
    return attribute.in_(select(func.unhex(each.c.value) if is_blob else each.c.value))
