"""Reading objections: a district's desk its own, the steward what was handed to him, the person his own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from resume.db import reading
from resume.firms.models import Firm
from resume.objections.lifecycle import Category, Outcome, State, Step
from resume.objections.models import Objection, ObjectionTurn
from resume.refusals import NotFound
from resume.roster.details import WorkerDetails, open_details
from resume.roster.models import Worker
from resume.sealing import sealer

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """One step in words. `contact`: how the person wants to be reached, "" for not at all."""

    step: Step
    at: datetime
    actor: str
    text: str
    contact: str


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection with its turns opened."""

    objection: Objection
    turns: Sequence[Turn]

    @property
    def state(self) -> State:
        return State(self.objection.state)

    @property
    def category(self) -> Category:
        return Category(self.objection.category)

    @property
    def outcome(self) -> Outcome | None:
        return Outcome(self.objection.outcome) if self.objection.outcome else None

    @property
    def can_insist(self) -> bool:
        return self.state is State.ANSWERED and self.objection.rounds == 1

    def is_overdue(self, at: datetime) -> bool:
        return self.state is State.OPEN and self.objection.due_at < at


@dataclass(frozen=True, slots=True)
class DeskItem:
    """An objection in the list, its person opened."""

    objection: Objection
    person: WorkerDetails
    firm_name: str

    def is_overdue(self, at: datetime) -> bool:
        return self.objection.state == State.OPEN and self.objection.due_at < at


def scope_of(district_code: str | None) -> list[ColumnElement[bool]]:
    """Whose objections: those of a district, or (None: the steward) those handed over, of the whole city."""
    if district_code is None:
        return [Objection.handed_at.is_not(None)]
    return [Objection.district_code == district_code]


def get_objection(objection_id: UUID, *, district_code: str | None) -> Objection:
    """The objection of that district (None: handed to the steward), or NotFound."""
    query = select(Objection).where(Objection.id == objection_id, *scope_of(district_code))
    found = reading().scalars(query).first()
    if found is None:
        raise NotFound
    return found


def get_of_person(objection_id: UUID, *, person_key: bytes, firm_id: int) -> Objection:
    """One of this person's objections as a worker of this firm, or NotFound."""
    query = select(Objection).where(Objection.id == objection_id, *_of_person(person_key, firm_id))
    found = reading().scalars(query).first()
    if found is None:
        raise NotFound
    return found


def list_desk(*, district_code: str | None, state: State, page: int) -> list[DeskItem]:
    """A page of one state: what is open by its due time, what is done by its newest. One query."""
    order = Objection.due_at if state is State.OPEN else Objection.opened_at.desc()
    query = (
        select(Objection, Worker, Firm.name)
        .join(Worker, Worker.id == Objection.worker_id)
        .join(Firm, Firm.id == Objection.firm_id)
        .where(Objection.state == state.value, *scope_of(district_code))
        .order_by(order, Objection.id)
    )
    rows = reading().execute(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [DeskItem(objection, open_details(worker), firm) for objection, worker, firm in rows]


def count_desk(*, district_code: str | None) -> dict[State, int]:
    """How many stand where, every state named. One query."""
    query = select(Objection.state, func.count()).where(*scope_of(district_code)).group_by(Objection.state)
    found = {State(word): count for word, count in reading().execute(query)}
    return {state: found.get(state, 0) for state in State}


def count_overdue(*, district_code: str | None, at: datetime) -> int:
    """How many open ones are past their time at `at`. One query."""
    query = select(func.count()).select_from(Objection).where(*scope_of(district_code))
    return reading().scalar(query.where(Objection.state == State.OPEN.value, Objection.due_at < at)) or 0


def list_of_person(*, person_key: bytes, firm_id: int) -> list[ObjectionView]:
    """A person's objections as a worker of this firm, newest first, with every turn. Two queries."""
    query = select(Objection).where(*_of_person(person_key, firm_id))
    found = reading().scalars(query.order_by(Objection.opened_at.desc(), Objection.id)).all()
    return view_all(found)


def view_all(found: Collection[Objection]) -> list[ObjectionView]:
    """These objections with their turns. One query."""
    query = select(ObjectionTurn).where(ObjectionTurn.objection_id.in_([each.id for each in found]))
    turns: dict[UUID, list[Turn]] = {}
    for row in reading().scalars(query.order_by(ObjectionTurn.number)):
        turns.setdefault(row.objection_id, []).append(_opened(row))
    return [ObjectionView(each, turns.get(each.id, [])) for each in found]


def turn_place(objection_id: UUID, number: int) -> str:
    """Where the words of a turn are sealed for."""
    return f"objection_turn:sealed:{objection_id}:{number}"


def _opened(row: ObjectionTurn) -> Turn:
    words = sealer().open(row.sealed, place=turn_place(row.objection_id, row.number))
    return Turn(Step(row.step), row.at, row.actor, words["text"], words["contact"])


def _of_person(person_key: bytes, firm_id: int) -> tuple[ColumnElement[bool], ...]:
    return Objection.person_key == person_key, Objection.firm_id == firm_id
