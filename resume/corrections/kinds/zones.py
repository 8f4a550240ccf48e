"""The level of places is declared by hand, or lifted by the district for a time (提级管理)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import lazy_gettext as _

from resume.clock import parse_time
from resume.corrections.kinds.kind import Change, Concern, Correctable, moment_or_none, shown
from resume.evidence.shapes import Entry
from resume.places.queries import buildings_by_id
from resume.refusals import Text

LEVELS: dict[str, Text] = {"sealed": _("封控区"), "controlled": _("管控区"), "precaution": _("防范区")}
WAYS: dict[str, Text] = {"declared": _("公布"), "uplift": _("提级管理")}
NAMED = 6


@dataclass(frozen=True)
class DeclareZone(Correctable):
    """A level for buildings from `since` until `until` (ISO times; until "" = open); `way` is one of WAYS."""

    kind: ClassVar[str] = "zone_declare"
    title: ClassVar[Text] = _("调整三区等级")

    building_ids: tuple[int, ...]
    level: str
    way: str
    since: str
    until: str = ""
    reason: str = ""

    @property
    def subject(self) -> str:
        return f"zone:{min(self.building_ids)}"

    def concerns(self) -> Concern:
        return Concern(frozenset(self.building_ids))

    def changes(self, mark: str) -> Sequence[Change]:  # noqa: ARG002 - a zone is known by place, way and since
        said = {
            "level": self.level,
            "kind": self.way,
            "since": parse_time(self.since),
            "until": moment_or_none(self.until),
            "reason": self.reason,
        }
        entries = [
            Entry(line, {"building_id": building_id} | said)
            for line, building_id in enumerate(self.building_ids, start=1)
        ]
        return [Change("zones", tuple(entries))]

    def described(self) -> Sequence[tuple[Text, Text]]:
        names = [row.short_name for row in buildings_by_id(self.building_ids).values()]
        more = f"…（{len(names)}）" if len(names) > NAMED else ""
        lines: list[tuple[Text, Text]] = [
            (_("楼栋"), "、".join(names[:NAMED]) + more),
            (_("等级"), LEVELS[self.level]),
            (_("方式"), WAYS[self.way]),
            (_("起始时间"), shown(parse_time(self.since))),
        ]
        if self.until:
            lines.append((_("结束时间"), shown(parse_time(self.until))))
        return [*lines, (_("原因"), self.reason)] if self.reason else lines
