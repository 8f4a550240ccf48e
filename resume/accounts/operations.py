"""Doors of accounts. `at` is domain time (the audit's), `real_at` real time (sessions', throttling's)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume import audit
from resume.accounts import passwords, sessions, throttle
from resume.accounts.models import Account
from resume.accounts.queries import find_by_name
from resume.db import transaction
from resume.refusals import Conflict, NotFound, Unprocessable
from resume.roles import Actor, Role

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
#: The scope each role must have, and no other.
SCOPE_OF = {
    Role.HR: "firm_id",
    Role.REVIEWER: "district_code",
    Role.SIGN_OFF: "district_code",
    Role.GUARD: "gate_id",
}


class NameTaken(Conflict):
    """Another account signs in by this name."""

    code = "name_taken"
    message = _("这个账号名已被使用")
    advice = _("请换一个账号名")


class BadAccount(Unprocessable):
    """Name or scope of a new account do not fit its role."""

    code = "bad_account"
    message = _("账号信息不完整")
    advice = _("账号名用小写字母、数字、点和横线，3 到 60 个字符；并选择该角色所属的企业、区或门岗")


class WrongSignIn(Unprocessable):
    """Name or password is wrong; which one is not said."""

    code = "wrong_sign_in"
    message = _("账号或密码不对")
    advice = _("请核对后再试；连续 5 次失败将暂停 15 分钟")


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


def create_account(new: NewAccount, *, by: Actor, at: datetime, real_at: datetime) -> Account:
    """Make an account. Raises BadAccount, WeakPassword or NameTaken."""
    name = new.name.strip().casefold()
    _require_fit(new, name)
    account = Account(
        name=name,
        display_name=new.display_name.strip(),
        password_hash=passwords.hashed(new.password),
        role=new.role.value,
        firm_id=new.firm_id,
        district_code=new.district_code,
        gate_id=new.gate_id,
        created_at=real_at,
    )
    with transaction() as session:
        if find_by_name(name) is not None:
            raise NameTaken
        session.add(account)
        session.flush()
        audit.record("account.created", f"account:{account.id}", by=by, at=at, name=name, role=new.role.value)
    return account


def _require_fit(new: NewAccount, name: str) -> None:
    if not NAME.fullmatch(name) or not new.display_name.strip():
        raise BadAccount
    needed = SCOPE_OF.get(new.role)
    for scope in ("firm_id", "district_code", "gate_id"):
        if (getattr(new, scope) is not None) != (scope == needed):
            raise BadAccount
    weakness = passwords.weakness(new.password, name=name)
    if weakness is not None:
        raise passwords.WeakPassword(weakness)


def sign_in(
    name: str, password: str, *, address: str, at: datetime, real_at: datetime
) -> tuple[str, Account]:
    """Check a password and open a session: its secret and the account.

    Raises WrongSignIn or TooManyAttempts.
    """
    throttle.refuse_guessing(name.strip(), address, at=real_at)
    account = find_by_name(name)
    right = passwords.is_right(password, account.password_hash if account else None)
    if account is None or not right or account.is_disabled:
        with transaction():
            throttle.count_failure(name.strip(), address, at=real_at)
            audit.record("account.sign_in_failed", _subject(account), by=Actor("public"), at=at)
        raise WrongSignIn
    with transaction():
        throttle.forgive(name.strip())
        secret = sessions.begin_session(account, at=real_at)
        audit.record("account.signed_in", _subject(account), by=sessions.actor_of(account), at=at)
    return secret, account


def sign_out(secret: str, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """End a session for good."""
    with transaction():
        sessions.end_session(secret, at=real_at)
        audit.record("account.signed_out", f"account:{by.account_id}", by=by, at=at)


def change_password(
    account_id: UUID, current: str, new: str, *, by: Actor, at: datetime, real_at: datetime
) -> None:
    """Set a new password and end all sessions of the account. Raises WrongSignIn or WeakPassword."""
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound
        if not passwords.is_right(current, account.password_hash):
            raise WrongSignIn(_("现在的密码不对"))
        weakness = passwords.weakness(new, name=account.name)
        if weakness is not None:
            raise passwords.WeakPassword(weakness)
        account.password_hash = passwords.hashed(new)
        sessions.end_sessions(account_id, at=real_at)
        audit.record("account.password_changed", _subject(account), by=by, at=at)


def set_disabled(account_id: UUID, disabled: bool, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Disable an account, which ends its sessions, or open it again. Nobody disables himself."""
    if account_id == by.account_id:
        raise Conflict(_("不能停用自己的账号"), advice=_("请由另一位管理员办理"))
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound
        if account.is_disabled == disabled:
            return
        account.is_disabled = disabled
        if disabled:
            sessions.end_sessions(account_id, at=real_at)
        audit.record("account.disabled" if disabled else "account.enabled", _subject(account), by=by, at=at)


def _subject(account: Account | None) -> str:
    return f"account:{account.id}" if account else "account:unknown"
