"""Time: one clock, aware times, and how they are read and written.

Only routes, the command line and jobs ask what time it is (`now`); everything below is told (`at=`).
Domain time may be shifted (a demo home lives in April 2022); sessions, second factors, leases and
certificates live in real time (`real_now`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_source: list[Callable[[], datetime]] = []


def real_now() -> datetime:
    """The real time, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Domain time to the second (fractions are cut), in UTC: the real one, or the home's own."""
    moment = _source[-1]() if _source else real_now()
    return moment.replace(microsecond=0)


def use_source(source: Callable[[], datetime]) -> None:
    """Let `now` read from `source` in this process (the demo home's clock, or a fixed moment)."""
    _source[:] = [source]


def parse_time(text: str) -> datetime:
    """An ISO 8601 time with an offset, as aware UTC without fractions; ValueError says what is wrong."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise ValueError(f"not an ISO 8601 time: {text[:40]!r}") from None
    if moment.tzinfo is None:
        raise ValueError("time without offset")
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("time out of range") from None


def iso(moment: datetime) -> str:
    """As printed everywhere: Asia/Shanghai, to the second, with +08:00."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def iso_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)


def shanghai_date(moment: datetime) -> date:
    """The date on the wall in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def start_of_day(day: date, plus_days: int = 0) -> datetime:
    """00:00 in Shanghai of `day` + `plus_days`, as UTC."""
    return datetime.combine(day + timedelta(days=plus_days), time(), SHANGHAI).astimezone(UTC)
