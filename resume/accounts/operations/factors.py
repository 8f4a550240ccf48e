"""Doors of the second factor: set up, change, turn off; an administrator clears another's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume import audit
from resume.accounts import letters, sessions, throttle
from resume.accounts.lifecycle import OFFERED, REQUIRED, Stage
from resume.accounts.models import Account
from resume.accounts.operations import factor_steps
from resume.accounts.operations.accounts import subject_of
from resume.accounts.operations.sign_in import SignInOver, WrongCode, require_password
from resume.db import transaction
from resume.refusals import Conflict, NotAllowed, NotFound
from resume.roles import Actor


class FactorRequired(Conflict):
    """This role works with a second factor only."""

    code = "factor_required"
    message = _("您的岗位必须使用动态验证码，不能停用")
    advice = _("换手机的，请用“更换设备”")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A second factor in use: the new session's secret, and the recovery codes, which are shown this once."""

    secret: str
    account: Account
    codes: list[str]


def begin_factor(
    account_id: UUID, password: str, code: str, *, by: Actor, at: datetime, real_at: datetime
) -> None:
    """Make a secret to be confirmed by its first code. Where a factor is in use, its code is asked for too.

    The one in use stays until then. Raises WrongSignIn, WrongCode, NotAllowed.
    """
    with _proven(account_id, password, code, at=at, real_at=real_at) as account:
        if account.role not in REQUIRED | OFFERED:
            raise NotAllowed
        factor_steps.begin(account)
        audit.record("account.factor_begun", subject_of(account), by=by, at=at)


def drop_begun(account_id: UUID, *, by: Actor, at: datetime) -> None:
    """Give up a secret that waits for its first code; nothing happens where none does."""
    with transaction() as session:
        account = session.get_one(Account, account_id)
        if account.factor is None or account.factor.sealed_pending is None:
            return
        account.factor.sealed_pending = None
        audit.record("account.factor_dropped", subject_of(account), by=by, at=at)


def confirm_factor(
    account_id: UUID, code: str, *, at: datetime, real_at: datetime, device: str = ""
) -> Confirmed:
    """Take the begun secret into use with its first code. All sessions end, and a new one begins.

    Raises WrongCode or TooManyAttempts.
    """
    counted = (throttle.CODE, str(account_id))
    with transaction() as session:
        throttle.refuse(counted, at=real_at)
        account = session.get_one(Account, account_id)
        actor, subject = sessions.actor_of(account), subject_of(account)
        is_right = factor_steps.confirm(account, code, real_at=real_at)
        if is_right:
            throttle.forget(*counted)
            codes = factor_steps.new_recovery_codes(account)
            sessions.end_sessions(account_id, at=real_at)
            secret = sessions.begin_session(account, at=real_at, device=device)
            letters.tell_change(account, "factor_on", real_at=real_at)
            audit.record("account.factor_confirmed", subject, by=actor, at=at)
        else:
            throttle.count(counted, at=real_at)
            audit.record("account.code_refused", subject, by=actor, at=at)
    if not is_right:
        raise WrongCode
    return Confirmed(secret, account, codes)


def finish_enrolment(
    secret: str, code: str, *, at: datetime, real_at: datetime, device: str = ""
) -> Confirmed:
    """Finish a first sign-in by setting the second factor up. SignInOver, WrongCode, TooManyAttempts."""
    return confirm_factor(enrolling(secret, real_at=real_at).id, code, at=at, real_at=real_at, device=device)


def enrolling(secret: str, *, real_at: datetime) -> Account:
    """The account whose sign-in waits for a second factor to be set up. Raises SignInOver."""
    row = sessions.find_unfinished(secret, at=real_at)
    if row is None or row.stage != Stage.ENROL or row.account.has_second_factor:
        raise SignInOver(advice=_("请在登录后半小时内完成设置"))
    return row.account


def renew_codes(
    account_id: UUID, password: str, code: str, *, by: Actor, at: datetime, real_at: datetime
) -> list[str]:
    """New recovery codes in place of the old ones. Raises WrongSignIn, WrongCode, NotFound."""
    with _proven(account_id, password, code, at=at, real_at=real_at) as account:
        _require_on(account)
        codes = factor_steps.new_recovery_codes(account)
        letters.tell_change(account, "recovery_renewed", real_at=real_at)
        audit.record("account.recovery_codes_renewed", subject_of(account), by=by, at=at)
    return codes


def turn_off(
    account_id: UUID, password: str, code: str, *, by: Actor, at: datetime, real_at: datetime
) -> None:
    """Do without a second factor again. Raises FactorRequired, WrongSignIn, WrongCode, NotFound."""
    if by.role in REQUIRED:
        raise FactorRequired
    with _proven(account_id, password, code, at=at, real_at=real_at) as account:
        _require_on(account)
        factor_steps.take_away(account)
        letters.tell_change(account, "factor_off", real_at=real_at)
        audit.record("account.factor_turned_off", subject_of(account), by=by, at=at)


def reset_factor(account_id: UUID, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Clear another's second factor, whose telephone is lost: his sessions end, and he sets up a new one.

    Nobody clears his own. Raises Conflict, NotFound.
    """
    if account_id == by.account_id:
        raise Conflict(_("不能清除自己的动态验证码"), advice=_("请由另一位管理员办理，或用恢复码登录"))
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound
        _require_on(account)
        factor_steps.take_away(account)
        sessions.end_sessions(account_id, at=real_at)
        letters.tell_change(account, "factor_reset", real_at=real_at)
        audit.record("account.factor_reset", subject_of(account), by=by, at=at)


@contextmanager
def _proven(
    account_id: UUID, password: str, code: str, *, at: datetime, real_at: datetime
) -> Iterator[Account]:
    """A door for one who has proved again who he is: by his password, and by a code where a factor is in use.

    A code that was right is used up with what is done; one that was wrong is counted, and nothing is done.
    """
    require_password(account_id, password, at=at, real_at=real_at)
    counted = (throttle.CODE, str(account_id))
    with transaction() as session:
        throttle.refuse(counted, at=real_at)  # inside: a burst of guesses is no more than the limit
        account = session.get_one(Account, account_id)
        is_right = not account.has_second_factor or factor_steps.use(account, code, real_at=real_at)
        if is_right:
            yield account
            return
        throttle.count(counted, at=real_at)
        audit.record("account.code_refused", subject_of(account), by=sessions.actor_of(account), at=at)
    raise WrongCode


def _require_on(account: Account) -> None:
    if not account.has_second_factor:
        raise NotFound
