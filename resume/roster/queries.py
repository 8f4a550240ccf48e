"""Reading worker lists. What a firm reads asks for its `firm_id`; another firm's list is not found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import defer

from resume.db import in_chunks, reading
from resume.refusals import NotFound
from resume.roster.lifecycle import OVER, STANDING, ListState
from resume.roster.models import Claim, ListUpload, RowError, SubmittedPeriod, Worker, WorkerList
from resume.sets import within

_IS_READ = WorkerList.state != ListState.READING.value


def find_current_list(*, firm_id: int) -> WorkerList | None:
    """The firm's newest list that was confirmed or submitted, or None."""
    return _newest(firm_id, STANDING)


def find_preview(*, firm_id: int) -> WorkerList | None:
    """The firm's upload that waits to be confirmed, or None."""
    return _newest(firm_id, (ListState.PREVIEW,))


def get_list(list_id: UUID, *, firm_id: int) -> WorkerList:
    """A list of this firm, or NotFound."""
    query = select(WorkerList).where(WorkerList.id == list_id, WorkerList.firm_id == firm_id)
    found = reading().scalars(query.where(_IS_READ)).first()
    if found is None:
        raise NotFound
    return found


def get_upload(upload_id: UUID, *, firm_id: int) -> ListUpload:
    """A file this firm handed in during the last day, or NotFound. Its bytes are not read."""
    query = select(ListUpload).where(ListUpload.id == upload_id, ListUpload.firm_id == firm_id)
    found = reading().scalars(query.options(defer(ListUpload.sealed_file))).first()
    if found is None:
        raise NotFound
    return found


def find_open_upload(*, firm_id: int) -> ListUpload | None:
    """The firm's newest file that is still waited for, or None. Its bytes are not read."""
    query = select(ListUpload).where(ListUpload.firm_id == firm_id, ListUpload.state.not_in(OVER))
    newest = query.order_by(ListUpload.received_at.desc(), ListUpload.id).limit(1)
    return reading().scalars(newest.options(defer(ListUpload.sealed_file))).first()


def list_lists(*, firm_id: int, limit: int = 20) -> Sequence[WorkerList]:
    """The firm's lists, newest first."""
    query = select(WorkerList).where(WorkerList.firm_id == firm_id, _IS_READ)
    newest = query.order_by(WorkerList.uploaded_at.desc(), WorkerList.id).limit(limit)
    return reading().scalars(newest).all()


def get_worker(worker_id: UUID, *, firm_id: int) -> tuple[Worker, WorkerList]:
    """A worker of one of this firm's lists with his list, or NotFound."""
    query = select(Worker, WorkerList).join(WorkerList, WorkerList.id == Worker.list_id)
    found = reading().execute(query.where(Worker.id == worker_id, WorkerList.firm_id == firm_id)).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def list_workers(list_id: UUID, *, firm_id: int) -> Sequence[Worker]:
    """The workers of a list of this firm, in the sheet's order; none for another firm's."""
    query = select(Worker).join(WorkerList, WorkerList.id == Worker.list_id)
    return (
        reading()
        .scalars(
            query.where(Worker.list_id == list_id, WorkerList.firm_id == firm_id).order_by(
                Worker.row, Worker.id
            )
        )
        .all()
    )


def workers_of(list_id: UUID) -> Sequence[Worker]:
    """All workers of a list in the sheet's order, for those who are not asked for a firm: review, jobs."""
    query = select(Worker).where(Worker.list_id == list_id).order_by(Worker.row, Worker.id)
    return reading().scalars(query).all()


def workers_by_id(ids: Collection[UUID]) -> dict[UUID, Worker]:
    """Workers by id."""
    found: dict[UUID, Worker] = {}
    for chunk in in_chunks(sorted(ids)):
        found |= {row.id: row for row in reading().scalars(select(Worker).where(Worker.id.in_(chunk)))}
    return found


def list_errors(list_id: UUID) -> Sequence[RowError]:
    """The bad cells of a list, by row and in the order of its columns."""
    query = select(RowError).where(RowError.list_id == list_id).order_by(RowError.row, RowError.id)
    return reading().scalars(query).all()


def rows_claimed_elsewhere(list_id: UUID, *, firm_id: int) -> Sequence[int]:
    """The rows of the list whose persons are on the submitted list of another firm; the firm is not named."""
    query = (
        select(Worker.row)
        .join(Claim, Claim.person_key == Worker.person_key)
        .where(Worker.list_id == list_id, Claim.firm_id != firm_id)
        .order_by(Worker.row)
    )
    return reading().scalars(query).all()


def flatmates_on_list(list_id: UUID, flat_keys: Collection[bytes]) -> dict[bytes, set[bytes]]:
    """Who lives in these flats by one list: flat -> number keys. One query."""
    query = select(Worker.flat_key, Worker.number_key).where(
        Worker.list_id == list_id, within(Worker.flat_key, flat_keys)
    )
    found: dict[bytes, set[bytes]] = defaultdict(set)
    for flat_key, number_key in reading().execute(query):
        found[flat_key or b""].add(number_key)
    return found


def texts_of_list(list_id: UUID) -> dict[str, tuple[str, str, bytes]]:
    """What a search looks at of each worker of a list, by his id in hex: post, shift, sealed details."""
    query = select(Worker.id, Worker.post, Worker.shift, Worker.sealed).where(Worker.list_id == list_id)
    rows = reading().execute(query)
    return {worker_id.hex: (post, shift, sealed) for worker_id, post, shift, sealed in rows}


def flatmates_on_submitted_lists(
    flat_keys: Collection[bytes], *, known_at: datetime | None = None
) -> dict[bytes, set[bytes]]:
    """Who lives in these flats by the lists submitted now, or at `known_at`: flat -> number keys.

    One query; no room, no flat.
    """
    query = (
        select(Worker.number_key, Worker.flat_key)
        .join(WorkerList, WorkerList.id == Worker.list_id)
        .where(_was_submitted(known_at), within(Worker.flat_key, flat_keys))
    )
    found: dict[bytes, set[bytes]] = defaultdict(set)
    for number_key, flat_key in reading().execute(query):
        if flat_key is not None:
            found[flat_key].add(number_key)
    return found


def _was_submitted(known_at: datetime | None) -> ColumnElement[bool]:
    """The list is submitted, or was then; of one without periods only its upload is known."""
    is_submitted = WorkerList.state == ListState.SUBMITTED.value
    if known_at is None:
        return is_submitted
    period = select(SubmittedPeriod.id).where(SubmittedPeriod.list_id == WorkerList.id)
    ends_later = or_(SubmittedPeriod.until.is_(None), SubmittedPeriod.until > known_at)
    held = period.where(SubmittedPeriod.since <= known_at, ends_later).exists()
    return or_(held, and_(is_submitted, ~period.exists(), WorkerList.uploaded_at <= known_at))


def _newest(firm_id: int, states: Collection[ListState]) -> WorkerList | None:
    query = select(WorkerList).where(WorkerList.firm_id == firm_id, WorkerList.state.in_(states))
    return reading().scalars(query.order_by(WorkerList.uploaded_at.desc(), WorkerList.id).limit(1)).first()
