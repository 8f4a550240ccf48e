"""What a second file changes: who is new, who is listed otherwise, who is gone, who is the same.

Matched by the person's key, told apart by a key of all a row says (`roster.content`): two lists of 40,000 are
compared without opening a row; only those of the page shown are opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from resume.db import reading
from resume.firms.queries import list_sites
from resume.refusals import Text
from resume.roster.bad_rows import rows_of_persons
from resume.roster.content import key_of
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Worker, WorkerList
from resume.roster.queries import workers_by_id
from resume.roster.sheet import masked
from resume.roster.typed_row import NAMES, texts_of
from resume.sets import within

PER_PAGE = 50


class Kind(StrEnum):
    """What became of a person from one list to the next."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    SAME = "same"


KIND_NAMES: dict[Kind, Text] = {
    Kind.NEW: _("新增"),
    Kind.CHANGED: _("有变化"),
    Kind.GONE: _("未列入"),
    Kind.SAME: _("没有变化"),
}


class Listed(NamedTuple):
    """One person on a list, as far as a comparison needs him; `content` is equal for equal rows."""

    worker_id: UUID
    person_key: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Difference:
    """Persons by what became of them, as pairs of worker ids (earlier list, new list), each in its list's
    order; every person of either list is in exactly one."""

    by_kind: dict[Kind, list[tuple[UUID | None, UUID | None]]] = field(
        default_factory=lambda: {kind: [] for kind in Kind}
    )

    def count(self, kind: Kind) -> int:
        return len(self.by_kind[kind])

    @property
    def after_replacing(self) -> int:
        """How many the list has where the new file replaces the earlier one."""
        return self.count(Kind.NEW) + self.count(Kind.CHANGED) + self.count(Kind.SAME)

    @property
    def after_appending(self) -> int:
        """How many, where those not in the file stay."""
        return self.after_replacing + self.count(Kind.GONE)


def compare(before: Iterable[Listed], after: Iterable[Listed]) -> Difference:
    """The difference between two lists on which each person stands once. Pure."""
    found, left = Difference(), {each.person_key: each for each in before}
    for is_now in after:
        was = left.pop(is_now.person_key, None)
        if was is None:
            found.by_kind[Kind.NEW].append((None, is_now.worker_id))
        else:
            kind = Kind.SAME if was.content == is_now.content else Kind.CHANGED
            found.by_kind[kind].append((was.worker_id, is_now.worker_id))
    found.by_kind[Kind.GONE] = [(was.worker_id, None) for was in left.values()]
    return found


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column of a worker before and after, masked where it is personal."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One person of the comparison: as listed now, or last where he is gone. `bad_row`: the new file names
    him in that row, which has errors."""

    worker: Worker
    details: WorkerDetails
    changes: Sequence[FieldChange] = ()
    bad_row: int | None = None


@dataclass(frozen=True, slots=True)
class ChangesView:
    """A preview against the list that stands: counts, and one page of one kind. `in_bad_rows`: how many of
    those gone are named in rows with errors."""

    preview: WorkerList
    current: WorkerList
    difference: Difference
    kind: Kind
    lines: Sequence[ChangeLine]
    page: int
    in_bad_rows: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.difference.count(self.kind) // PER_PAGE))

    @property
    def seen(self) -> str:
        """What the page carries to tell whether either list moved since."""
        return seen_of(self.preview, self.current)


def seen_of(preview: WorkerList, current: WorkerList | None) -> str:
    """The state of both lists as one text."""
    base = f"{current.id}:{current.revision}" if current else "-"
    return f"{preview.revision}:{base}"


def difference_of(preview: WorkerList, current: WorkerList) -> Difference:
    """The comparison of two lists of a firm. Two queries, more only for rows without a key."""
    return compare(_listed(current.id), _listed(preview.id))


def view_changes(preview: WorkerList, current: WorkerList, kind: Kind | None, page: int) -> ChangesView:
    """One page of the comparison; where no kind is asked for, the first that anybody is of. Five queries."""
    difference = difference_of(preview, current)
    kind = kind or next((each for each in Kind if difference.count(each)), Kind.NEW)
    pairs = difference.by_kind[kind][(page - 1) * PER_PAGE : page * PER_PAGE]
    workers = workers_by_id({each for pair in pairs for each in pair if each is not None})
    bad = rows_of_persons(preview.id)
    sites = {site.id: site.name for site in list_sites(firm_id=preview.firm_id)}
    lines = [
        _line(workers.get(was) if was else None, workers.get(now) if now else None, sites, bad)
        for was, now in pairs
    ]
    return ChangesView(preview, current, difference, kind, lines, page, _count_bad(current.id, bad))


def _line(
    was: Worker | None, is_now: Worker | None, sites: dict[int, str], bad: dict[bytes, int]
) -> ChangeLine:
    shown = is_now or was
    assert shown is not None
    details = open_details(shown)
    if was is None or is_now is None:
        return ChangeLine(shown, details, bad_row=bad.get(shown.person_key) if is_now is None else None)
    before, after = texts_of(was, sites=sites), texts_of(is_now, sites=sites, details=details)
    changes = [
        FieldChange(name, masked(name, before[name]), masked(name, after[name]))
        for name in NAMES
        if before[name] != after[name]
    ]
    return ChangeLine(shown, details, changes)


def _count_bad(current_id: UUID, bad: dict[bytes, int]) -> int:
    """How many persons of the earlier list the new file names in rows with errors."""
    if not bad:
        return 0
    query = select(func.count(Worker.id)).where(Worker.list_id == current_id)
    return reading().scalar(query.where(within(Worker.person_key, bad.keys()), Worker.left_at.is_(None))) or 0


def _listed(list_id: UUID) -> list[Listed]:
    """A list's persons in its order; rows stored before there was a key are opened to make it."""
    query = select(Worker.id, Worker.person_key, Worker.content_key).where(
        Worker.list_id == list_id, Worker.left_at.is_(None)
    )
    rows = reading().execute(query.order_by(Worker.row, Worker.id)).all()
    unkeyed = {worker_id for worker_id, _person, content in rows if content is None}
    made = {found.id: key_of(found, open_details(found)) for found in workers_by_id(unkeyed).values()}
    return [Listed(worker_id, person, content or made[worker_id]) for worker_id, person, content in rows]
