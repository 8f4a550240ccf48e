"""Forms of sign-in, of accounts, of links and of second factors."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from resume.accounts.lifecycle import SCOPE_OF
from resume.accounts.operations.accounts import NewAccount
from resume.accounts.operations.invitations import Answered, NewInvitation
from resume.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from resume.people.emails import MAX_LENGTH as EMAIL_LENGTH
from resume.people.emails import EmailProblem, parse_email
from resume.places.districts import DISTRICT_NAMES
from resume.roles import ROLE_NAMES, Role
from resume.web.fields import EmailField, Form, StrippedString, choices, refuse_problem

#: Roles of the city's and the districts' side; HR comes from its firm's page, a guard from his gate's.
CITY_ROLES = (
    Role.REVIEWER,
    Role.SIGN_OFF,
    Role.STREET,
    Role.STEWARD,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
#: Languages of letters, each in its own words.
LANGUAGES = choices({"zh_Hans": "中文", "en": "English"})
_PASSWORD = [InputRequired(), Length(MIN_LENGTH, MAX_LENGTH)]


class SignInForm(Form):
    """Name and password."""

    name = StrippedString(_("账号"), [InputRequired(), Length(max=60)])
    password = PasswordField(_("密码"), [InputRequired(), Length(max=MAX_LENGTH)])


class CodeForm(Form):
    """A code of the second factor, or a recovery code."""

    code = StrippedString(_("动态验证码"), [InputRequired(), Length(max=20)])


class ProofForm(Form):
    """Who he is, once more: before a second factor is begun, changed or turned off."""

    password = PasswordField(_("现在的密码"), [InputRequired(), Length(max=MAX_LENGTH)])
    code = StrippedString(_("动态验证码或恢复码"), [InputRequired(), Length(max=20)])

    def need_no_code(self) -> None:
        """Ask for the password alone, where no second factor is in use."""
        del self.code

    @property
    def typed_code(self) -> str:
        return (self.code.data or "") if self.code else ""


class PasswordForm(Form):
    """A person's own new password."""

    current = PasswordField(_("现在的密码"), [InputRequired(), Length(max=MAX_LENGTH)])
    new = PasswordField(_("新密码"), _PASSWORD)


class EmailForm(Form):
    """A person's own new address."""

    password = PasswordField(_("现在的密码"), [InputRequired(), Length(max=MAX_LENGTH)])
    email = EmailField(_("电子邮箱"), [InputRequired(), Length(max=EMAIL_LENGTH)])

    def validate_email(self, field: EmailField) -> None:
        """WTForms' hook: an address that mail servers take."""
        refuse_problem(parse_email(field.data or ""))

    @property
    def address(self) -> str:
        return _address(self.email.data)


class LanguageForm(Form):
    """The language of letters."""

    language = SelectField(_("通知的语言"), choices=LANGUAGES)


class ForgottenForm(Form):
    """Whose password is forgotten."""

    who = StrippedString(_("账号或电子邮箱"), [InputRequired(), Length(max=EMAIL_LENGTH)])


class LinkForm(Form):
    """What stands behind # of a link: posted by the page, or pasted."""

    secret = StrippedString(_("链接中的内容"), [InputRequired(), Length(max=300)])


class SecretForm(Form):
    """What a link opens; the link's secret stays with the form. `is_filled`: more was posted."""

    secret = HiddenField(validators=[InputRequired(), Length(max=300)])
    is_filled = False


class ResetForm(SecretForm):
    """A new password by a link."""

    new = PasswordField(_("新密码"), _PASSWORD)


class JoinForm(SecretForm):
    """An account as the invited person fills it in."""

    display_name = StrippedString(_("姓名或岗位"), [InputRequired(), Length(max=60)])
    name = StrippedString(_("账号名"), [InputRequired(), Length(3, 60)])
    password = PasswordField(_("密码"), _PASSWORD)

    def answered(self) -> Answered:
        """What was filled in."""
        return Answered(self.name.data or "", self.display_name.data or "", self.password.data or "")


class InviteForm(Form):
    """An invitation. Role and scope are asked for unless a firm or gate settles them."""

    email = EmailField(_("电子邮箱"), [Length(max=EMAIL_LENGTH)])
    role = SelectField(_("角色"), choices=choices((role, _(ROLE_NAMES[role])) for role in CITY_ROLES))
    district = SelectField(_("所属区"), choices=choices(DISTRICT_NAMES, none="—"), default="")
    street = StrippedString(_("所属街镇"), [Length(max=40)])
    language = SelectField(_("通知的语言"), choices=LANGUAGES)

    def fix_scope(self) -> None:
        """Take away what is settled by the firm or the gate."""
        del self.role
        del self.district
        del self.street

    def require_email(self) -> None:
        """HR invites by mail alone."""
        self.email.validators = [InputRequired(), *self.email.validators]

    def validate_email(self, field: EmailField) -> None:
        """WTForms' hook: an address, or nothing: then the link is handed over."""
        if field.data:
            refuse_problem(parse_email(field.data))

    def city_invitation(self) -> NewInvitation:
        """The typed invitation to the city's or a district's side."""
        role = Role(self.role.data)
        return self.scoped_invitation(role, **_typed_scope(role, self.district.data, self.street.data))

    def scoped_invitation(self, role: Role, **scope: int | str | None) -> NewInvitation:
        """The typed invitation with a scope that was settled elsewhere."""
        email = _address(self.email.data) if self.email.data else None
        return NewInvitation(role, email, self.language.data, **scope)  # type: ignore[arg-type]


class AccountForm(Form):
    """A new account. Which scope is asked for depends on the role; HR and guards come with theirs."""

    name = StrippedString(_("账号名"), [InputRequired(), Length(3, 60)])
    display_name = StrippedString(_("姓名或岗位"), [InputRequired(), Length(max=60)])
    password = PasswordField(_("初始密码"), _PASSWORD)
    role = SelectField(_("角色"), choices=choices((role, _(ROLE_NAMES[role])) for role in CITY_ROLES))
    district = SelectField(_("所属区"), choices=choices(DISTRICT_NAMES, none="—"), default="")
    street = StrippedString(_("所属街镇"), [Length(max=40)])

    def fix_scope(self) -> None:
        """Take away what is settled by the firm or the gate the account belongs to."""
        del self.role
        del self.district
        del self.street

    def city_account(self) -> NewAccount:
        """The typed account of the city's or a district's side."""
        role = Role(self.role.data)
        return self.scoped_account(role, **_typed_scope(role, self.district.data, self.street.data))

    def scoped_account(self, role: Role, **scope: int | str | None) -> NewAccount:
        """The typed account with a scope that was settled elsewhere: firm_id, gate_id or district_code."""
        return NewAccount(
            name=self.name.data or "",
            display_name=self.display_name.data or "",
            password=self.password.data or "",
            role=role,
            **scope,  # type: ignore[arg-type]
        )


def _typed_scope(role: Role, district: str | None, street: str | None) -> dict[str, str | None]:
    """What was typed of the scope, as far as it belongs to the role."""
    typed = {"district_code": district or None, "street": street or None}
    return {name: value for name, value in typed.items() if name in SCOPE_OF.get(role, ())}


def _address(typed: str | None) -> str:
    address = parse_email(typed or "")
    assert not isinstance(address, EmailProblem)
    return address
