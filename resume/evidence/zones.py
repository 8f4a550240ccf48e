"""Which level holds at a place, and why: every record that holds, and which of them stands.

docs/adr/0009-what-level-holds.md says how the level is found; `buildings.standing` is the one place where it
is. One query for any number of buildings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from resume.db import UtcTime, reading
from resume.evidence.buildings import standing, zone_of, zone_rank
from resume.evidence.models import ZoneRecord
from resume.policy import Text
from resume.policy.facts import Zone
from resume.policy.findings import Said, Sentence, Value
from resume.policy.zones import LEVELS
from resume.sets import dialect, packed, within_named

_DECLARED = Sentence(zh="{since:minute}起公布为{level}", en="Declared {level_en} since {since:minute}")
_RAISED = Sentence(
    zh="{since:minute}报告阳性，上升为{level}",
    en="Raised to {level_en} by a positive reported at {since:minute}",
)
_UPLIFT = Sentence(
    zh="{since:minute}起由区提级管理为{level}", en="Lifted to {level_en} by the district since {since:minute}"
)
_WORDS = {"declared": _DECLARED, "raised": _RAISED, "uplift": _UPLIFT}
_UNTIL = Sentence(zh="，至{until:minute}结束", en=", ending at {until:minute}")
_STANDS = Sentence(zh="。", en=".")
_COVERED = Sentence(zh="；另有更高等级，现按更高等级管理。", en="; a higher level holds beside it.")
_REPLACED = Sentence(
    zh="；已由{newer:minute}起的记录代替。", en="; replaced by the record since {newer:minute}."
)


class ZoneState(NamedTuple):
    """One counting row of the zones ledger that has begun, whether it has ended or not."""

    building_id: int
    level: Zone
    kind: str
    since: datetime
    until: datetime | None
    reason: str
    raised_by: str | None

    def holds(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or self.until > at)


@dataclass(frozen=True, slots=True)
class ZoneReason:
    """A record that holds. `stands`: the newest of its kind; `decides`: the level is its level.

    `text` names no person and no case. `note` is what the feed gave as its reason: for the steward alone.
    """

    row: ZoneState
    stands: bool
    decides: bool
    newer: datetime | None = None

    @property
    def text(self) -> Text:
        zh, en = LEVELS[self.row.level]
        values: dict[str, Value] = {"since": self.row.since, "level": zh, "level_en": en}
        parts = [Said(_WORDS[self.row.kind], values)]
        if self.row.until is not None:
            parts.append(Said(_UNTIL, {"until": self.row.until}))
        if self.newer is not None:
            parts.append(Said(_REPLACED, {"newer": self.newer}))
        else:
            parts.append(Said(_STANDS if self.decides else _COVERED))
        texts = [part.text for part in parts]
        return {"zh": "".join(text["zh"] for text in texts), "en": "".join(text["en"] for text in texts)}

    @property
    def note(self) -> str:
        return self.row.reason


@dataclass(frozen=True, slots=True)
class ZoneStatus:
    """The level of one building at a moment, None: no record holds; and all that hold, what decides first."""

    level: Zone | None
    reasons: tuple[ZoneReason, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """What stands of declarations and raises, without uplifts: `since` when its level began in one piece,
    `before` the level from which it came."""

    level: Zone
    since: datetime
    before: Zone | None


def zone_status(building_ids: Collection[int], *, at: datetime) -> dict[int, ZoneStatus]:
    """The level of each building at `at` with its reasons. One query."""
    rows = read_zones(building_ids, at=at)
    return {building_id: status_of(rows.get(building_id, ()), at=at) for building_id in building_ids}


def read_zones(building_ids: Collection[int], *, at: datetime) -> dict[int, list[ZoneState]]:
    """The counting rows that have begun by `at`, by building, oldest first. One query."""
    name = dialect()
    asked = {"keys": packed(building_ids, name), "at": at}
    return by_building(map(ZoneState._make, reading().execute(_begun(name), asked)))


def by_building(rows: Iterable[ZoneState]) -> dict[int, list[ZoneState]]:
    found: dict[int, list[ZoneState]] = defaultdict(list)
    for row in rows:
        found[row.building_id].append(row)
    return found


@cache
def _begun(dialect: str) -> Select[*tuple[Any, ...]]:
    here = within_named(ZoneRecord.building_id, "keys", dialect)
    return zone_states().where(here)


def zone_states() -> Select[*tuple[Any, ...]]:
    """The statement of counting rows that have begun by `:at`, to be narrowed to some buildings."""
    columns = [getattr(ZoneRecord, name) for name in ZoneState._fields]
    begun = ZoneRecord.since <= bindparam("at", type_=UtcTime)
    query = select(*columns).where(ZoneRecord.replaced_at.is_(None), begun)
    return query.order_by(ZoneRecord.since, ZoneRecord.id)


def status_of(rows: Sequence[ZoneState], *, at: datetime) -> ZoneStatus:
    """The status of one building from its rows."""
    holding = [row for row in rows if row.holds(at)]
    level, stand = zone_of(holding), standing(holding)
    newest = {row.kind == "uplift": row for row in stand}
    reasons = []
    for row in holding:
        newer = newest[row.kind == "uplift"]
        stands = any(row is one for one in stand)
        reasons.append(
            ZoneReason(row, stands, stands and row.level == level, None if stands else newer.since)
        )
    reasons.sort(key=lambda reason: zone_rank(reason.row), reverse=True)
    reasons.sort(key=lambda reason: (not reason.decides, not reason.stands))
    return ZoneStatus(level, tuple(reasons))


def base_of(rows: Sequence[ZoneState], *, at: datetime) -> Base | None:
    """The declared or raised level that stands; how long it has been so, and what was before.

    A level confirmed by a newer record of the same level goes on: a positive in a sealed building raises it
    to what it is, and does not end the days of closing that have begun.
    """
    return base_and_level(rows, at=at)[0]


def base_and_level(rows: Sequence[ZoneState], *, at: datetime) -> tuple[Base | None, Zone | None]:
    """`base_of`, and the level with uplifts, found together."""
    if len(rows) == 1:  # most buildings of a city
        (only,) = rows
        if not only.holds(at):
            return None, None
        return (Base(only.level, only.since, None) if only.kind != "uplift" else None), only.level
    stand = standing(row for row in rows if row.holds(at))
    current = next((row for row in stand if row.kind != "uplift"), None)
    return (None if current is None else _base(current, rows)), zone_of(stand)


def _base(current: ZoneState, rows: Iterable[ZoneState]) -> Base:
    chain = sorted((row for row in rows if row.kind != "uplift"), key=zone_rank)
    place, since = chain.index(current), current.since
    if later := [row for row in chain[place + 1 :] if row.until is not None]:
        # A newer record has ended and gave the place back: the level begins again with that end.
        ended = max(later, key=lambda row: row.until or row.since)
        return Base(current.level, ended.until or since, ended.level)
    for row in reversed(chain[:place]):
        ended_before = row.until is not None and row.until < since
        if row.level != current.level:
            return Base(current.level, since, None if ended_before else row.level)
        if ended_before:
            return Base(current.level, since, None)
        since = row.since
    return Base(current.level, since, None)
