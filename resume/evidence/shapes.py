"""What each feed's records are made of: their key, their content, and what may still change under one id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

from resume.db import Base
from resume.evidence.models import (
    CaseRecord,
    CodeRecord,
    ContactRecord,
    DischargeRecord,
    ReviewRecord,
    ScreeningRecord,
    TestRecord,
    ZoneRecord,
)

_LEDGER_COLUMNS = {"id", "received_at", "replaced_at", "intake_id", "replaced_in"}


def _picking(places: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """As itemgetter, which runs in C, but a tuple also where there is one place."""
    pick = itemgetter(*places)
    return pick if len(places) > 1 else lambda values: (pick(values),)


@dataclass(frozen=True, slots=True)
class Entry:
    """One good line of a feed: the line it begins on, and a value for each column of its shape's content."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """One kind of record.

    `key`: the columns that name a record; its first one is what earlier states are looked up by.
    `is_fixed`: one id, one content (tests, cases): other content is refused but for `completions`, groups of
    columns that may be filled in once, each group at one go; corrections name the old id in `supersedes`.
    Otherwise other content under a key is the record's next state.
    `concluded_by`: the column that marks states which intake itself drew; no feed said them.
    """

    model: type[Base]
    key: tuple[str, ...]
    is_fixed: bool = False
    completions: tuple[tuple[str, ...], ...] = ()
    concluded_by: str | None = None

    @cached_property
    def table(self) -> Table:
        table = self.model.__table__
        assert isinstance(table, Table)
        return table

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The columns that a feed fills, in the table's order; the key is among them."""
        names = (column.key for column in self.table.columns)
        return tuple(name for name in names if name not in _LEDGER_COLUMNS and name != self.concluded_by)

    @cached_property
    def values_of(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """Column -> value, to the values in the order of the content."""
        return _picking(self.content)

    @cached_property
    def key_of(self) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
        """Values in the order of the content, to those of the key."""
        return _picking([self.content.index(name) for name in self.key])

    @property
    def needs_closed(self) -> bool:
        """Whether closed rows must be read too: a key's newest word may lie in one."""
        return self.is_fixed or self.concluded_by is not None


TESTS = Shape(TestRecord, ("record_id",), is_fixed=True, completions=(("reported_at", "result"),))
CASES = Shape(CaseRecord, ("case_id",), is_fixed=True, completions=(("transferred_at",), ("disinfected_at",)))
REVIEWS = Shape(ReviewRecord, ("review_id",), concluded_by="settled_by")
SCREENINGS = Shape(ScreeningRecord, ("building_id", "screened_on"))
ZONES = Shape(ZoneRecord, ("building_id", "kind", "since"), concluded_by="raised_by")
CODES = Shape(CodeRecord, ("person_key", "changed_at"))
CONTACTS = Shape(ContactRecord, ("person_key", "kind", "since"))
DISCHARGES = Shape(DischargeRecord, ("person_key", "discharged_at"))
