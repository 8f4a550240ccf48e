"""Forms of passes: which to release, which to revoke."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from resume.credential.number import BadNumber, parse_number
from resume.web.fields import Form, StrippedString


class RevocationForm(Form):
    """Which pass ends, and why."""

    number = StrippedString(_("通行证编号"), [InputRequired(), Length(max=40)])
    reason = TextAreaField(_("吊销原因"), [InputRequired(), Length(2, 200)])

    def validate_number(self, field: StrippedString) -> None:
        """WTForms' hook: the number's check character."""
        try:
            field.data = parse_number(field.data or "")
        except BadNumber:
            raise ValidationError(_("编号不对：应为 12 位数字和 1 位校验字符")) from None


class PaperForm(Form):
    """Why a pass goes from its phone back to paper."""

    reason = TextAreaField(_("换回纸质证的原因"), [InputRequired(), Length(2, 200)])


def chosen_passes(values: Iterable[str]) -> list[UUID]:
    """The ids of ticked passes; what is no id is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
