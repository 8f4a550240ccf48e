"""What happened to the keys: that of passes was rotated, the first one retired; a new one of lists waits."""

from __future__ import annotations

from resume.demo.accounts import Accounts
from resume.demo.events import Event
from resume.demo.moments import apr
from resume.passes.keys import signing_kid
from resume.passes.rotation import retire, rotate


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
