"""Corrections of cases: attributed to another building, or not counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _

from resume.corrections.kinds.kind import (
    Change,
    Concern,
    Correctable,
    content_of,
    counting_row,
    kept_row,
    marked,
    shown,
)
from resume.evidence.models import CaseRecord
from resume.evidence.shapes import CASES, Entry
from resume.places.queries import buildings_by_id
from resume.refusals import Text

EXCLUSIONS: dict[str, Text] = {
    "re_positive": _("复阳"),
    "found_in_isolation": _("隔离点发现，采样前已离楼"),
    "corrected": _("经核实不是阳性，或不属于本楼"),
}


@dataclass(frozen=True)
class MoveCase(Correctable):
    """A case belongs to another building (归属更正); it keeps the time of its report."""

    kind: ClassVar[str] = "case_move"
    title: ClassVar[Text] = _("病例改归其他楼栋")

    row_id: int
    building_id: int
    unit: str = ""

    @property
    def subject(self) -> str:
        return f"case:{self.row_id}"

    def concerns(self) -> Concern:
        return Concern(frozenset([self._case().building_id, self.building_id]))

    def changes(self, mark: str) -> Sequence[Change]:
        return [_correction_of(self._case(), mark, building_id=self.building_id, unit=self.unit)]

    def described(self) -> Sequence[tuple[Text, Text]]:
        case = kept_row(CaseRecord, self.row_id)
        names = buildings_by_id({case.building_id, self.building_id})
        return [
            *_named(case),
            (_("原归属"), names[case.building_id].short_name + case.unit),
            (_("改归"), names[self.building_id].short_name + self.unit),
        ]

    def _case(self) -> CaseRecord:
        return counting_row(CaseRecord, self.row_id)


@dataclass(frozen=True)
class ExcludeCase(Correctable):
    """A case does not count for its building (不计入); the reason is one of EXCLUSIONS."""

    kind: ClassVar[str] = "case_exclude"
    title: ClassVar[Text] = _("病例不计入楼栋")

    row_id: int
    reason: str

    @property
    def subject(self) -> str:
        return f"case:{self.row_id}"

    def concerns(self) -> Concern:
        return Concern(frozenset([self._case().building_id]))

    def changes(self, mark: str) -> Sequence[Change]:
        return [_correction_of(self._case(), mark, excluded=self.reason)]

    def described(self) -> Sequence[tuple[Text, Text]]:
        case = kept_row(CaseRecord, self.row_id)
        name = buildings_by_id({case.building_id})[case.building_id].short_name
        return [*_named(case), (_("归属楼栋"), name + case.unit), (_("不计入原因"), EXCLUSIONS[self.reason])]

    def _case(self) -> CaseRecord:
        return counting_row(CaseRecord, self.row_id)


def _named(case: CaseRecord) -> list[tuple[Text, Text]]:
    return [(_("病例编号"), case.case_id), (_("报告时间"), shown(case.reported_at))]


def _correction_of(case: CaseRecord, mark: str, **changed: Any) -> Change:
    ids = {"case_id": marked(case.case_id, mark), "supersedes": case.case_id}
    return Change("cases", (Entry(1, content_of(CASES, case) | ids | changed),))
