"""What happened to the keys: that of passes was rotated, the first one retired; a new one of lists waits."""

from __future__ import annotations

from sqlalchemy import update

from resume import audit
from resume.db import transaction
from resume.demo.accounts import Accounts
from resume.demo.events import Event
from resume.demo.moments import BEGIN, apr
from resume.passes.keys import signing_kid
from resume.passes.models import SigningKey
from resume.passes.rotation import retire, rotate
from resume.roles import CLI


def let_keys_begin() -> None:
    """A door: the keys of a home that was made just now were there when the city began."""
    with transaction() as session:
        session.execute(update(SigningKey).values(since=BEGIN, signs_from=BEGIN))
        audit.record("keys.moved_to_the_city", "home", by=CLI, at=BEGIN)


def key_events(accounts: Accounts) -> list[Event]:
    """The new key of passes signs from 20 April, the first one is retired a day later."""
    by = accounts.administrator
    began, ended, waits = apr(19, 9), apr(21, 9, 5), apr(21, 18)
    first: list[str] = []

    def begin() -> None:
        first.append(signing_kid("RTW", began))
        rotate("RTW", reason="按期更换签发密钥", by=by, at=began)

    return [
        Event(began, "启用新密钥", begin),
        Event(ended, "停用旧密钥", lambda: retire(first[0], reason="新密钥已开始签发", by=by, at=ended)),
        Event(waits, "更换清单密钥", lambda: rotate("status", reason="按期更换清单密钥", by=by, at=waits)),
    ]
