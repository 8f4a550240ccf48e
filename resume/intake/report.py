"""What came of a feed: the receipt. Holds no personal data: values are masked where they would be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

#: So many refused lines a receipt holds itself: all of a small file's. All of every file are in the table.
HELD = 20_000


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
    """The receipt of one intake, so far or altogether.

    Lines: accepted + unchanged + refused_count are all lines taken. `refused`: the first of the refused ones,
    at most HELD. Effects: numbers of passes suspended and healed, of buildings whose zone was raised and of
    workers in their plants who came under observation, and the firms concerned.
    """

    feed: str
    accepted: int = 0
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    refused_count: int = 0
    suspended: int = 0
    healed: int = 0
    raised_zones: int = 0
    observed: int = 0
    firm_ids: frozenset[int] = frozenset()
    unknown_columns: tuple[str, ...] = ()
    intake_id: int = field(default=0, compare=False)

    @property
    def firms(self) -> int:
        """How many firms' passes were suspended or healed."""
        return len(self.firm_ids)

    @property
    def lines(self) -> int:
        return self.accepted + self.unchanged + self.refused_count

    def plus(self, later: Report) -> Report:
        """This receipt going on with the next lines of the same file."""
        return replace(
            self,
            accepted=self.accepted + later.accepted,
            unchanged=self.unchanged + later.unchanged,
            refused=(self.refused + later.refused)[:HELD],
            refused_count=self.refused_count + later.refused_count,
            suspended=self.suspended + later.suspended,
            healed=self.healed + later.healed,
            raised_zones=self.raised_zones + later.raised_zones,
            observed=self.observed + later.observed,
            firm_ids=self.firm_ids | later.firm_ids,
            unknown_columns=self.unknown_columns or later.unknown_columns,
        )

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

    def json_with(self, refused: Iterable[Refused]) -> Iterable[str]:
        """The text of `to_json`, piece by piece, with all the refused lines."""
        before, after = _dumps(replace(self, refused=()).to_json()).split("[]", 1)
        yield f"{before}["
        for place, line in enumerate(refused):
            yield f"{', ' if place else ''}{_dumps(line.to_json())}"
        yield f"]{after}"

    def dumps(self) -> str:
        """The text kept with the intake; the refused lines are kept in their own table."""
        kept = asdict(self) | {"firm_ids": sorted(self.firm_ids)}
        del kept["refused"]
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def loads(cls, text: str) -> Report:
        """A kept receipt; the opposite of `dumps`."""
        kept = json.loads(text)
        kept["firm_ids"] = frozenset(kept["firm_ids"])
        kept["unknown_columns"] = tuple(kept["unknown_columns"])
        return cls(**kept)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
