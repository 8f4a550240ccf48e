"""Fields of the plan's forms: each kind of `sections.describe` as a WTForms field that may stay empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import wtforms
from flask_babel import gettext as _
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import TextArea

from resume.people.phones import parse_phone
from resume.people.typed_text import compact
from resume.plans.sections.describe import Field, Kind
from resume.web.fields import Form, StrippedString, choices
from resume.web.language import current_language

#: Civil plates (GA 36): province, letter, then five characters, six for new energy.
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][0-9A-HJ-NP-Z]{4,5}[0-9A-HJ-NP-Z挂学]"
)
_LANDLINE = re.compile(r"(?:0[0-9]{2,3})?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?")
_LONGEST = 200


class TextAreaField(StrippedString):
    """Several lines; named as the field macro knows it."""

    widget = TextArea()


class _RowId(wtforms.IntegerField):
    """The record that a row stands for, carried by the form; whose it is, the door decides."""

    widget = wtforms.widgets.HiddenInput()


def mobile(_form: wtforms.Form, field: StrippedString) -> None:
    """A mainland mobile number; kept as its 11 digits."""
    phone = parse_phone(field.data or "")
    if not isinstance(phone, str):
        raise ValidationError(phone.text[current_language()])
    field.data = phone


def phone(_form: wtforms.Form, field: StrippedString) -> None:
    """A mobile number or a fixed line; kept as digits, a fixed line with its hyphens."""
    found = parse_phone(field.data or "")
    if isinstance(found, str):
        field.data = found
        return
    typed = compact(field.data or "")
    if not _LANDLINE.fullmatch(re.sub(r"^(0[0-9]{2,3})-", r"\1", typed)):
        raise ValidationError(_("电话应为 11 位手机号码，或带区号的固定电话，例如 021-60000000"))
    field.data = typed


def plate(_form: wtforms.Form, field: StrippedString) -> None:
    """A civil number plate; kept without dot and space."""
    typed = re.sub("[·•.-]", "", compact(field.data or ""))
    if not _PLATE.fullmatch(typed):
        raise ValidationError(_("车牌应为省份简称、字母和 5 位（新能源 6 位）字母或数字，例如 沪A12345"))
    field.data = typed


@cache
def form_class(fields: tuple[Field, ...]) -> type[Form]:
    """The form of these fields; nothing is required, because a draft may be saved half filled."""
    made = {field.key: _MAKE.get(field.kind, _line)(field) for field in fields}
    return type("SectionForm", (Form,), made)


class _Unfinished(Optional):
    """May be empty in a draft, though the plan needs it: not marked as optional on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


def _may_be_empty(field: Field) -> Optional:
    return Optional() if field.is_optional else _Unfinished()


def _line(field: Field) -> Any:
    return StrippedString(
        field.label, [_may_be_empty(field), Length(max=field.most or _LONGEST)], description=field.hint
    )


def _lines(field: Field) -> Any:
    return TextAreaField(
        field.label, [_may_be_empty(field), Length(max=field.most or _LONGEST)], description=field.hint
    )


def _number(field: Field) -> Any:
    bounds = NumberRange(min=field.least, max=field.most)
    return wtforms.IntegerField(field.label, [_may_be_empty(field), bounds], description=field.hint)


def _checked(rule: Callable[[wtforms.Form, StrippedString], None]) -> Callable[[Field], Any]:
    return lambda field: StrippedString(field.label, [_may_be_empty(field), rule], description=field.hint)


def _radios(field: Field) -> Any:
    return wtforms.RadioField(
        field.label,
        [_may_be_empty(field)],
        choices=choices(field.choices),
        description=field.hint,
        coerce=_text_or_none,
    )


def _select(field: Field) -> Any:
    return wtforms.SelectField(
        field.label,
        [_may_be_empty(field)],
        choices=choices(field.choices, none=_PLEASE),
        description=field.hint,
        coerce=_text_or_none,
        validate_choice=True,
    )


def _text_or_none(value: Any) -> str | None:
    return str(value) if value else None


_PLEASE = "—"
_MAKE: dict[Kind, Callable[[Field], Any]] = {
    Kind.LINES: _lines,
    Kind.NUMBER: _number,
    Kind.CHOICE: _radios,
    Kind.SELECT: _select,
    Kind.TICK: lambda field: wtforms.BooleanField(field.label, description=field.hint),
    Kind.DATE: lambda field: wtforms.DateField(field.label, [_may_be_empty(field)], description=field.hint),
    Kind.TIME: lambda field: wtforms.TimeField(field.label, [_may_be_empty(field)], description=field.hint),
    Kind.MOBILE: _checked(mobile),
    Kind.PHONE: _checked(phone),
    Kind.PLATE: _checked(plate),
    Kind.ROW_ID: lambda field: _RowId(field.label, [_may_be_empty(field)]),
}
