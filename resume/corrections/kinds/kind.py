"""What every kind of correction answers: what it is about, whom it concerns, which lines it comes to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from flask_babel import lazy_gettext as _

from resume.clock import parse_time
from resume.db import Base, reading
from resume.evidence.shapes import Entry, Shape
from resume.refusals import Conflict, Text
from resume.web.dates import moment_text
from resume.web.language import current_language

Row = TypeVar("Row", bound=Base)
MAX_ID = 64


class SubjectMoved(Conflict):
    """What was to be corrected has changed since: a feed or another correction was faster."""

    code = "subject_moved"
    message = _("要更正的记录已有新的内容，这一更正没有进行")
    advice = _("请查看记录的最新情况，需要时重新提出更正")


@dataclass(frozen=True, slots=True)
class Change:
    """Lines for one feed, as if the feed had said them."""

    feed: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom a correction may change something for: buildings by id, persons by key."""

    building_ids: frozenset[int] = frozenset()
    person_keys: frozenset[bytes] = frozenset()


@dataclass(frozen=True)
class Correctable(ABC):
    """One correction as plain values: ids, codes, texts and ISO times, so that it can be stored as JSON."""

    kind: ClassVar[str]
    title: ClassVar[Text]

    @property
    @abstractmethod
    def subject(self) -> str:
        """What it is about: of two open corrections of one thing the second is refused."""

    @abstractmethod
    def concerns(self) -> Concern:
        """Whom to look at for the difference. Raises SubjectMoved."""

    @abstractmethod
    def changes(self, mark: str) -> Sequence[Change]:
        """The lines to take in; `mark` makes new ids of old ones. Raises SubjectMoved."""

    @abstractmethod
    def described(self) -> Sequence[tuple[Text, Text]]:
        """Label and value, for the one who confirms. Names no person."""

    def to_json(self) -> dict[str, Any]:
        """The values, to be stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Correctable:
        """The opposite of `to_json`."""
        return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in content.items()})


def counting_row(model: type[Row], row_id: int) -> Row:
    """The row of the ledger, still counting; SubjectMoved where it was replaced meanwhile."""
    found = reading().get(model, row_id, populate_existing=True)
    if found is None or found.replaced_at is not None:  # type: ignore[attr-defined]
        raise SubjectMoved
    return found


def kept_row(model: type[Row], row_id: int) -> Row:
    """The row of the ledger, whether it counts or not: what a correction was about stays readable."""
    return reading().get_one(model, row_id)


def content_of(shape: Shape, row: Base) -> dict[str, Any]:
    """What a feed would say to give this row."""
    return {name: getattr(row, name) for name in shape.content}


def marked(record_id: str, mark: str) -> str:
    """A new id that shows which record it corrects: C17 -> C17~4."""
    return record_id[: MAX_ID - len(mark) - 1] + "~" + mark


def moment_or_none(text: str) -> datetime | None:
    """A stored ISO time; None for an empty text."""
    return parse_time(text) if text else None


def shown(moment: datetime) -> str:
    """A moment in the reader's language."""
    return moment_text(moment, current_language())
