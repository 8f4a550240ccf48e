"""What a change of the list would meet: the bad row, what becomes of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from resume.applications.lifecycle import State
from resume.applications.queries import find_current
from resume.passes.leaving import holds_live_pass
from resume.roster.bad_rows import get_bad_row
from resume.roster.lifecycle import ListState
from resume.roster.models import BadRow, Worker, WorkerList
from resume.roster.queries import get_list, is_history
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


def consequence_of(worker_list: WorkerList) -> Consequence:
    """What a change of this list means for it and for the firm's case. Two queries."""
    if worker_list.state == ListState.PREVIEW:
        return Consequence(is_copied=False, case_state=None)
    case = find_current(firm_id=worker_list.firm_id)
    return Consequence(is_history(worker_list), State(case.state) if case else State.DRAFT)


def has_pass(worker: Worker, *, firm_id: int, at: datetime) -> bool:
    """Whether the worker holds a pass of the firm that can still be used. One query."""
    return holds_live_pass(worker.person_key, firm_id=firm_id, at=at)
