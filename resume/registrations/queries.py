"""Reading registrations: a reviewer sees his district's, an administrator all; any other is not found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from resume.db import reading
from resume.firms.models import Firm
from resume.refusals import NotFound
from resume.registrations.lifecycle import CLOCK, State
from resume.registrations.models import Registration
from resume.roles import Actor, Role

PER_PAGE = 50


class QueueItem(NamedTuple):
    """A registration in the queue: its age against CLOCK, and whether its firm is registered already."""

    registration: Registration
    age: timedelta
    is_known: bool

    @property
    def due_at(self) -> datetime:
        return due_at(self.registration)

    @property
    def age_hours(self) -> float:
        return round(self.age.total_seconds() / 3600, 1)


def due_at(registration: Registration) -> datetime:
    """By when the registration is to be decided."""
    return registration.received_at + CLOCK


def get_registration(registration_id: UUID, *, by: Actor) -> Registration:
    """The registration, or NotFound; also where it is another district's."""
    found = reading().get(Registration, registration_id)
    if found is None or (by.role is not Role.ADMINISTRATOR and found.district_code != by.district_code):
        raise NotFound
    return found


def find_waiting_same(content_key: bytes) -> Registration | None:
    """The waiting registration of the same content, or None."""
    query = select(Registration).where(
        Registration.content_key == content_key, Registration.state == State.WAITING.value
    )
    return reading().scalars(query.order_by(Registration.received_at, Registration.id)).first()


def list_queue(*, by: Actor, is_waiting: bool, at: datetime, page: int = 1) -> list[QueueItem]:
    """One page: what waits, due first; or what was decided, newest first. One statement."""
    order = (
        (Registration.received_at, Registration.id)
        if is_waiting
        else (Registration.decided_at.desc(), Registration.id)
    )
    query = (
        select(Registration, Firm.id.is_not(None))
        .join(Firm, Firm.credit_code == Registration.credit_code, isouter=True)
        .where(_waits() if is_waiting else ~_waits(), *_seen_by(by))
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [
        QueueItem(row, max(timedelta(), at - row.received_at), is_known)
        for row, is_known in reading().execute(query)
    ]


def count_queue(*, by: Actor) -> tuple[int, int]:
    """How many wait, and how many are decided."""
    query = select(Registration.state, func.count()).where(*_seen_by(by)).group_by(Registration.state)
    counted = {row[0]: row[1] for row in reading().execute(query)}
    waiting = counted.pop(State.WAITING.value, 0)
    return waiting, sum(counted.values())


def list_others(registration: Registration) -> Sequence[Registration]:
    """Other registrations of the same credit code that wait: one firm may have been typed in twice."""
    query = select(Registration).where(
        Registration.credit_code == registration.credit_code,
        Registration.state == State.WAITING.value,
        Registration.id != registration.id,
    )
    return reading().scalars(query.order_by(Registration.received_at, Registration.id)).all()


def _waits() -> ColumnElement[bool]:
    return Registration.state == State.WAITING.value


def _seen_by(by: Actor) -> list[ColumnElement[bool]]:
    if by.role is Role.ADMINISTRATOR:
        return []
    return [Registration.district_code == (by.district_code or "")]
