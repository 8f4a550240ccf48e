"""Slowing down guessing and flooding: attempts are counted by what is tried and by address, as hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from resume.accounts.models import FailedAttempt
from resume.db import bulk_insert, joined, reading
from resume.refusals import TooMany

WINDOW = timedelta(minutes=15)
HOUR = timedelta(hours=1)
MOST_BY_NAME, MOST_BY_ADDRESS = 5, 30


class TooManyAttempts(TooMany):
    """Too many failed sign-ins for this name or from this address."""

    code = "too_many_attempts"
    message = _("登录失败次数过多，已暂停 15 分钟")
    advice = _("请稍后再试；忘记密码的，可在登录页申请重设")


class TooManyRequests(TooMany):
    """Asked too often, by this address or about this one thing."""

    code = "too_many_requests"
    message = _("提交过于频繁，已暂停受理")
    advice = _("请在一小时后再试")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts of one subject within `window`, then `refusal`."""

    kind: str
    most: int
    window: timedelta = WINDOW
    refusal: type[TooMany] = TooManyAttempts


NAME = Limit("name", MOST_BY_NAME)
ADDRESS = Limit("address", MOST_BY_ADDRESS)
#: Codes of the second factor, by account: five guesses of a million in a quarter of an hour.
CODE = Limit("code", 5)
#: Links that are none, by address: their secrets have 256 bits, this spares the database.
LINK = Limit("link", 30)
RESET = Limit("reset", 3, HOUR, TooManyRequests)
RESET_FROM = Limit("reset-from", 20, HOUR, TooManyRequests)
SIGN_UP_FROM = Limit("sign-up", 10, HOUR, TooManyRequests)
INVITE = Limit("invite", 60, HOUR, TooManyRequests)

Asked = tuple[Limit, str]


def refuse(*asked: Asked, at: datetime) -> None:
    """Raise a limit's refusal while its subject was tried too often. One statement for all."""
    limits = {_hash(limit.kind, text): limit for limit, text in asked}
    longest = max(limit.window for limit in limits.values())
    rows = reading().execute(
        select(FailedAttempt.subject, FailedAttempt.at)
        .where(FailedAttempt.subject.in_(limits), FailedAttempt.at > at - longest)
        .order_by(FailedAttempt.at)
    )
    moments: dict[str, list[datetime]] = {}
    for subject, moment in rows:
        if moment > at - limits[subject].window:
            moments.setdefault(subject, []).append(moment)
    for subject, tried in moments.items():
        limit = limits[subject]
        if len(tried) >= limit.most:
            # Tried again after as many have lapsed as keep it below the limit.
            lapses = tried[len(tried) - limit.most] + limit.window
            raise limit.refusal(retry_after=int((lapses - at).total_seconds()) + 1)


def count(*asked: Asked, at: datetime) -> None:
    """Count one attempt of each, in the caller's door, and forget those that no longer matter."""
    joined().execute(delete(FailedAttempt).where(FailedAttempt.at <= at - HOUR))
    bulk_insert(FailedAttempt, [{"subject": _hash(limit.kind, text), "at": at} for limit, text in asked])


def forget(limit: Limit, text: str) -> None:
    """Forget what was counted of one subject, in the caller's door."""
    joined().execute(delete(FailedAttempt).where(FailedAttempt.subject == _hash(limit.kind, text)))


def _hash(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\x00{text.strip().casefold()}".encode()).hexdigest()
