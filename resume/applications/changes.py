"""What changed from one submission to the next: the plan by its answers, the list by its persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from resume.applications.models import Application, Submission
from resume.applications.returned import LIST
from resume.db import joined, reading
from resume.plans.attached import list_papers
from resume.plans.difference import Content, SectionChange, changed_sections
from resume.plans.models import PlanVersion
from resume.plans.older import as_today
from resume.roster.models import Worker


class ListChange(NamedTuple):
    """How many persons two lists have apart, and how many of both have another home, post, plant, trip or
    day.
    """

    added: int
    removed: int
    changed: int


#: Nothing to compare with, or the same list.
SAME_LIST = ListChange(0, 0, 0)
_COMPARED = (
    Worker.building_id, Worker.unit, Worker.flat_key, Worker.post, Worker.key_post, Worker.shift,
    Worker.site_id, Worker.plate, Worker.arrive_on,
)  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """What changed since the submission `since`; None where nothing was submitted before."""

    since: datetime | None
    sections: Sequence[SectionChange] = ()
    lists: tuple[UUID | None, UUID | None] = (None, None)

    @property
    def has_other_list(self) -> bool:
        return self.lists[0] != self.lists[1]

    @property
    def parts(self) -> frozenset[str]:
        """The parts of the case that are not as they were."""
        sections = frozenset(change.section.key for change in self.sections)
        return sections | {LIST} if self.has_other_list else sections

    def of(self, key: str) -> SectionChange | None:
        """What changed in one section, or None."""
        return next((change for change in self.sections if change.section.key == key), None)

    @cached_property
    def workers(self) -> ListChange:
        """The two lists by their persons: asked for only where it is shown."""
        before, after = self.lists
        if before is None or after is None or before == after:
            return SAME_LIST
        return compare_lists(before, after)


def last_submission(*, firm_id: int) -> Submission | None:
    """What the firm submitted last, in whichever case."""
    query = select(Submission).where(Submission.firm_id == firm_id).order_by(Submission.id.desc())
    return reading().scalars(query.limit(1)).first()


def view_drafted(application: Application, version: PlanVersion) -> Changes:
    """What a draft changes of what its firm submitted last."""
    return _between(last_submission(firm_id=application.firm_id), version, application.list_id)


def view_submitted(application: Application) -> Changes:
    """What the case's last submission changed of what its firm had submitted before."""
    query = select(Submission).where(Submission.firm_id == application.firm_id).order_by(Submission.id.desc())
    submissions = reading().scalars(query).all()
    own = next((row for row in submissions if row.application_id == application.id), None)
    if own is None:
        return Changes(None)
    former = next((row for row in submissions if row.id < own.id), None)
    return _between(former, reading().get_one(PlanVersion, own.plan_version_id), own.list_id)


def note_submission(application: Application, version: PlanVersion, *, at: datetime) -> None:
    """A step: keep what was submitted, and how many sections of the plan it changed."""
    former = last_submission(firm_id=application.firm_id)
    if former is not None:
        before = reading().get_one(PlanVersion, former.plan_version_id)
        application.changed_sections = len(changed_sections(_content(before), _content(version)))
    joined().add(
        Submission(
            firm_id=application.firm_id,
            application_id=application.id,
            at=at,
            plan_version_id=version.id,
            list_id=application.list_id,
        )
    )
    joined().flush()


def _between(former: Submission | None, version: PlanVersion, list_id: UUID | None) -> Changes:
    if former is None:
        return Changes(None)
    before = reading().get_one(PlanVersion, former.plan_version_id)
    sections = changed_sections(_content(before), _content(version))
    return Changes(former.at, sections, (former.list_id, list_id))


def _content(version: PlanVersion) -> Content:
    return Content(as_today(version.sections), list_papers(version))


def compare_lists(before: UUID, after: UUID) -> ListChange:
    """Two lists by their persons. Three statements, whatever their size."""
    old, new = aliased(Worker), aliased(Worker)
    differs = or_(*(_differs(getattr(old, column.key), getattr(new, column.key)) for column in _COMPARED))
    changed = (
        select(func.count(new.person_key.distinct()))
        .join(old, old.person_key == new.person_key)
        .where(new.list_id == after, old.list_id == before, differs)
    )
    return ListChange(
        _count_missing(of=after, elsewhere=before),
        _count_missing(of=before, elsewhere=after),
        reading().scalar(changed) or 0,
    )


def _differs(old: ColumnElement[object], new: ColumnElement[object]) -> ColumnElement[bool]:
    return old.is_distinct_from(new)


def _count_missing(*, of: UUID, elsewhere: UUID) -> int:
    """Persons of one list whom the other does not have."""
    there = aliased(Worker)
    is_there = (
        select(there.id).where(there.list_id == elsewhere, there.person_key == Worker.person_key).exists()
    )
    query = select(func.count(Worker.person_key.distinct())).where(Worker.list_id == of, ~is_there)
    return reading().scalar(query) or 0
