"""Moments: whole seconds with an offset, read strictly and shown in Asia/Shanghai."""

import re
from datetime import MAXYEAR, UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)

_DATE_TIME = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
_FRACTION = r"(?:[.,][0-9]+)?"
_OFFSET = r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
_MOMENT = re.compile(_DATE_TIME + _FRACTION + _OFFSET)


class BadMoment(ValueError):
    """A text that is no moment; `str(error)` is the reason in a few words."""


def parse_moment(text: str) -> datetime:
    """The moment of an ISO 8601 text (extended format, `T`, an offset), in UTC, cut to the second.

    Raises BadMoment: "time without offset", "not an ISO 8601 time", "time out of range".
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise BadMoment("not an ISO 8601 time")
    if match[2] is None:
        raise BadMoment("time without offset")
    try:
        moment = datetime.fromisoformat(match[1] + match[2])
    except ValueError:
        raise BadMoment("not an ISO 8601 time") from None
    try:
        in_utc = moment.astimezone(UTC)
        if in_utc.year == MAXYEAR:
            in_utc.astimezone(SHANGHAI)  # compared in UTC, shown in Shanghai: both must be able to hold it
    except OverflowError:
        raise BadMoment("time out of range") from None
    return in_utc


def whole_second(moment: datetime) -> datetime:
    """The moment with its fraction of a second cut. Raises ValueError where it has no offset."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset")
    return moment.replace(microsecond=0) if moment.microsecond else moment


@lru_cache(maxsize=4096)  # a list is judged at one moment, and the workers of a building share its cases
def start_of_day(moment: datetime, *, plus_days: int) -> datetime:
    """00:00:00 in Shanghai, `plus_days` days after the Shanghai date of `moment`."""
    day = moment.astimezone(SHANGHAI).date() + timedelta(days=plus_days)
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def shown(moment: datetime) -> str:
    """`2022-04-24T09:00:00+08:00`: the moment as all formats of this project print it."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
