"""What a feed is: its columns, how a line is read, and the shape of its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from resume.evidence.shapes import Shape
from resume.intake.cells import Cells, Context
from resume.tables.headers import Column


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed. `parse` gives a value for each column of the shape's content, or raises BadCell.

    `shape` is None for `places`, which go to the register and not to the ledger.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    parse: Callable[[Cells, Context], dict[str, Any]]
    shape: Shape | None

    def column_name(self, column: str) -> str:
        """The Chinese header of a column; the name itself where the feed has no such column."""
        return next((known.zh for known in self.columns if known.name == column), column)

    @property
    def names_places(self) -> bool:
        """Whether its lines name registered places."""
        return self.shape is not None and any(column.name == "place_code" for column in self.columns)


PLACE_CODE = Column("place_code", "场所编码")
DOCUMENT_TYPE = Column("document_type", "证件类型")
DOCUMENT_NUMBER = Column("document_number", "证件号码")
SUPERSEDES = Column("supersedes", "更正的编号", required=False)
REASON = Column("reason", "原因", required=False)
UNTIL = Column("until", "结束时间", required=False)
