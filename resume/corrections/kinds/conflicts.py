"""A conflict is settled: of results that disagree about one sample, one stands, or none does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _

from resume.corrections.kinds.kind import (
    Change,
    Concern,
    Correctable,
    SubjectMoved,
    content_of,
    kept_row,
    marked,
    shown,
)
from resume.evidence.conflicts import ConflictView, get_conflict, persons_in_tubes
from resume.evidence.models import SampleConflict, TestRecord
from resume.evidence.shapes import TESTS, Entry
from resume.refusals import NotFound, Text

RESULT_NAMES: dict[str, Text] = {
    "negative": _("阴性"),
    "positive": _("阳性"),
    "pending_review": _("待复核"),
    "invalid": _("无效"),
}
SOURCE_NAMES: dict[str, Text] = {"cdc": _("疾控"), "lab": _("检测机构"), "self": _("自测")}


@dataclass(frozen=True)
class SettleConflict(Correctable):
    """Which test stands (`standing_id`, a row of the ledger); 0: none, all are invalid, he samples again."""

    kind: ClassVar[str] = "conflict_settle"
    title: ClassVar[Text] = _("结果冲突裁定")

    conflict_id: int
    standing_id: int

    @property
    def subject(self) -> str:
        return f"conflict:{self.conflict_id}"

    def concerns(self) -> Concern:
        view = self._view()
        tubes = {test.tube_code for test in view.tests} - {""}
        return Concern(person_keys=frozenset([view.conflict.person_key, *persons_in_tubes(tubes)]))

    def changes(self, mark: str) -> Sequence[Change]:
        """Each test that falls is superseded by one that says what the standing one says."""
        tests = self._view().tests
        standing = self._standing(tests)
        said = {"result": standing.result} if standing is not None else {"result": "invalid"}
        falling = [test for test in tests if standing is None or test.result != standing.result]
        entries = [
            Entry(line, content_of(TESTS, standing or test) | said | self._ids(test, mark))
            for line, test in enumerate(falling, start=1)
        ]
        return [Change("tests", tuple(entries))]

    def described(self) -> Sequence[tuple[Text, Text]]:
        conflict = kept_row(SampleConflict, self.conflict_id)
        standing = kept_row(TestRecord, self.standing_id) if self.standing_id else None
        return [
            (_("相互矛盾的结果"), "、".join(json.loads(conflict.record_ids))),
            (_("采信"), said_by(standing) if standing else _("均不采信，重新采样")),
        ]

    def _view(self) -> ConflictView:
        try:
            return get_conflict(self.conflict_id)
        except NotFound:
            raise SubjectMoved from None

    def _standing(self, tests: Sequence[TestRecord]) -> TestRecord | None:
        if not self.standing_id:
            return None
        found = next((test for test in tests if test.id == self.standing_id), None)
        if found is None:
            raise SubjectMoved
        return found

    def _ids(self, test: TestRecord, mark: str) -> dict[str, Any]:
        return {"record_id": marked(test.record_id, mark), "supersedes": test.record_id}


def said_by(test: TestRecord) -> str:
    """疾控 阳性 4月21日（周四）20:00报告（T17）."""
    reported = shown(test.reported_at) if test.reported_at is not None else ""
    return f"{SOURCE_NAMES[test.source]} {RESULT_NAMES[test.result or '']} {reported}（{test.record_id}）"
