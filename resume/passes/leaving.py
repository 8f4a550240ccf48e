"""Whoever is not on the firm's list holds no pass of it: at once where he has left, else from the approval.

Steps of the doors above. A pass that was used is final and stays so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import aliased

from resume import audit
from resume.applications import claims
from resume.applications.models import Application
from resume.db import joined, reading
from resume.passes.bulk import update_rows
from resume.passes.models import Pass, Suspension
from resume.passes.queries import under_way
from resume.passes.reassess import live_condition
from resume.passes.status_list import note_change
from resume.policy import policy_at
from resume.roles import Actor
from resume.roster.details import open_details
from resume.roster.eligibility import PROFILE
from resume.roster.lifecycle import ListState
from resume.roster.models import Worker, WorkerList
from resume.sets import within


@dataclass(frozen=True, slots=True)
class Followed:
    """What an approval did to passes of earlier lists: of who is `gone`, of who is listed otherwise
    (`changed`) and got no new one; `released`: persons whom another firm may now list."""

    gone: int = 0
    changed: int = 0
    released: int = 0


def follow_list(case: Application, *, by: Actor, at: datetime) -> Followed:
    """A step of the approval, after its passes are written: end what the new list no longer carries.

    Who is not on the list loses pass and claim, also on his way. Who is listed otherwise (home, plant, name,
    document) and got no new pass loses the one that says and was judged by the old facts; who is on his
    way arrives with it, for evidence binds at the exit.
    """
    assert case.list_id is not None
    gone = _withdraw(_gone(case.firm_id, case.list_id), at=at)
    changed = _withdraw(within(Pass.id, _listed_otherwise(case.firm_id, case.list_id, at)), at=at)
    released = claims.release_gone(case.list_id, firm_id=case.firm_id)
    claims.move_to(case.list_id, firm_id=case.firm_id)
    followed = Followed(gone, changed, released)
    if followed != Followed():
        audit.record(
            "passes.followed_list", f"application:{case.id}", by=by, at=at,
            gone=gone, changed=changed, released=released,
        )  # fmt: skip
    return followed


def leave(person_keys: Collection[bytes], *, firm_id: int, by: Actor, at: datetime) -> int:
    """A step: these persons have left the firm. Their live passes end, their claims are given up, and no
    later batch of an earlier list counts them; how many passes ended."""
    ended = _withdraw((Pass.firm_id == firm_id) & within(Pass.person_key, person_keys), at=at)
    claims.release_persons(person_keys, firm_id=firm_id)
    submitted = WorkerList.state == ListState.SUBMITTED.value
    lists = select(WorkerList.id).where(WorkerList.firm_id == firm_id, submitted)
    joined().execute(
        update(Worker)
        .where(within(Worker.person_key, person_keys), Worker.list_id.in_(lists), Worker.left_at.is_(None))
        .values(left_at=at),
        execution_options={"synchronize_session": False},
    )
    audit.record("workers.left", f"firm:{firm_id}", by=by, at=at, persons=len(person_keys), passes=ended)
    return ended


def holds_live_pass(person_key: bytes, *, firm_id: int, at: datetime) -> bool:
    """Whether a person holds a pass of this firm that can still be used."""
    query = select(Pass.id).where(live_condition(at), Pass.firm_id == firm_id, Pass.person_key == person_key)
    return reading().scalar(query.limit(1)) is not None


def count_gone(case: Application, *, at: datetime) -> int:
    """How many live passes of the firm an approval of this case would end because their holders are not on
    its list. One query."""
    if case.list_id is None:
        return 0
    query = select(func.count(Pass.id)).where(live_condition(at), _gone(case.firm_id, case.list_id))
    return reading().scalar(query) or 0


def _gone(firm_id: int, list_id: UUID) -> ColumnElement[bool]:
    listed = select(Worker.id).where(Worker.list_id == list_id, Worker.person_key == Pass.person_key)
    return (Pass.firm_id == firm_id) & ~listed.exists()


def _listed_otherwise(firm_id: int, list_id: UUID, at: datetime) -> list[UUID]:
    """Live passes, not on their way, whose bearers this list gives another home, plant, name or document."""
    old, new = aliased(Worker), aliased(Worker)
    hours = policy_at(at).profile(PROFILE).terms.trip_hours.value
    query = (
        select(Pass.id, old, new)
        .join(old, old.id == Pass.worker_id)
        .join(new, (new.person_key == Pass.person_key) & (new.list_id == list_id))
        .where(live_condition(at), Pass.firm_id == firm_id, old.list_id != list_id)
        .where(under_way(at, trip_hours=hours).is_not(true()))  # NULL for who never left
    )
    return [found for found, was, is_now in joined().execute(query) if _says_other(was, is_now)]


def _says_other(was: Worker, is_now: Worker) -> bool:
    """Whether what a pass says of its bearer, or is judged by, differs."""
    if _judged_by(was) != _judged_by(is_now):
        return True
    if was.content_key is not None and was.content_key == is_now.content_key:
        return False
    return _named(was) != _named(is_now)


def _judged_by(worker: Worker) -> tuple[object, ...]:
    return worker.number_key, worker.building_id, worker.unit, worker.flat_key, worker.site_id


def _named(worker: Worker) -> Sequence[str]:
    details = open_details(worker)
    return details.name, details.document_type, details.document_number


def _withdraw(condition: ColumnElement[bool], *, at: datetime) -> int:
    """End the live passes that meet a condition, and what holds them; how many. Three statements."""
    ids = joined().scalars(select(Pass.id).where(live_condition(at), condition)).all()
    if not ids:
        return 0
    update_rows(
        update(Suspension)
        .where(within(Suspension.pass_id, ids), Suspension.ended_at.is_(None))
        .values(ended_at=at)
    )
    update_rows(
        update(Pass).where(within(Pass.id, ids)).values(revoked_at=at, is_live=False, is_suspended=False)
    )
    note_change()
    return len(ids)
