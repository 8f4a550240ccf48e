"""Forms of passes: which to release, which to revoke."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from resume.credential.number import BadNumber, parse_number
from resume.passes.key_words import PURPOSE_NAMES
from resume.web.fields import Form, StrippedString, choices


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


class NewKeyForm(Form):
    """What the new key is for, and whether it signs before gates off line can know it."""

    purpose = SelectField(_("用途"), choices=choices(PURPOSE_NAMES))
    reason = TextAreaField(_("原因"), [InputRequired(), Length(2, 200)])
    at_once = BooleanField(_("立即用它签发"))
    is_sure = BooleanField(_("我确认启用新密钥"), [InputRequired()])


class EndKeyForm(Form):
    """Why a key's time ends; its id is typed, so that no other one is meant."""

    typed = StrippedString(_("密钥编号"), [InputRequired(), Length(max=40)])
    reason = TextAreaField(_("原因"), [InputRequired(), Length(2, 200)])

    kid = ""

    @classmethod
    def of(cls, kid: str) -> EndKeyForm:
        """The form that ends this key."""
        made = cls()
        made.kid = kid
        return made

    def validate_typed(self, field: StrippedString) -> None:
        """WTForms' hook: the very key of this page."""
        if "".join((field.data or "").split()).lower() != self.kid:
            raise ValidationError(_("与这一页的密钥编号不一致，请逐字输入"))


def chosen_passes(values: Iterable[str]) -> list[UUID]:
    """The ids of ticked passes; what is no id is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
