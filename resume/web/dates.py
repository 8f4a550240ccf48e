"""Dates as people read them: 4月25日（周一）09:00, and 36 小时前 beside it. Pure but for the filters.

Every moment is aware and shown in Asia/Shanghai; `language` is "zh" or "en".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Flask

from resume.clock import SHANGHAI
from resume.web.language import current_language

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# fmt: off
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def day_text(day: date, language: str = "zh", *, year: bool = False) -> str:
    """4月25日（周一） or 25 April (Mon); with `year`, 2022年4月25日（周一） or 25 April 2022 (Mon)."""
    if isinstance(day, datetime):
        day = day.astimezone(SHANGHAI).date()
    if language == "en":
        dated = f"{day.day} {_MONTHS_EN[day.month - 1]}" + (f" {day.year}" if year else "")
        return f"{dated} ({_WEEKDAYS_EN[day.weekday()]})"
    dated = (f"{day.year}年" if year else "") + f"{day.month}月{day.day}日"
    return f"{dated}（周{_WEEKDAYS_ZH[day.weekday()]}）"


def clock_text(moment: datetime) -> str:
    """09:00, in Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%H:%M")


def moment_text(moment: datetime, language: str = "zh", *, year: bool = False) -> str:
    """4月25日（周一）09:00 or 25 April (Mon) 09:00."""
    gap = " " if language == "en" else ""
    return day_text(moment, language, year=year) + gap + clock_text(moment)


def full_text(moment: datetime, language: str = "zh") -> str:
    """2022年4月22日 09:14 or 22 April 2022 09:14, without the weekday: for notices and papers."""
    local = moment.astimezone(SHANGHAI)
    if language == "en":
        return f"{local.day} {_MONTHS_EN[local.month - 1]} {local.year} {clock_text(moment)}"
    return f"{local.year}年{local.month}月{local.day}日 {clock_text(moment)}"


def ago_text(moment: datetime, now: datetime, language: str = "zh") -> str:
    """How long before or after `now`: 刚刚, 5 分钟前, 36 小时前, 4 天后. Hours up to 72, as tests count."""
    seconds = int((now - moment).total_seconds())
    size = abs(seconds)
    if size < _MINUTE:
        return "just now" if language == "en" else "刚刚"
    amount, unit_zh, unit_en = _largest_unit(size)
    if language == "en":
        text = f"{amount} {unit_en}{'' if amount == 1 else 's'}"
        return f"{text} ago" if seconds > 0 else f"in {text}"
    return f"{amount} {unit_zh}{'前' if seconds > 0 else '后'}"


def left_text(moment: datetime, now: datetime, language: str = "zh") -> str:
    """How long there is still until `moment`, or since when it is past: 还有 9 小时, 已过 3 小时."""
    seconds = int((moment - now).total_seconds())
    amount, unit_zh, unit_en = _largest_unit(abs(seconds))
    if language == "en":
        text = f"{amount} {unit_en}{'' if amount == 1 else 's'}"
        return f"{text} left" if seconds >= 0 else f"{text} ago"
    return f"{'还有' if seconds >= 0 else '已过'} {amount} {unit_zh}"


def weekday_text(day: date, language: str = "zh") -> str:
    """一 or Mo: where there is room for no more and the date stands beside it."""
    if isinstance(day, datetime):
        day = day.astimezone(SHANGHAI).date()
    return _WEEKDAYS_EN[day.weekday()][:2] if language == "en" else _WEEKDAYS_ZH[day.weekday()]


def _largest_unit(seconds: int) -> tuple[int, str, str]:
    if seconds < _HOUR:
        return seconds // _MINUTE, "分钟", "minute"
    if seconds < 3 * _DAY:
        return seconds // _HOUR, "小时", "hour"
    return seconds // _DAY, "天", "day"


def _in_current_language(write: Callable[..., str]) -> Callable[..., str]:
    def filtered(value: Any, *arguments: Any, **options: Any) -> str:
        return "" if value is None else write(value, *arguments, language=current_language(), **options)

    return filtered


def init_dates(app: Flask) -> None:
    """Filters: day, weekday, moment, full_moment, ago(now), left(now), clock_time; None gives no text."""
    app.jinja_env.filters.update(
        day=_in_current_language(day_text),
        moment=_in_current_language(moment_text),
        full_moment=_in_current_language(full_text),
        ago=_in_current_language(ago_text),
        left=_in_current_language(left_text),
        weekday=_in_current_language(weekday_text),
        clock_time=lambda value: "" if value is None else clock_text(value),
    )
