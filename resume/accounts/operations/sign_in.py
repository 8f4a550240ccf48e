"""Signing in, in two steps where there is a second factor, and out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume import audit
from resume.accounts import passwords, sessions, throttle
from resume.accounts.lifecycle import Stage, stage_after_password
from resume.accounts.models import Account
from resume.accounts.operations import factor_steps
from resume.accounts.operations.accounts import subject_of
from resume.accounts.queries import find_by_name, get_account
from resume.db import transaction
from resume.refusals import Conflict, Unprocessable
from resume.roles import Actor

_PASSED = {
    Stage.OPEN: "account.signed_in",
    Stage.CODE: "account.password_accepted",
    Stage.ENROL: "account.password_accepted",
}


class WrongSignIn(Unprocessable):
    """Name or password is wrong; which one is not said."""

    code = "wrong_sign_in"
    message = _("账号或密码不对")
    advice = _("请核对后再试；连续 5 次失败将暂停 15 分钟")


class WrongCode(Unprocessable):
    """The code is not of this moment, or was used."""

    code = "wrong_code"
    message = _("验证码不对，或已用过")
    advice = _("请输入现在显示的验证码；刚用过的，请等下一个。恢复码每个只能用一次")


class SignInOver(Conflict):
    """The sign-in took too long, or was finished elsewhere."""

    code = "sign_in_over"
    message = _("这次登录已超时，请重新登录")
    advice = _("输入密码后请在 5 分钟内输入验证码")


def sign_in(
    name: str, password: str, *, address: str, at: datetime, real_at: datetime, device: str = ""
) -> tuple[str, Account]:
    """Check a password and open a session: its secret and the account.

    What the session opens is `lifecycle.stage_after_password(account)`: with a second factor it is one that
    waits for the code. Raises WrongSignIn or TooManyAttempts.
    """
    asked = (throttle.NAME, name), (throttle.ADDRESS, address)
    throttle.refuse(*asked, at=real_at)
    account = find_by_name(name)
    right = passwords.is_right(password, account.password_hash if account else None)
    if account is None or not right or account.is_disabled:
        with transaction():
            throttle.count(*asked, at=real_at)
            audit.record("account.sign_in_failed", subject_of(account), by=Actor("public"), at=at)
        raise WrongSignIn
    with transaction():
        throttle.forget(throttle.NAME, name)
        secret = enter(account, device=device, at=at, real_at=real_at)
    return secret, account


def enter(account: Account, *, device: str, at: datetime, real_at: datetime) -> str:
    """Open the session that a proven password leads to: a step; the secret for the cookie."""
    stage = stage_after_password(account)
    if stage is Stage.ENROL:
        factor_steps.begin(account)
    secret = sessions.begin_session(account, at=real_at, stage=stage, device=device)
    audit.record(_PASSED[stage], subject_of(account), by=sessions.actor_of(account), at=at)
    return secret


def enter_code(
    secret: str, typed: str, *, at: datetime, real_at: datetime, device: str = ""
) -> tuple[str, Account]:
    """Finish a sign-in with a code or a recovery code: a new session's secret, and the account.

    Of two that send one code at once, one is let in. Raises SignInOver, WrongCode or TooManyAttempts.
    """
    waiting = _waiting(secret, real_at)
    throttle.refuse((throttle.CODE, str(waiting.id)), at=real_at)
    with transaction():
        account = _waiting(secret, real_at)
        # Asked again where doors come one after another: a burst of guesses is no more than the limit.
        throttle.refuse((throttle.CODE, str(account.id)), at=real_at)
        actor, subject = sessions.actor_of(account), subject_of(account)
        used = factor_steps.use(account, typed, real_at=real_at)
        if used is None:
            throttle.count((throttle.CODE, str(account.id)), at=real_at)
            audit.record("account.code_refused", subject, by=actor, at=at)
        else:
            throttle.forget(throttle.CODE, str(account.id))
            sessions.end_session(secret, at=real_at)
            fresh = sessions.begin_session(account, at=real_at, device=device)
            audit.record("account.signed_in", subject, by=actor, at=at, factor=used)
    if used is None:
        raise WrongCode
    return fresh, account


def _waiting(secret: str, real_at: datetime) -> Account:
    row = sessions.find_unfinished(secret, at=real_at)
    if row is None or row.stage != Stage.CODE:
        raise SignInOver
    return row.account


def sign_out(secret: str, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """End a session for good."""
    with transaction():
        sessions.end_session(secret, at=real_at)
        audit.record("account.signed_out", f"account:{by.account_id}", by=by, at=at)


def end_others(account_id: UUID, secret: str, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """End every session of an account but the one of this secret."""
    with transaction():
        sessions.end_sessions(account_id, at=real_at, but=secret)
        audit.record("account.other_sessions_ended", f"account:{account_id}", by=by, at=at)


def require_password(account_id: UUID, password: str, *, at: datetime, real_at: datetime) -> Account:
    """The account whose owner has proved again who he is. Raises WrongSignIn or TooManyAttempts.

    Failures count as those at the sign-in: whoever sits at an open browser has no more guesses there.
    """
    account = get_account(account_id)
    throttle.refuse((throttle.NAME, account.name), at=real_at)
    if not passwords.is_right(password, account.password_hash):
        with transaction():
            throttle.count((throttle.NAME, account.name), at=real_at)
            actor = sessions.actor_of(account)
            audit.record("account.password_refused", subject_of(account), by=actor, at=at)
        raise WrongSignIn(_("现在的密码不对"))
    return account
