"""How a section is described: its fields, its repeated rows, and what the machine checks. Pure data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from resume.refusals import Text

#: The source of what no published text asks for: this project's own, and shown as such.
ASSUMED = "assumed"


class Kind(StrEnum):
    """What a field takes, and how it is kept in the plan's JSON.

    number: int · tick: bool · date: "YYYY-MM-DD" · time: "HH:MM" · row_id: int of the record a row stands
    for · everything else: text in NFC. What was left empty is None; a tick left empty is False.
    """

    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    CHOICE = "choice"
    SELECT = "select"
    TICK = "tick"
    DATE = "date"
    TIME = "time"
    MOBILE = "mobile"
    PHONE = "phone"
    PLATE = "plate"
    ROW_ID = "row_id"


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `source` names what asks for it (S-numbers of domain.md 10, or ASSUMED); `most` is a
    number's or a text's upper bound."""

    key: str
    label: Text
    kind: Kind = Kind.LINE
    hint: Text = ""
    source: str = ""
    is_optional: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    unit: Text = ""
    least: int = 0
    most: int | None = None
    width: int | None = None

    @property
    def is_required(self) -> bool:
        return not self.is_optional and self.kind is not Kind.ROW_ID


@dataclass(frozen=True, slots=True)
class Judged:
    """What a check says: True met, False not met, None not known; and the sentence for it."""

    is_met: bool | None
    text: Text


@dataclass(frozen=True, slots=True)
class Beside:
    """What is worked out from one row alone and said beside its `field`; `label` names it in a table."""

    field: str
    label: Text
    judge: Callable[[Mapping[str, Any]], Judged]


@dataclass(frozen=True, slots=True)
class Rows:
    """Questions asked again for each of several things; `least` of them are needed.

    `first` are the rows shown before anything is saved.
    """

    title: Text
    noun: Text
    fields: tuple[Field, ...]
    least: int = 1
    most: int = 60
    first: tuple[Mapping[str, Any], ...] = ({},)
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A file attached to a version, as checks and lists see it: what it shows (`sections.attachments.KINDS`),
    its name as given, what its content is, bytes, SHA-256 in hex, who added it and when."""

    id: UUID
    kind: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answers:
    """What a check may look at: every section's fields, the policy's days, today's date in Shanghai, and the
    attached files."""

    sections: Mapping[str, Mapping[str, Any]]
    quiet_days: int
    today: date
    papers: tuple[Paper, ...] = ()

    def number(self, section: str, field: str) -> int | None:
        value = self._value(section, field)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def text(self, section: str, field: str) -> str:
        value = self._value(section, field)
        return value if isinstance(value, str) else ""

    def tick(self, section: str, field: str) -> bool:
        return self._value(section, field) is True

    def day(self, section: str, field: str) -> date | None:
        value = self.text(section, field)
        return date.fromisoformat(value) if value else None

    def rows(self, section: str) -> Sequence[Mapping[str, Any]]:
        value = self._value(section, "rows")
        return value if isinstance(value, list) else ()

    def _value(self, section: str, field: str) -> Any:
        return self.sections.get(section, {}).get(field)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the machine compares, shown beside `field` (of this section; none: under the section).

    `is_must`: the plan is not submitted while this is not met; else reviewer and firm are told.
    `is_assumed`: the bound is this project's own, and shown as such.
    """

    key: str
    judge: Callable[[Answers], Judged]
    source: str
    field: str | None = None
    is_must: bool = True
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the plan. `rows`, where there are any, are kept under the key `rows`.

    `number` is its place among the fifteen of domain.md 1.4; an annex has that of the section before it.
    """

    key: str
    title: Text
    lead: Text
    source: str
    number: int
    fields: tuple[Field, ...] = ()
    rows: Rows | None = None
    checks: tuple[Check, ...] = ()
    is_annex: bool = False

    @property
    def mark(self) -> str:
        """The number as it is shown: 4, or 1-1 of an annex."""
        return f"{self.number}-1" if self.is_annex else str(self.number)
