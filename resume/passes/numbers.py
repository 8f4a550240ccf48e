"""Serials of passes and of their places in the status lists, taken before the passes are made.

Taken in a door of their own, so that tokens can be minted outside the one that stores them; a batch that
comes to nothing leaves a gap, and nobody reuses it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from resume.credential.indices import shard_indices
from resume.credential.number import MAX_SERIAL, pass_number
from resume.db import joined, transaction
from resume.passes.keys import index_secret
from resume.passes.models import Counter
from resume.refusals import Unavailable

_STATUS = "status-index"


class NumbersUsedUp(Unavailable):
    """A district has given all 999,999 numbers."""

    code = "numbers_used_up"
    message = _("本区通行证编号已用完，没有签发任何内容")
    advice = _("请系统管理员启用新的编号段")


@dataclass(frozen=True, slots=True)
class Reserved:
    """What belongs to one pass from now on: its number, its shard and index in the status lists."""

    number: str
    shard: int
    index: int


def reserve(district_code: str, count: int) -> list[Reserved]:
    """A door: numbers and status indices for `count` passes of a district, never given again.

    Raises NumbersUsedUp.
    """
    if not count:
        return []
    with transaction():
        first = _take(f"pass:{district_code}", count, start=1)
        if first + count - 1 > MAX_SERIAL:
            raise NumbersUsedUp
        first_index = _take(_STATUS, count, start=0)
    places = shard_indices(range(first_index, first_index + count), index_secret())
    return [
        Reserved(pass_number(district_code, serial), shard, index)
        for serial, (shard, index) in enumerate(places, start=first)
    ]


def _take(name: str, count: int, *, start: int) -> int:
    """The first of `count` serials; the counter keeps the last one given."""
    session = joined()
    row = session.get(Counter, name)
    if row is None:
        row = Counter(name=name, value=start - 1)
        session.add(row)
    first = row.value + 1
    row.value += count
    session.flush()
    return first
