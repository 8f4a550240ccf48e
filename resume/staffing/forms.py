"""One row as a form: a field for each column, the errors of the readers beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, SelectField, StringField, TextAreaField

from resume.people.documents import DocumentType, parse_document_type
from resume.places.districts import DISTRICTS, district_name, parse_district
from resume.roster.columns import BY_NAME, WORKER_LIST
from resume.roster.models import RowError
from resume.roster.sheet import CellError
from resume.roster.typed_row import NAMES
from resume.web.fields import Form, choices

_NAME_OF = {column.zh: column.name for column in WORKER_LIST}
SHOWN = {
    "name": _("姓名"),
    "document_type": _("证件类型"),
    "document_number": _("证件号码"),
    "phone": _("手机号码"),
    "district": _("现住区"),
    "street": _("现住街镇"),
    "compound": _("小区"),
    "building": _("楼号"),
    "unit": _("单元"),
    "room": _("室号"),
    "post": _("岗位"),
    "key_post": _("关键岗位"),
    "shift": _("班组"),
    "site": _("工作厂区"),
    "plate": _("接送车牌"),
    "arrive_on": _("计划到岗日期"),
    "remarks": _("备注"),
}


def column_name(zh: str) -> str:
    """A column's name in the reader's language, by its Chinese header."""
    name = _NAME_OF.get(zh)
    return str(SHOWN[name]) if name else zh


class _Choice(SelectField):
    """A choice that keeps what was typed where it is none of those offered, so that it can be seen."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[], **options)
        self.type = "SelectField"  # by which the macros know how to draw it

    def offer(self, values: Iterable[tuple[str, str]]) -> None:
        offered = [("", ""), *values]
        if self.data and self.data not in dict(offered):
            offered.append((self.data, str(self.data)))
        self.choices = choices(offered)


class RowForm(Form):
    """One row of the worker list. The readers of the file judge it, not validators."""

    name = StringField(SHOWN["name"])
    document_type = _Choice(SHOWN["document_type"])
    document_number = StringField(SHOWN["document_number"])
    phone = StringField(SHOWN["phone"])
    district = _Choice(SHOWN["district"])
    street = StringField(SHOWN["street"])
    compound = StringField(SHOWN["compound"])
    building = StringField(SHOWN["building"])
    unit = StringField(SHOWN["unit"])
    room = StringField(SHOWN["room"])
    post = StringField(SHOWN["post"])
    key_post = _Choice(SHOWN["key_post"])
    shift = StringField(SHOWN["shift"])
    site = _Choice(SHOWN["site"])
    plate = StringField(SHOWN["plate"])
    arrive_on = StringField(SHOWN["arrive_on"])
    remarks = TextAreaField(SHOWN["remarks"])

    @classmethod
    def showing(cls, texts: Mapping[str, str], *, key: str, sites: Sequence[str]) -> RowForm:
        """The form filled with these texts; `key` keeps its ids apart from other rows' on the page."""
        form = cls(formdata=None, prefix=f"{key}-", data=dict(texts))
        return form._offering(sites)

    @classmethod
    def posted(cls, *, key: str, sites: Sequence[str]) -> RowForm:
        """The form as it was posted."""
        return cls(formdata=request.form, prefix=f"{key}-")._offering(sites)

    @property
    def texts(self) -> dict[str, str]:
        """Column's name -> what was typed."""
        return {name: str(self[name].data or "") for name in NAMES}

    def show_errors(self, errors: Iterable[CellError | RowError], language: str) -> None:
        """Put what the readers found beside the fields."""
        for error in errors:
            field: Field = self[_NAME_OF[error.column]]
            field.errors = [*field.errors, error.text[language]]

    def _offering(self, sites: Sequence[str]) -> RowForm:
        """The lists to choose from. A district or a type written otherwise is shown as what it is read as."""
        for name in NAMES:
            if not BY_NAME[name].required:
                self[name].flags.optional = True
        self.document_type.data = _as_read(self.document_type.data, _document_type)
        self.district.data = _as_read(self.district.data, _district)
        self.document_type.offer((kind.zh, str(kind.shown)) for kind in DocumentType)
        self.district.offer((name, district_name(code)) for code, name in DISTRICTS.items())
        self.key_post.offer([("是", gettext("是")), ("否", gettext("否"))])
        self.site.offer((site, site) for site in sites)
        return self


def _as_read(typed: str | None, read: Callable[[str], str | None]) -> str:
    return read(typed or "") or typed or ""


def _document_type(typed: str) -> str | None:
    kind = parse_document_type(typed)
    return kind.zh if kind else None


def _district(typed: str) -> str | None:
    return DISTRICTS.get(parse_district(typed) or "")
