"""Slowing down guessing on the worker's page, by whom it is about and by address, as sign-ins are."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import lazy_gettext as _

from resume.accounts.throttle import Limit
from resume.refusals import TooMany

_SEPARATORS = re.compile(r"[^0-9A-Z]+")


class TooManyTries(TooMany):
    """Too many wrong answers for this number or link, or from this address."""

    code = "too_many_tries"
    message = _("填错次数过多，已暂停 15 分钟")
    advice = _("请稍后再试；如果不是您在填写，请告诉本单位人事或拨打通行证上的电话")


def subject_of(typed: str) -> str:
    """What is counted where nobody is found: what was typed, whatever its separators; kept only as a hash."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed).upper())[:64]


#: Wrong answers about one number or key, and of one address, in a quarter of an hour.
ABOUT = Limit("own-page", 5, refusal=TooManyTries)
FROM = Limit("own-page-from", 30, refusal=TooManyTries)
