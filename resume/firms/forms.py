"""The form of a firm."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField, ValidationError
from wtforms.validators import InputRequired, Length

from resume.firms.credit_code import CreditCodeError, parse_credit_code
from resume.firms.operations import NewFirm
from resume.places.districts import DISTRICT_NAMES
from resume.web.fields import Form, StrippedString, choices


class FirmForm(Form):
    """A new firm, as an administrator registers it."""

    credit_code = StrippedString(_("统一社会信用代码"), [InputRequired(), Length(max=40)])
    name = StrippedString(_("企业名称"), [InputRequired(), Length(2, 60)])
    short_name = StrippedString(_("简称"), [InputRequired(), Length(2, 20)])
    district = SelectField(_("所在区"), choices=choices(DISTRICT_NAMES))

    def validate_credit_code(self, field: StrippedString) -> None:
        """WTForms' hook: the code's check digit and alphabet."""
        result = parse_credit_code(field.data or "")
        if isinstance(result, CreditCodeError):
            raise ValidationError(result.zh)

    def firm(self) -> NewFirm:
        """The typed firm."""
        code = parse_credit_code(self.credit_code.data or "")
        assert not isinstance(code, CreditCodeError)
        return NewFirm(code.value, self.name.data or "", self.short_name.data or "", self.district.data)
