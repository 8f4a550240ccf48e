"""What a change of the list would meet: the bad row, those of the same address, what becomes of the case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from resume.applications.lifecycle import State
from resume.applications.queries import find_current
from resume.db import reading
from resume.passes.leaving import holds_live_pass
from resume.places.matching import Address
from resume.roster.bad_rows import get_bad_row
from resume.roster.details import open_details
from resume.roster.lifecycle import ListState
from resume.roster.models import BadRow, Worker, WorkerList
from resume.roster.queries import find_current_list, get_list, is_history
from resume.roster.steps import ListNotOpen


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a change of a list means, to be said before it happens.

    `is_copied`: the list was submitted, so the change is made on a copy. `case_state`: the case as it stands
    now; None where the list is a preview and no case is touched.
    """

    is_copied: bool
    case_state: State | None

    @property
    def takes_back(self) -> bool:
        """The case lies with the authority, and comes back."""
        return self.case_state in (State.SUBMITTED, State.RECOMMENDED)

    @property
    def begins_new(self) -> bool:
        """The case is decided: a new one begins."""
        return self.case_state in (State.APPROVED, State.REFUSED)


def bad_row_of(bad_row_id: UUID, *, firm_id: int) -> tuple[BadRow, WorkerList]:
    """A bad row of this firm's preview. RowSettled where it is gone, NotFound for another firm's, ListNotOpen
    where the list is a preview no longer."""
    found = get_bad_row(bad_row_id)
    worker_list = get_list(found.list_id, firm_id=firm_id)
    if worker_list.state != ListState.PREVIEW:
        raise ListNotOpen
    return found, worker_list


def same_address(worker: Worker) -> list[Worker]:
    """Everybody of his list whose building is not known and whose address is the same, himself among them."""
    address = open_details(worker).matched_by
    return [other for other in _lost(worker.list_id) if open_details(other).matched_by == address]


def count_addresses(list_id: UUID) -> Counter[Address]:
    """Address -> how many workers of the list have it, of those whose building is not known. One query."""
    return Counter(open_details(worker).matched_by for worker in _lost(list_id))


def consequence_of(worker_list: WorkerList) -> Consequence:
    """What a change of this list means for it and for the firm's case. Two queries."""
    if worker_list.state == ListState.PREVIEW:
        return Consequence(is_copied=False, case_state=None)
    case = find_current(firm_id=worker_list.firm_id)
    return Consequence(is_history(worker_list), State(case.state) if case else State.DRAFT)


def posts_of(*, firm_id: int) -> Sequence[str]:
    """The posts on the firm's current list, the most frequent first. Two queries."""
    current = find_current_list(firm_id=firm_id)
    if current is None:
        return ()
    query = select(Worker.post).where(Worker.list_id == current.id).group_by(Worker.post)
    return reading().scalars(query.order_by(func.count().desc(), Worker.post).limit(200)).all()


def has_pass(worker: Worker, *, firm_id: int, at: datetime) -> bool:
    """Whether the worker holds a pass of the firm that can still be used. One query."""
    return holds_live_pass(worker.person_key, firm_id=firm_id, at=at)


def _lost(list_id: UUID) -> Sequence[Worker]:
    query = select(Worker).where(Worker.list_id == list_id, Worker.building_id.is_(None))
    return reading().scalars(query.order_by(Worker.row, Worker.id)).all()
