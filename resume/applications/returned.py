"""What a return asks for, part by part: the reviewer's words, what the firm did, and when it is enough.

A part is a section of the plan by its key, LIST or WHOLE. It is done with when it was changed since the
submission that was returned, or answered with an explanation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from resume.applications.models import Application, ReturnedPart
from resume.db import joined, reading
from resume.plans.sections import BY_KEY
from resume.refusals import NotFound
from resume.roles import Actor

#: The worker list, and the case as a whole, beside the plan's sections.
LIST, WHOLE = "list", "case"


@dataclass(frozen=True, slots=True)
class Returned:
    """One part that was returned. `is_changed`: since the submission that was returned."""

    row: ReturnedPart
    is_changed: bool

    @property
    def part(self) -> str:
        return self.row.part

    @property
    def reason(self) -> str:
        return self.row.reason

    @property
    def answer(self) -> str:
        return self.row.answer

    @property
    def title(self) -> str:
        return part_title(self.row.part)

    @property
    def is_section(self) -> bool:
        """Whether the part has a page of the plan."""
        return self.row.part in BY_KEY

    @property
    def is_done(self) -> bool:
        """Changed or answered: the case may be submitted again."""
        return self.is_changed or bool(self.row.answer)


def part_title(part: str) -> str:
    """A part's name as people read it."""
    if part in BY_KEY:
        return str(BY_KEY[part].title)
    return str(_("花名册") if part == LIST else _("总体意见"))


def list_open(application_id: UUID) -> Sequence[ReturnedPart]:
    """The parts that a case was returned for, until it is submitted again; in the order of the plan."""
    query = select(ReturnedPart).where(
        ReturnedPart.application_id == application_id, ReturnedPart.closed_at.is_(None)
    )
    return _in_order(reading().scalars(query).all())


def list_last(application_id: UUID) -> Sequence[ReturnedPart]:
    """The parts of a case's last return, whether they are still open or not: for those who returned it."""
    rows = reading().scalars(select(ReturnedPart).where(ReturnedPart.application_id == application_id)).all()
    last = max((row.asked_at for row in rows), default=None)
    return _in_order([row for row in rows if row.asked_at == last])


def get_open(part_id: int, *, firm_id: int) -> ReturnedPart:
    """A part that this firm has to mend, or NotFound."""
    query = (
        select(ReturnedPart)
        .join(Application, Application.id == ReturnedPart.application_id)
        .where(ReturnedPart.id == part_id, ReturnedPart.closed_at.is_(None), Application.firm_id == firm_id)
    )
    found = reading().scalars(query).first()
    if found is None:
        raise NotFound
    return found


def judge(rows: Sequence[ReturnedPart], changed: Collection[str]) -> tuple[Returned, ...]:
    """Each part with whether it changed; the case as a whole changed where anything did."""
    return tuple(Returned(row, bool(changed) if row.part == WHOLE else row.part in changed) for row in rows)


def open_parts(returned: Sequence[Returned]) -> frozenset[str] | None:
    """The parts that a return leaves open; None where it leaves all open."""
    named = frozenset(one.part for one in returned) - {WHOLE}
    return named or None


def note_return(application: Application, reasons: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """A step: keep what a return asks for, part -> words."""
    joined().add_all(
        ReturnedPart(application_id=application.id, part=part, reason=reason, asked_at=at, asked_by=by.name)
        for part, reason in reasons.items()
    )
    joined().flush()


def close(application: Application, *, at: datetime) -> None:
    """A step: the case is submitted again."""
    joined().execute(
        update(ReturnedPart)
        .where(ReturnedPart.application_id == application.id, ReturnedPart.closed_at.is_(None))
        .values(closed_at=at)
    )


def _in_order(rows: Sequence[ReturnedPart]) -> list[ReturnedPart]:
    places = {part: place for place, part in enumerate([*BY_KEY, LIST, WHOLE])}
    return sorted(rows, key=lambda row: (places.get(row.part, len(places)), row.id))
