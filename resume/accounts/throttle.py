"""Slowing down guessing: failed sign-ins are counted by name and by address, both kept only as hashes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from resume.accounts.models import FailedAttempt
from resume.db import bulk_insert, joined, reading
from resume.refusals import TooMany

WINDOW = timedelta(minutes=15)
MOST_BY_NAME, MOST_BY_ADDRESS = 5, 30


class TooManyAttempts(TooMany):
    """Too many failed sign-ins for this name or from this address."""

    code = "too_many_attempts"
    message = _("登录失败次数过多，已暂停 15 分钟")
    advice = _("请稍后再试；忘记密码请联系系统管理员")


def refuse_guessing(name: str, address: str, *, at: datetime) -> None:
    """Raise TooManyAttempts while either has failed too often in the last quarter of an hour."""
    subjects = {_hash("name", name): MOST_BY_NAME, _hash("address", address): MOST_BY_ADDRESS}
    rows = reading().execute(
        select(FailedAttempt.subject, func.count(), func.min(FailedAttempt.at))
        .where(FailedAttempt.subject.in_(subjects), FailedAttempt.at > at - WINDOW)
        .group_by(FailedAttempt.subject)
    )
    for subject, count, first in rows:
        if count >= subjects[subject]:
            raise TooManyAttempts(retry_after=int((first + WINDOW - at).total_seconds()) + 1)


def count_failure(name: str, address: str, *, at: datetime) -> None:
    """Count one failure, in the caller's door, and forget those that no longer matter."""
    joined().execute(delete(FailedAttempt).where(FailedAttempt.at <= at - WINDOW))
    subjects = (_hash("name", name), _hash("address", address))
    bulk_insert(FailedAttempt, [{"subject": subject, "at": at} for subject in subjects])


def forgive(name: str) -> None:
    """Forget the failures of a name that has signed in."""
    joined().execute(delete(FailedAttempt).where(FailedAttempt.subject == _hash("name", name)))


def _hash(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\x00{text.casefold()}".encode()).hexdigest()
