"""Reading trips: under way, overdue, arrived; those of one firm, or those that left one street."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import aliased

from resume.db import reading
from resume.firms.models import Firm, Site
from resume.passes.models import Pass
from resume.places.models import Gate
from resume.roster.details import open_sealed
from resume.roster.models import Worker
from resume.trips.models import Trip

#: How long a trip that is done stays in the list.
SHOWN_FOR = timedelta(days=3)


class TripState(StrEnum):
    """Where a trip stands: under way, under way for longer than it may take, arrived."""

    OVERDUE = "overdue"
    OPEN = "open"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose trips: of a firm, or those that left through the gates of a street's desk.

    A gate without a street of its own is any desk's of the district; `street` None: the whole district.
    """

    firm_id: int | None = None
    district_code: str | None = None
    street: str | None = None

    def condition(self) -> ColumnElement[bool]:
        """As a condition on trips."""
        if self.firm_id is not None:
            return Trip.firm_id == self.firm_id
        mine = Trip.district_code == (self.district_code or "")
        return mine if self.street is None else mine & Trip.street.in_([self.street, ""])


@dataclass(frozen=True, slots=True)
class TripLine:
    """One trip as a list shows it; the name is masked. `in_gate` is "" until he has arrived."""

    pass_id: UUID
    number: str
    masked_name: str
    post: str
    plate: str
    firm: str
    site: str
    state: TripState
    out_at: datetime
    out_gate: str
    due_at: datetime
    in_at: datetime | None
    in_gate: str
    told_at: datetime | None


def list_trips(
    whose: Whose, *, state: TripState, at: datetime, limit: int = 50, offset: int = 0
) -> list[TripLine]:
    """Trips of a state; those under way by when they are due, those done by when they arrived. One query."""
    out_gate, in_gate = aliased(Gate), aliased(Gate)
    query = (
        select(Trip, Pass, Worker, Firm.short_name, Site.name, out_gate.name, in_gate.name)
        .join(Pass, Pass.id == Trip.pass_id)
        .join(Worker, Worker.id == Pass.worker_id)
        .join(Firm, Firm.id == Trip.firm_id)
        .join(Site, Site.id == Trip.site_id)
        .outerjoin(out_gate, out_gate.id == Pass.out_gate_id)
        .outerjoin(in_gate, in_gate.id == Pass.in_gate_id)
        .where(whose.condition(), _since(at), _state(at) == state.value)
        .order_by(*((Pass.in_at.desc(),) if state is TripState.ARRIVED else (Trip.due_at,)), Trip.pass_id)
    )
    return [
        TripLine(
            pass_id=trip.pass_id,
            number=found.number,
            masked_name=open_sealed(worker.id, worker.sealed).masked_name,
            post=worker.post,
            plate=trip.plate,
            firm=firm,
            site=site,
            state=state,
            out_at=found.out_at or trip.due_at,
            out_gate=left or "",
            due_at=trip.due_at,
            in_at=found.in_at,
            in_gate=entered or "",
            told_at=trip.told_at,
        )
        for trip, found, worker, firm, site, left, entered in reading().execute(
            query.limit(limit).offset(offset)
        )
    ]


def list_overdue(whose: Whose, *, at: datetime, limit: int = 50) -> list[TripLine]:
    """Who left, has not arrived as far as is known, and should have. One query."""
    return list_trips(whose, state=TripState.OVERDUE, at=at, limit=limit)


def count_trips(whose: Whose, *, at: datetime) -> Mapping[TripState, int]:
    """How many trips stand where, every state named. One query."""
    inner = _trips(whose, at).subquery()
    counted = reading().execute(select(inner.c.state, func.count()).group_by(inner.c.state))
    found = {TripState(word): count for word, count in counted}
    return {state: found.get(state, 0) for state in TripState}


def due_to_be_told(at: datetime) -> Sequence[Trip]:
    """Overdue trips that nobody was told of yet. One query."""
    query = (
        select(Trip)
        .join(Pass, Pass.id == Trip.pass_id)
        .where(Trip.due_at < at, Trip.told_at.is_(None), Pass.in_at.is_(None))
        .order_by(Trip.firm_id, Trip.due_at, Trip.pass_id)
        .execution_options(populate_existing=True)
    )
    return reading().scalars(query).all()


def _trips(whose: Whose, at: datetime) -> Select[str]:
    joined = select(_state(at).label("state")).select_from(Trip).join(Pass, Pass.id == Trip.pass_id)
    return joined.where(whose.condition(), _since(at))


def _state(at: datetime) -> ColumnElement[str]:
    return case(
        (Pass.in_at.is_not(None), literal(TripState.ARRIVED.value)),
        (Trip.due_at < at, literal(TripState.OVERDUE.value)),
        else_=literal(TripState.OPEN.value),
    )


def _since(at: datetime) -> ColumnElement[bool]:
    return Pass.in_at.is_(None) | (Pass.in_at >= at - SHOWN_FOR)
