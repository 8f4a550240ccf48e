"""Accounts are made, disabled and opened again. `at` is domain time (the audit's), `real_at` real time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import update

from resume import audit
from resume.accounts import passwords, sessions
from resume.accounts.emails import set_email
from resume.accounts.lifecycle import SCOPE_OF, SCOPES, Scoped
from resume.accounts.models import Account, Invitation
from resume.accounts.queries import find_by_name
from resume.db import joined, new_id, transaction
from resume.places.queries import list_streets
from resume.refusals import Conflict, NotAllowed, NotFound, Unprocessable
from resume.roles import Actor, Role

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


class NameTaken(Conflict):
    """Another account signs in by this name."""

    code = "name_taken"
    message = _("这个账号名已被使用")
    advice = _("请换一个账号名")


class ClosedByAdministrator(NotAllowed):
    """HR wants to open an account that it has not closed."""

    code = "closed_by_administrator"
    message = _("这个账号由管理员停用")
    advice = _("请联系管理员重新启用")


class BadAccount(Unprocessable):
    """Name or scope of a new account do not fit its role."""

    code = "bad_account"
    message = _("账号信息不完整")
    advice = _("账号名用小写字母、数字、点和横线，3 到 60 个字符；并选择该角色所属的企业、区或门岗")


class UnknownStreet(Unprocessable):
    """The district has no street of this name."""

    code = "unknown_street"
    message = _("所选的区没有这个街镇")
    advice = _("请按场所登记中的全称填写，例如“演示路街道”")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made from; the scope that belongs to the role is given, the others stay empty."""

    name: str
    display_name: str
    password: str
    role: Role
    firm_id: int | None = None
    district_code: str | None = None
    gate_id: int | None = None
    street: str | None = None
    email: str | None = None
    language: str = "zh_Hans"


def create_account(new: NewAccount, *, by: Actor, at: datetime, real_at: datetime) -> Account:
    """Make an account. Raises BadAccount, WeakPassword or NameTaken."""
    account = prepare_account(new, real_at=real_at)
    with transaction():
        add_account(account, by=by, at=at)
    return account


def prepare_account(new: NewAccount, *, real_at: datetime) -> Account:
    """The account as it will be stored; hashing takes its time outside the door. BadAccount, WeakPassword."""
    name = new.name.strip().casefold()
    _require_fit(new, name)
    account = Account(
        id=new_id(),
        name=name,
        display_name=new.display_name.strip(),
        password_hash=passwords.hashed(new.password),
        role=new.role.value,
        firm_id=new.firm_id,
        district_code=new.district_code,
        gate_id=new.gate_id,
        street=new.street,
        created_at=real_at,
        language=new.language,
    )
    set_email(account, new.email)
    return account


def add_account(account: Account, *, by: Actor, at: datetime) -> None:
    """Store a prepared account: a step. Raises NameTaken."""
    if find_by_name(account.name) is not None:
        raise NameTaken
    joined().add(account)
    joined().flush()
    audit.record("account.created", subject_of(account), by=by, at=at, name=account.name, role=account.role)


def _require_fit(new: NewAccount, name: str) -> None:
    if not NAME.fullmatch(name) or not new.display_name.strip():
        raise BadAccount
    require_scope(new)
    passwords.require_strong(new.password, name=name)


def require_scope(new: Scoped) -> None:
    """Raise BadAccount unless the scope that belongs to the role is given, and no other; UnknownStreet."""
    needed = SCOPE_OF.get(new.role, ())
    for scope in SCOPES:
        if (getattr(new, scope) is not None) != (scope in needed):
            raise BadAccount
    if new.street is not None and new.street not in list_streets(new.district_code or ""):
        raise UnknownStreet


def set_disabled(account_id: UUID, disabled: bool, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Disable an account, which ends its sessions and his open invitations, or open it again.

    Nobody disables himself. HR does so with the accounts of its own firm, any other is not found, and opens
    again those that HR has disabled: what an administrator has closed, he opens.
    """
    if account_id == by.account_id:
        raise Conflict(_("不能停用自己的账号"), advice=_("请由另一位管理员办理"))
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None or (by.role is Role.HR and account.firm_id != by.firm_id):
            raise NotFound
        if account.is_disabled == disabled:
            return
        if by.role is Role.HR and account.is_disabled and account.disabled_by_role != Role.HR:
            raise ClosedByAdministrator
        account.is_disabled = disabled
        account.disabled_by_role = by.role.value if disabled and by.role else None
        if disabled:
            sessions.end_sessions(account_id, at=real_at)
            _withdraw_invitations(account_id, real_at)
        audit.record("account.disabled" if disabled else "account.enabled", subject_of(account), by=by, at=at)


def _withdraw_invitations(account_id: UUID, real_at: datetime) -> None:
    """Who may not act any more does not let others in either."""
    joined().execute(
        update(Invitation)
        .where(Invitation.invited_by == account_id)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=real_at, sealed_email=None, email_key=None)
    )


def subject_of(account: Account | None) -> str:
    """An account as the audit names it."""
    return f"account:{account.id}" if account else "account:unknown"
