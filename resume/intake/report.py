"""What came of a feed: the receipt. Holds no personal data: values are masked where they would be."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not taken in: where, what stands there, and why."""

    line: int
    column: str
    value: str
    reason: str
    reason_zh: str

    def to_json(self) -> dict[str, Any]:
        return {"line": self.line, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Report:
    """The receipt of one intake.

    Lines: accepted + unchanged + refused are all lines of the file. Effects: numbers of passes suspended and
    healed, of firms concerned, of buildings whose zone was raised, and of workers in their plants who came
    under observation.
    """

    feed: str
    accepted: int = 0
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    suspended: int = 0
    healed: int = 0
    raised_zones: int = 0
    firms: int = 0
    observed: int = 0
    unknown_columns: tuple[str, ...] = ()
    intake_id: int = field(default=0, compare=False)

    def to_json(self) -> dict[str, Any]:
        """As `resume intake` prints it (formats.md); `unknown_columns` only where there are any."""
        printed: dict[str, Any] = {
            "feed": self.feed,
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "refused": [line.to_json() for line in self.refused],
            "effects": {
                "suspended": self.suspended,
                "healed": self.healed,
                "raised_zones": self.raised_zones,
            },
        }
        if self.unknown_columns:
            printed["unknown_columns"] = list(self.unknown_columns)
        return printed

    def dumps(self) -> str:
        """The text kept with the intake."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def loads(cls, text: str) -> Report:
        """A kept receipt; the opposite of `dumps`."""
        kept = json.loads(text)
        kept["refused"] = tuple(Refused(**line) for line in kept["refused"])
        kept["unknown_columns"] = tuple(kept["unknown_columns"])
        return cls(**kept)
