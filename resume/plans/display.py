"""Answers as people read them: a label and a text. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from resume.plans.sections.describe import Field, Kind, Rows

NOTHING = "—"


def shown(field: Field, value: Any) -> str:
    """One answer; a dash where there is none."""
    if field.kind is Kind.TICK:
        return str(_("是") if value else _("否"))
    if value is None or value == "":
        return NOTHING
    if field.choices:
        return str(dict(field.choices).get(value, value))
    if field.kind is Kind.DATE:
        day = date.fromisoformat(value)
        return str(_("%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day))
    return f"{value} {field.unit}".strip()


def shown_fields(fields: Sequence[Field], values: Mapping[str, Any]) -> list[tuple[Field, str]]:
    """Each field that people fill in with its answer."""
    return [(field, shown(field, values.get(field.key))) for field in fields if field.kind is not Kind.ROW_ID]


def shown_row(rows: Rows, values: Mapping[str, Any]) -> list[tuple[Field, str]]:
    """One row's answers, and last what is worked out from them."""
    found = shown_fields(rows.fields, values)
    if rows.beside is not None:
        worked_out = Field(f"{rows.beside.field}-beside", rows.beside.label)
        found.append((worked_out, str(rows.beside.judge(values).text)))
    return found
