"""The letters of accounts, queued as steps. None holds a password; a link's secret stands behind `#`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from resume.accounts.emails import email_of
from resume.accounts.models import Account
from resume.db import new_id
from resume.mail.letters import Letter, register
from resume.mail.outbox import Outgoing, queue
from resume.web.dates import full_text

INVITATION = register(Letter("invitation", _("邀请您开通复工通账号"), "mail/invitation.txt"))
PASSWORD = register(Letter("password_link", _("重设复工通密码"), "mail/password_link.txt"))
EMAIL = register(Letter("email_link", _("确认您的电子邮箱"), "mail/email_link.txt"))
CHANGED = register(Letter("account_changed", _("您的复工通账号有变动"), "mail/account_changed.txt"))

#: What a letter about a change may tell; the template has the words.
CHANGES = (
    "password",
    "email",
    "factor_on",
    "factor_off",
    "factor_reset",
    "recovery_used",
    "recovery_renewed",
)


def send(letter: Letter, to: str, language: str, values: Mapping[str, Any], *, real_at: datetime) -> None:
    """Queue one letter in the caller's door; moments among the values are written in its language."""
    words = {
        name: full_text(value, "en" if language == "en" else "zh") if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    queue([Outgoing(letter.kind, new_id().hex, to, language, words)], real_at=real_at)


def tell_change(
    account: Account, what: str, *, real_at: datetime, to: str | None = None, **more: Any
) -> None:
    """Tell an account's owner what was changed (one of CHANGES), in the caller's door; else tell `to`."""
    address = to or email_of(account)
    if what not in CHANGES:
        raise KeyError(what)
    if address is not None:
        values = {"what": what, "name": account.name, "at": real_at, **more}
        send(CHANGED, address, account.language, values, real_at=real_at)
