"""Slowing down guessing on the worker's page, by whom it is about and by address, as sign-ins are."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from flask_babel import lazy_gettext as _

from resume.accounts import throttle
from resume.refusals import TooMany

_SEPARATORS = re.compile(r"[^0-9A-Z]+")


class TooManyTries(TooMany):
    """Too many wrong answers for this number or link, or from this address."""

    code = "too_many_tries"
    message = _("填错次数过多，已暂停 15 分钟")
    advice = _("请稍后再试；如果不是您在填写，请告诉本单位人事或拨打通行证上的电话")


def subject_of(typed: str) -> str:
    """What is counted: the number or key whatever its separators; it is kept only as a hash."""
    return "own-page:" + _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed).upper())[:64]


def refuse_guessing(subject: str, address: str, *, at: datetime) -> None:
    """Raise TooManyTries while either has failed too often; `at` is a real moment."""
    try:
        throttle.refuse_guessing(subject, address, at=at)
    except throttle.TooManyAttempts as refusal:
        raise TooManyTries(retry_after=refusal.retry_after) from None
