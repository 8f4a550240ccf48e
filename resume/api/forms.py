"""The form of a token."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from resume.api.operations.tokens import NewToken
from resume.api.scopes import LISTS, SCOPE_NAMES
from resume.firms.queries import find_by_credit_code
from resume.places.districts import DISTRICT_NAMES
from resume.web.fields import Form, StrippedString, choices


class TokenForm(Form):
    """A new token, as an administrator makes it for a party that has shown who it is."""

    name = StrippedString(_("使用方"), [InputRequired(), Length(2, 60)])
    scopes = SelectMultipleField(
        _("权限"),
        [InputRequired()],
        choices=choices(SCOPE_NAMES),
    )
    credit_code = StrippedString(_("统一社会信用代码"), [Optional(), Length(max=40)])
    gate = IntegerField(_("门岗编号"), [Optional(), NumberRange(1, 2**31 - 1)])
    district = SelectField(
        _("所属区"),
        choices=choices(DISTRICT_NAMES, none="—"),
        default="",
    )

    def validate_scopes(self, field: SelectMultipleField) -> None:
        """WTForms' hook: worker lists are always of one firm."""
        if LISTS in (field.data or []) and not self.credit_code.data:
            raise ValidationError(_("上传人员名单的令牌须填写企业，其他令牌不填"))

    def validate_credit_code(self, field: StrippedString) -> None:
        """WTForms' hook: the firm is there, and given only where worker lists are uploaded."""
        if field.data and LISTS not in (self.scopes.data or []):
            raise ValidationError(_("上传人员名单的令牌须填写企业，其他令牌不填"))
        if field.data and find_by_credit_code(field.data) is None:
            raise ValidationError(_("没有登记这个代码的企业"))

    def token(self) -> NewToken:
        """The typed token."""
        firm = find_by_credit_code(self.credit_code.data) if self.credit_code.data else None
        return NewToken(
            name=self.name.data or "",
            scopes=self.scopes.data or [],
            firm_id=None if firm is None else firm.id,
            gate_id=self.gate.data,
            district_code=self.district.data or None,
        )
