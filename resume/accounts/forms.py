"""Forms of sign-in and of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from resume.accounts.operations import SCOPE_OF, NewAccount
from resume.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from resume.places.districts import DISTRICT_NAMES
from resume.roles import ROLE_NAMES, Role
from resume.web.fields import Form, StrippedString

#: Roles of the city's and the districts' side; HR comes from its firm's page, a guard from his gate's.
CITY_ROLES = (Role.REVIEWER, Role.SIGN_OFF, Role.STEWARD, Role.AUDITOR, Role.ADMINISTRATOR)


class SignInForm(Form):
    """Name and password."""

    name = StrippedString(_("账号"), [InputRequired(), Length(max=60)])
    password = PasswordField(_("密码"), [InputRequired(), Length(max=MAX_LENGTH)])


class PasswordForm(Form):
    """A person's own new password."""

    current = PasswordField(_("现在的密码"), [InputRequired(), Length(max=MAX_LENGTH)])
    new = PasswordField(_("新密码"), [InputRequired(), Length(MIN_LENGTH, MAX_LENGTH)])


class AccountForm(Form):
    """A new account. Which scope is asked for depends on the role; HR and guards come with theirs."""

    name = StrippedString(_("账号名"), [InputRequired(), Length(3, 60)])
    display_name = StrippedString(_("姓名或岗位"), [InputRequired(), Length(max=60)])
    password = PasswordField(_("初始密码"), [InputRequired(), Length(MIN_LENGTH, MAX_LENGTH)])
    role = SelectField(_("角色"), choices=[(role.value, _(ROLE_NAMES[role])) for role in CITY_ROLES])
    district = SelectField(
        _("所属区"), choices=[("", "—"), *((code, name) for code, name in DISTRICT_NAMES.items())], default=""
    )

    def fix_scope(self) -> None:
        """Take away what is settled by the firm or the gate the account belongs to."""
        del self.role
        del self.district

    def city_account(self) -> NewAccount:
        """The typed account of the city's or a district's side."""
        role = Role(self.role.data)
        needs_district = SCOPE_OF.get(role) == "district_code"
        return self.scoped_account(
            role, district_code=(self.district.data or None) if needs_district else None
        )

    def scoped_account(self, role: Role, **scope: int | str | None) -> NewAccount:
        """The typed account with a scope that was settled elsewhere: firm_id, gate_id or district_code."""
        return NewAccount(
            name=self.name.data or "",
            display_name=self.display_name.data or "",
            password=self.password.data or "",
            role=role,
            **scope,  # type: ignore[arg-type]
        )
