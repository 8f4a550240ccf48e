"""Doors of objections: raise one, hand it over, report, answer, insist, close."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from resume import audit
from resume.db import joined, new_id, transaction
from resume.firms.queries import get_firm
from resume.objections.lifecycle import Category, Key, Outcome, State, Step, after
from resume.objections.models import Objection, ObjectionTurn
from resume.objections.queries import get_objection, get_of_person, turn_place
from resume.objections.telling import tell
from resume.policy import policy_at
from resume.refusals import Conflict, NotAllowed, Unprocessable
from resume.roles import Actor, Role
from resume.roster.models import Worker
from resume.sealing import sealer

MOST_OPEN = 3
LONGEST_TEXT, LONGEST_CONTACT = 1000, 100


class TooManyOpen(Conflict):
    """The person has as many objections open as one desk can answer well."""

    code = "too_many_open"
    message = _("您已有 3 项异议等待答复，没有再提出")
    advice = _("请等待答复；要补充的内容可以在答复后再次提出时写明")


class NothingSaid(Unprocessable):
    """An objection or an answer without words."""

    code = "nothing_said"
    message = _("没有写明内容")
    advice = _("请写明哪里不对、依据是什么")


class ObjectionMoved(Conflict):
    """The objection is not where this step begins: it was answered or closed meanwhile."""

    code = "objection_moved"
    message = _("这项异议的状态已有变化，没有再次办理")
    advice = _("请刷新页面，看到最新情况后再办理")


class SecondReader(NotAllowed):
    """Who answered first does not answer again when the person insists."""

    code = "second_reader"
    message = _("本人不同意第一次答复，须由另一位审核人员答复")
    advice = _("请由本区另一位审核员或签发人办理")


def raise_objection(
    worker: Worker,
    category: Category,
    text: str,
    contact: str,
    *,
    firm_id: int,
    key: Key,
    by: Actor,
    at: datetime,
) -> Objection:
    """A person objects as a worker of this firm; the clock begins. Raises NothingSaid, TooManyOpen."""
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        raise NothingSaid
    with transaction() as session:
        if _count_open(worker.person_key) >= MOST_OPEN:
            raise TooManyOpen
        objection = Objection(
            id=new_id(),
            person_key=worker.person_key,
            worker_id=worker.id,
            firm_id=firm_id,
            district_code=get_firm(firm_id).district_code,
            category=category.value,
            key_kind=key.value,
            state=State.OPEN.value,
            rounds=1,
            opened_at=at,
            due_at=_due(at),
        )
        session.add(objection)
        session.flush()
        _note(objection, Step.OBJECTED, text, contact.strip()[:LONGEST_CONTACT], by=by, at=at)
    return objection


def hand_over(objection_id: UUID, text: str, *, by: Actor, at: datetime) -> Objection:
    """A reviewer asks the steward to look; the clock runs on.

    Raises NotFound, ObjectionMoved, NothingSaid.
    """
    with transaction():
        objection = get_objection(objection_id, district_code=_district(by))
        _move(objection, Step.HANDED)
        objection.handed_at = objection.handed_at or at
        _note(objection, Step.HANDED, text, by=by, at=at)
    return objection


def report(objection_id: UUID, text: str, *, by: Actor, at: datetime) -> Objection:
    """The steward says what he found, or which correction he began. Raises as `hand_over`."""
    with transaction():
        objection = get_objection(objection_id, district_code=None)
        _move(objection, Step.REPORTED)
        _note(objection, Step.REPORTED, text, by=by, at=at)
    return objection


def answer(objection_id: UUID, outcome: Outcome, text: str, *, by: Actor, at: datetime) -> Objection:
    """A reviewer of the district answers the person. Raises also SecondReader."""
    with transaction():
        objection = get_objection(objection_id, district_code=_district(by))
        _move(objection, Step.ANSWERED)
        if objection.rounds > 1 and by.account_id in (None, objection.answered_by):
            raise SecondReader
        objection.outcome = outcome.value
        objection.answered_at, objection.answered_by = at, by.account_id
        _note(objection, Step.ANSWERED, text, by=by, at=at)
        if objection.rounds > 1:  # nobody else is left to be asked
            _close(objection, at)
    return objection


def insist(
    objection_id: UUID, text: str, *, person_key: bytes, firm_id: int, by: Actor, at: datetime
) -> Objection:
    """The person does not agree: once, with a clock anew, to be answered by somebody else."""
    with transaction():
        objection = get_of_person(objection_id, person_key=person_key, firm_id=firm_id)
        if objection.rounds > 1:
            raise ObjectionMoved
        _move(objection, Step.INSISTED)
        objection.rounds, objection.due_at = 2, _due(at)
        _note(objection, Step.INSISTED, text, by=by, at=at)
    return objection


def close(objection_id: UUID, *, person_key: bytes, firm_id: int, by: Actor, at: datetime) -> Objection:
    """The person agrees with the answer, or takes his objection back."""
    with transaction():
        objection = get_of_person(objection_id, person_key=person_key, firm_id=firm_id)
        _move(objection, Step.CLOSED)
        _close(objection, at)
        _note(objection, Step.CLOSED, _CLOSED_BY_HIM, by=by, at=at)
    return objection


_CLOSED_BY_HIM = "本人办结"


def _close(objection: Objection, at: datetime) -> None:
    objection.state, objection.closed_at = State.CLOSED.value, at


def _due(at: datetime) -> datetime:
    return at + timedelta(hours=policy_at(at).duties.objection_hours.value)


def _district(by: Actor) -> str:
    if by.role not in (Role.REVIEWER, Role.SIGN_OFF) or by.district_code is None:
        raise NotAllowed
    return by.district_code


def _move(objection: Objection, step: Step) -> None:
    to = after(step, objection.state)
    if to is None:
        raise ObjectionMoved
    objection.state = to.value


def _note(objection: Objection, step: Step, text: str, contact: str = "", *, by: Actor, at: datetime) -> None:
    """Seal what was said, audit the step without it, and tell whoever listens."""
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        raise NothingSaid
    session = joined()
    session.flush()
    count = select(func.count()).where(ObjectionTurn.objection_id == objection.id)
    number = (session.scalar(count) or 0) + 1
    sealed = sealer().seal({"text": text, "contact": contact}, place=turn_place(objection.id, number))
    session.add(
        ObjectionTurn(
            objection_id=objection.id, number=number, at=at, step=step.value, actor=by.name, sealed=sealed
        )
    )
    session.flush()
    # The category stays out: it says something of a person's health.
    audit.record(f"objection.{step.value}", f"objection:{objection.id}", by=by, at=at, round=objection.rounds)
    tell(objection, step, at=at)


def _count_open(person_key: bytes) -> int:
    query = select(func.count()).select_from(Objection).where(Objection.person_key == person_key)
    return joined().scalar(query.where(Objection.state == State.OPEN.value)) or 0
