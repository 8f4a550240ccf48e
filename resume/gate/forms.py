"""Forms of the gate: what was presented, a sheet to be read, a document to look up, and a new gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, Length

from resume.clock import shanghai_date
from resume.db import new_id
from resume.gate.wording import language_of
from resume.passes.sheet.reading import LARGEST_FILE
from resume.people.documents import Document, DocumentType, parse_document
from resume.web.fields import Form, StrippedString, choices
from resume.web.language import current_language

MOST_PRESENTED = 4096  # characters; a QR of ours has at most 800


class PresentedForm(Form):
    """A typed number, a scanned code, or what a hand scanner types."""

    presented = StrippedString(_("通行证编号"), [InputRequired(), Length(max=MOST_PRESENTED)])


class SheetForm(Form):
    """The PDF of a pass; of what is larger nothing is read."""

    file = FileField(
        _("通行证的 PDF 文件"),
        [
            FileRequired(_("请选择通行证的 PDF 文件")),
            FileSize(LARGEST_FILE, message=_("文件太大，不是本系统签发的通行证文件")),
        ],
    )


class DocumentForm(Form):
    """A document as the guard reads it, and whether he saw a consent on paper. Its number is never shown."""

    document_type = SelectField(
        _("证件类型"),
        choices=choices((kind, kind.shown) for kind in DocumentType),
        default=DocumentType.RESIDENT_ID.value,
    )
    document_number = StrippedString(_("证件号码"), [InputRequired(), Length(max=40)])
    has_consent = BooleanField(_("已查看居（村）委会和街镇的书面同意，或不在封控、管控区的居住证明"))

    def read(self, *, at: datetime) -> Document | None:
        """The document where its number is one of its type; else None, and the field says what is wrong."""
        kind = DocumentType(self.document_type.data)
        found = parse_document(kind, self.document_number.data or "", today=shanghai_date(at))
        if isinstance(found, Document):
            return found
        self.document_number.errors = [found.text[language_of(current_language())]]
        return None


class GateForm(Form):
    """A new gate at a place that was found by its name, and the street whose desk it asks."""

    place = RadioField(_("地点"), coerce=int, validators=[InputRequired()])
    name = StrippedString(_("门岗名称"), [InputRequired(), Length(2, 60)])
    street = SelectField(_("联系哪个街镇的值班台"), default="")


class NoteForm(Form):
    """What was found out about a conflict."""

    note = StrippedString(_("处理说明"), [InputRequired(), Length(4, 400)])


def read_nonce(values: Mapping[str, str]) -> UUID:
    """The number that makes a scan one; a new one where the sender gave none that can be read."""
    try:
        return UUID(values.get("nonce", ""))
    except ValueError:
        return new_id()
