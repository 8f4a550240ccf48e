"""Asking for a set of any size in one statement: a list of 10,000 persons is one bound value."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, any_, column, false, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from resume.db import reading


def within(
    attribute: InstrumentedAttribute[Any], values: Collection[bytes] | Collection[int] | Collection[str]
) -> ColumnElement[bool]:
    """`attribute` is one of `values` (all bytes, all int or all str); false where there are none.

    SQLite unpacks a JSON list (blobs as hex), PostgreSQL takes an array.
    """
    if not values:
        return false()
    if reading().get_bind().dialect.name != "sqlite":
        return attribute == any_(literal(list(values), ARRAY(attribute.type)))
    is_blob = isinstance(attribute.type, LargeBinary)
    packed = json.dumps([value.hex() if isinstance(value, bytes) else value for value in values])
    each = func.json_each(packed).table_valued(column("value"))
    return attribute.in_(select(func.unhex(each.c.value) if is_blob else each.c.value))
