"""Whose page it is: from what somebody typed, or from the row a session is bound to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from resume.credential.number import BadNumber, parse_number
from resume.db import reading
from resume.disclosure.models import PersonalCode
from resume.passes.models import Pass
from resume.roster.models import Worker
from resume.roster.own_key import looks_like_key, worker_id_of
from resume.roster.queries import find_bearer


@dataclass(frozen=True, slots=True)
class Bearer:
    """A worker of a firm. `by_link`: found by his own key, and not by a number that is printed on a sheet.

    `is_claimed`: the firm claims him now. Else his page opens by his own code alone: the firm, which knows
    link and last four, is not to see how somebody fares who has left it.
    """

    worker: Worker
    firm_id: int
    by_link: bool
    is_claimed: bool

    @property
    def subject(self) -> str:
        """What the audit calls him."""
        return f"worker:{self.worker.id}"


def find_typed(typed: str) -> Bearer | None:
    """The bearer of a pass number or of a key as people type them, or None. Three queries at most."""
    if looks_like_key(typed):
        worker_id = worker_id_of(typed)
        return None if worker_id is None else find_of_row(worker_id, by_link=True)
    try:
        number = parse_number(typed)
    except BadNumber:
        return None
    worker_id = reading().scalars(select(Pass.worker_id).where(Pass.number == number)).first()
    return None if worker_id is None else find_of_row(worker_id, by_link=False)


def find_of_row(worker_id: UUID, *, by_link: bool) -> Bearer | None:
    """The bearer a row stands for today, or None."""
    found = find_bearer(worker_id)
    return None if found is None else Bearer(found.worker, found.firm_id, by_link, found.is_claimed)


def find_code(bearer: Bearer) -> PersonalCode | None:
    """The code he has set, or None."""
    return reading().get(PersonalCode, (bearer.worker.person_key, bearer.firm_id))
