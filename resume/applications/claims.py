"""One person, one firm: what a submitted list claims. A fixed number of statements for any list.

The firm that a person already belongs to is never named to another.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Uuid, delete, insert, literal, select, update

from resume.applications.lifecycle import State
from resume.applications.models import Application
from resume.db import UtcTime, joined
from resume.refusals import Unprocessable
from resume.roster.lifecycle import ListState
from resume.roster.models import Claim, Worker, WorkerList
from resume.roster.queries import rows_claimed_elsewhere
from resume.roster.steps import begin_submitted, end_submitted
from resume.sets import within

ROWS_NAMED = 20


class ClaimedElsewhere(Unprocessable):
    """Persons of the list are on the submitted list of another firm; the message names their rows."""

    code = "claimed_elsewhere"
    advice = _(
        "请与本人核实；确已离开原单位的，由原单位先从名单中移除，再由本企业提交。也可从花名册中去掉这些行"
    )

    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = tuple(rows)
        named = "、".join(map(str, rows[:ROWS_NAMED]))
        more = gettext("等 %(count)s 行", count=len(rows)) if len(rows) > ROWS_NAMED else ""
        super().__init__(gettext("花名册第 %(rows)s 行%(more)s的人员已由其他企业申报", rows=named, more=more))


def claim(worker_list: WorkerList, *, at: datetime) -> None:
    """Claim the list's persons for its firm in the caller's door, or refuse naming the rows.

    Claims of the firm's earlier lists end, but for those of approved cases, whose passes are in force.
    """
    taken = rows_claimed_elsewhere(worker_list.id, firm_id=worker_list.firm_id)
    if taken:
        raise ClaimedElsewhere(taken)
    firm_id = worker_list.firm_id
    kept = [worker_list.id, *_lists_in_force(firm_id)]
    session = joined()
    dropped = (
        WorkerList.firm_id == firm_id,
        WorkerList.state == ListState.SUBMITTED.value,
        WorkerList.id.not_in(kept),
    )
    end_submitted(*dropped, at=at)
    session.execute(update(WorkerList).where(*dropped).values(state=ListState.DROPPED.value))
    begin_submitted(worker_list.id, at=at)
    session.execute(delete(Claim).where(Claim.firm_id == firm_id, Claim.list_id.not_in(kept)))
    persons = (
        select(Worker.person_key, literal(firm_id), literal(worker_list.id, Uuid()), literal(at, UtcTime()))
        .where(Worker.list_id == worker_list.id, ~_is_claimed())
        .group_by(Worker.person_key)
    )
    session.execute(insert(Claim).from_select(["person_key", "firm_id", "list_id", "since"], persons))


def release(list_id: UUID, *, firm_id: int, at: datetime) -> None:
    """Let the persons of a refused case's list go, in the caller's door; not if an approved case holds it."""
    if list_id in _lists_in_force(firm_id):
        return
    session = joined()
    session.execute(delete(Claim).where(Claim.list_id == list_id, Claim.firm_id == firm_id))
    end_submitted(WorkerList.id == list_id, at=at)
    session.execute(
        update(WorkerList).where(WorkerList.id == list_id).values(state=ListState.CONFIRMED.value)
    )


def release_gone(list_id: UUID, *, firm_id: int) -> int:
    """A step: let those of the firm's persons go who are not on this list; how many."""
    listed = select(Worker.id).where(Worker.list_id == list_id, Worker.person_key == Claim.person_key)
    return _release(~listed.exists(), firm_id=firm_id)


def move_to(list_id: UUID, *, firm_id: int) -> None:
    """A step: the firm claims everybody on this list by it from now on: links to a worker's own page and the
    correction of a case go by the row that claims him, and an earlier list says where he lived."""
    listed = select(Worker.id).where(Worker.list_id == list_id, Worker.person_key == Claim.person_key)
    joined().execute(
        update(Claim).where(Claim.firm_id == firm_id, listed.exists()).values(list_id=list_id),
        execution_options={"synchronize_session": False},
    )


def release_persons(person_keys: Collection[bytes], *, firm_id: int) -> int:
    """A step: let these persons of the firm go; how many."""
    return _release(within(Claim.person_key, person_keys), firm_id=firm_id)


def _release(condition: ColumnElement[bool], *, firm_id: int) -> int:
    statement = delete(Claim).where(Claim.firm_id == firm_id, condition)
    result = joined().execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]


def _is_claimed() -> ColumnElement[bool]:
    return select(Claim.person_key).where(Claim.person_key == Worker.person_key).exists()


def _lists_in_force(firm_id: int) -> list[UUID]:
    """The lists of the firm's approved cases."""
    query = select(Application.list_id).where(
        Application.firm_id == firm_id,
        Application.state == State.APPROVED.value,
        Application.list_id.is_not(None),
    )
    return [found for found in joined().scalars(query) if found is not None]
