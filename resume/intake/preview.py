"""What a file would come to, before anybody confirmed it. Pure; holds no personal data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from resume.intake.report import Refused, Report

#: So many bad lines are shown before a file is confirmed.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as read, and for one of a single piece what it would set off (`is_rehearsed`).

    Otherwise `report.accepted` are the lines that can be read, which the ledger may yet find unchanged or
    refuse. `columns`: those of the feed that the file has. `position`: lines taken by an earlier run that was
    interrupted; the report is of the lines after them.
    """

    report: Report
    columns: tuple[str, ...]
    is_rehearsed: bool
    position: int = 0

    @property
    def refused(self) -> Sequence[Refused]:
        """The first bad lines."""
        return self.report.refused

    def dumps(self) -> str:
        """The text kept with the file."""
        kept = {
            "report": self.report.dumps(),
            "refused": [asdict(line) for line in self.report.refused[:SHOWN]],
            "columns": self.columns,
            "is_rehearsed": self.is_rehearsed,
            "position": self.position,
        }
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def loads(cls, text: str) -> Preview:
        """A kept preview; the opposite of `dumps`."""
        kept = json.loads(text)
        refused = tuple(Refused(**line) for line in kept["refused"])
        report = replace(Report.loads(kept["report"]), refused=refused)
        return cls(report, tuple(kept["columns"]), kept["is_rehearsed"], kept["position"])
