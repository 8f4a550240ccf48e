"""The form by which a firm registers itself, and the reviewer's reason."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from resume.accounts.forms import LANGUAGES
from resume.firms.credit_code import CreditCode, parse_credit_code
from resume.firms.operations import NewFirm
from resume.people.emails import MAX_LENGTH, parse_email
from resume.people.phones import parse_phone
from resume.places.districts import DISTRICT_NAMES
from resume.registrations.details import Contact
from resume.registrations.operations import NewRegistration
from resume.web.fields import EmailField, Form, StrippedString, TelField, choices, refuse_problem


class SignUpForm(Form):
    """A firm, as it registers itself."""

    credit_code = StrippedString(_("统一社会信用代码"), [InputRequired(), Length(max=40)])
    name = StrippedString(_("企业名称"), [InputRequired(), Length(2, 60)])
    short_name = StrippedString(_("简称"), [InputRequired(), Length(2, 20)])
    district = SelectField(_("所在区"), choices=choices(DISTRICT_NAMES))
    contact = StrippedString(_("联系人"), [InputRequired(), Length(2, 40)])
    phone = TelField(_("手机号码"), [InputRequired(), Length(max=30)])
    email = EmailField(_("电子邮箱"), [InputRequired(), Length(max=MAX_LENGTH)])
    language = SelectField(_("通知的语言"), choices=LANGUAGES)

    def validate_credit_code(self, field: StrippedString) -> None:
        """WTForms' hook: alphabet and check digit."""
        found = parse_credit_code(field.data or "")
        refuse_problem(found.value if isinstance(found, CreditCode) else found)

    def validate_phone(self, field: TelField) -> None:
        """WTForms' hook: a mobile number."""
        refuse_problem(parse_phone(field.data or ""))

    def validate_email(self, field: EmailField) -> None:
        """WTForms' hook: an address that mail servers take."""
        refuse_problem(parse_email(field.data or ""))

    def registration(self) -> NewRegistration:
        """What was filled in."""
        code, phone = parse_credit_code(self.credit_code.data or ""), parse_phone(self.phone.data or "")
        email = parse_email(self.email.data or "")
        assert isinstance(code, CreditCode)
        assert isinstance(phone, str)
        assert isinstance(email, str)
        firm = NewFirm(code.value, self.name.data or "", self.short_name.data or "", self.district.data)
        return NewRegistration(firm, Contact(self.contact.data or "", phone, email), self.language.data)


class RefuseForm(Form):
    """Why a registration is refused: the contact reads it."""

    reason = StrippedString(_("原因"), [InputRequired(), Length(4, 300)])
