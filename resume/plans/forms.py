"""A section's page as a form: from what was typed to typed values, and back.

Rows are sub-forms with names `rows-0-plate`, `rows-1-plate`; a row left wholly empty is dropped. What cannot
be read is an error beside its field; what is merely missing is not, for a draft may be saved half filled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired, MultipleFileField
from werkzeug.datastructures import MultiDict

from resume.plans.sections.attachments import KINDS
from resume.plans.sections.describe import Field, Judged, Kind, Rows, Section
from resume.plans.typed_fields import form_class
from resume.refusals import Text
from resume.web.fields import Form, choices


class AttachmentForm(Form):
    """Files of one kind, and what they show."""

    kind = wtforms.SelectField(_("附件类别"), choices=choices(KINDS))
    file = MultipleFileField(_("文件"), validators=[FileRequired(_("请选择要上传的文件"))])


_ROW_NAME = re.compile(r"rows-([0-9]{1,4})-")
_PLAIN = {"csrf": False}  # the token is checked for every unsafe request before the view


class SectionForm:
    """The form of one section: `head` holds the single questions, `rows` one form for each row."""

    def __init__(self, section: Section, head: Form, rows: list[Form]) -> None:
        self.section = section
        self.head = head
        self.rows = rows

    @classmethod
    def of_values(cls, section: Section, values: Mapping[str, Any]) -> SectionForm:
        """What was saved; before anything was, the section's first rows."""
        head = form_class(section.fields)(formdata=None, data=_typed(section.fields, values), meta=_PLAIN)
        if section.rows is None:
            return cls(section, head, [])
        rows = values.get("rows") or section.rows.first
        return cls(section, head, [_row(section.rows, i, None, row) for i, row in enumerate(rows)])

    @classmethod
    def of_request(cls, section: Section, typed: MultiDict[str, str]) -> SectionForm:
        """What was typed; rows keep their order, whatever their numbers. Too many rows: the first count."""
        head = form_class(section.fields)(formdata=typed, meta=_PLAIN)
        if section.rows is None:
            return cls(section, head, [])
        numbers = sorted({int(match[1]) for name in typed if (match := _ROW_NAME.match(name))})
        return cls(section, head, [_row(section.rows, i, typed, {}) for i in numbers[: section.rows.most]])

    @classmethod
    def of_kept(cls, section: Section, typed: Mapping[str, Sequence[str]]) -> SectionForm:
        """What was typed earlier and kept as it was, with its errors."""
        pairs = [(name, text) for name, texts in typed.items() for text in texts]
        form = cls.of_request(section, MultiDict(pairs))
        form.validate()
        return form

    def add_row(self) -> None:
        """One more empty row at the end, where the section has room for it."""
        rows = self.section.rows
        if rows is not None and len(self.rows) < rows.most:
            taken = [_number_of(form) for form in self.rows]
            self.rows.append(_row(rows, max(taken, default=-1) + 1, None, {}))

    def remove_row(self, number: int) -> None:
        """Leave out the row of that number, as its names carry it."""
        self.rows = [form for form in self.rows if _number_of(form) != number]

    def validate(self) -> bool:
        """Whether everything typed can be read; each form keeps its errors."""
        judged = [
            form.validate() for form in [self.head, *self.rows]
        ]  # each one, to show every error at once
        return all(judged)

    @property
    def readable_values(self) -> dict[str, Any]:
        """The values as kept, leaving out what cannot be read; asks for `validate` first."""
        values = _kept(self.section.fields, self.head)
        if self.section.rows is not None:
            rows = [_kept(self.section.rows.fields, form) for form in self.rows]
            values["rows"] = [row for row in rows if _is_filled(row)]
        return values

    def as_typed(self, typed: MultiDict[str, str]) -> dict[str, list[str]]:
        """Of what was sent, what belongs to this section's questions: to be kept as it is."""
        names = {field.name for form in [self.head, *self.rows] for field in form}
        return {name: texts for name, texts in typed.lists() if name in names}

    def clear_errors(self) -> None:
        """Say nothing of what cannot be read: nothing was to be saved yet."""
        for bound in (field for form in [self.head, *self.rows] for field in form):
            bound.errors = ()

    @property
    def error_list(self) -> list[dict[str, Text]]:
        """Every error with a link to its field, for the summary on top."""
        found: list[dict[str, Text]] = []
        for number, form in enumerate([self.head, *self.rows]):
            for field in form:
                if field.errors:
                    where = f"{self.section.rows.noun} {number} · " if number and self.section.rows else ""
                    text = f"{where}{field.label.text}：{field.errors[0]}"
                    found.append({"text": text, "href": f"#{field.id}"})
        return found

    def beside(self, row: Form) -> tuple[str, Judged] | None:
        """What is worked out from one row as it stands, and beside which of its fields it is said."""
        rows = self.section.rows
        if rows is None or rows.beside is None:
            return None
        judged = rows.beside.judge(_kept(rows.fields, row))
        return rows.beside.field, Judged(judged.is_met, str(judged.text))

    def fields_of(self, form: Form, fields: Sequence[Field]) -> list[tuple[Field, Any]]:
        """Each described field with its bound one, for the template."""
        return [(field, form[field.key]) for field in fields]


def _row(rows: Rows, number: int, typed: MultiDict[str, str] | None, values: Mapping[str, Any]) -> Form:
    prefix = f"rows-{number}-"
    return form_class(rows.fields)(
        formdata=typed, data=_typed(rows.fields, values), prefix=prefix, meta=_PLAIN
    )


def row_number(form: Form) -> int:
    """The number that a row's names carry."""
    return _number_of(form)


def _number_of(form: Form) -> int:
    return int(form._prefix.split("-")[1])


def _typed(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """From the plan's JSON to what WTForms shows."""
    return {field.key: _from_json(field.kind, values.get(field.key)) for field in fields}


def _from_json(kind: Kind, value: Any) -> Any:
    if value and kind is Kind.DATE:
        return date.fromisoformat(value)
    if value and kind is Kind.TIME:
        return time.fromisoformat(value)
    return value


def _kept(fields: Sequence[Field], form: Form) -> dict[str, Any]:
    """From a validated form to the plan's JSON; None for what is empty or cannot be read."""
    return {field.key: None if form[field.key].errors else _to_json(form[field.key].data) for field in fields}


def _to_json(value: Any) -> Any:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _is_filled(row: Mapping[str, Any]) -> bool:
    return any(value not in (None, "", False) for value in row.values())
