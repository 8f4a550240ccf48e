"""What a device uploads, read leniently: an event that happened is never refused for a field of its report.

Only what does not say what happened is rejected. A moment or lane that cannot be read is taken to be now and
the gate's own, the clock is doubtful then; an unreadable nonce becomes one of the content, so that the same
event sent again is still the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from flask_babel import lazy_gettext as _

from resume.clock import iso_or_none, parse_time
from resume.credential.views import Antigen
from resume.gate.lifecycle import Action
from resume.refusals import Text

MOST_AT_ONCE = 100
MOST_PRESENTED = 4096  # characters; a QR of ours has at most 600
#: A device this far ahead of the server has a clock that nobody can rely on.
AHEAD = timedelta(minutes=5)
#: What is older than passes live was estimated by a clock that stood still.
OLDEST = timedelta(days=30)
MOST_COUNTED = 2**31 - 1
_SHOWN = {"verdict": 8, "code": 24, "advice": 24}
_MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Uploaded:
    """One event as a device reports it. `at` is never ahead of the server; `is_doubtful`: its clock."""

    nonce: UUID
    action: Action
    lane: str
    at: datetime
    device_at: datetime | None
    is_doubtful: bool
    counter: int | None
    presented: str
    shown: Mapping[str, Any]
    refusal: str
    antigen: Antigen | None
    annuls: UUID | None

    @property
    def content(self) -> str:
        """What makes the event what it is; the moment it is received is no part of it."""
        fields = [
            self.action.value,
            self.lane,
            iso_or_none(self.device_at),
            self.counter,
            self.presented,
            self.shown,
            self.refusal,
            self.antigen,
            str(self.annuls),
        ]
        return json.dumps(fields, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry that does not say what happened, and why it cannot be read."""

    nonce: str
    why: Text


def read_uploads(entries: list[Any], *, lane: str, at: datetime) -> list[Uploaded | Unreadable]:
    """The entries in their order. `lane`: the gate's own; `at`: the moment they are received."""
    return [read_upload(entry, lane=lane, at=at) for entry in entries]


def read_upload(entry: Any, *, lane: str, at: datetime) -> Uploaded | Unreadable:
    """One entry."""
    if not isinstance(entry, dict):
        return Unreadable("", _("不是一条记录"))
    try:
        action = Action(_text(entry.get("action"), 12))
    except ValueError:
        return Unreadable(_text(entry.get("nonce"), 60), _("没有说明做了什么，不能登记"))
    stated, moment, is_doubtful = _moment(entry, at)
    antigen = entry.get("antigen")
    shown: dict[str, Any] = {name: _text(entry.get(name), most) for name, most in _SHOWN.items()}
    reasons = entry.get("reasons")
    reasons = reasons if isinstance(reasons, list) else []
    shown["reasons"] = [_text(reason, 24) for reason in reasons[:_MOST_REASONS]]
    return Uploaded(
        nonce=_nonce(entry),
        action=action,
        lane=entry["lane"] if entry.get("lane") in ("out", "in") else lane,
        at=moment,
        device_at=_time(entry.get("device_at")),
        is_doubtful=is_doubtful or not stated or entry.get("clock") != "good",
        counter=_counter(entry.get("counter")),
        presented=_text(entry.get("presented"), MOST_PRESENTED).strip(),
        shown=shown,
        refusal=_text(entry.get("refusal"), 24),
        antigen=antigen if antigen in ("negative", "positive") else None,
        annuls=_uuid(entry.get("annuls")),
    )


def _moment(entry: Mapping[str, Any], at: datetime) -> tuple[bool, datetime, bool]:
    """Whether a moment was stated, the one to go by, and whether it is beyond belief."""
    stated = _time(entry.get("at")) or _time(entry.get("device_at"))
    if stated is None:
        return False, at, True
    if stated > at:
        return True, at, stated > at + AHEAD
    return True, max(stated, at - OLDEST), stated < at - OLDEST


def _nonce(entry: Mapping[str, Any]) -> UUID:
    nonce = _uuid(entry.get("nonce"))
    return nonce or uuid5(NAMESPACE_OID, json.dumps(entry, sort_keys=True, default=str))


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None


def _time(value: Any) -> datetime | None:
    try:
        return parse_time(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _counter(value: Any) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= MOST_COUNTED else None


def _text(value: Any, most: int) -> str:
    """A text as a database keeps it: no zero characters, no halves of a pair."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()[:most]
