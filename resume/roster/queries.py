"""Reading worker lists. What a firm reads asks for its `firm_id`; another firm's list is not found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import defer

from resume.db import in_chunks, reading
from resume.refusals import Conflict, NotFound
from resume.roster.lifecycle import OVER, STANDING, ListState
from resume.roster.models import Claim, ListUpload, RowError, SubmittedPeriod, Worker, WorkerList
from resume.sets import within

_IS_READ = WorkerList.state != ListState.READING.value


class RowSettled(Conflict):
    """The row was corrected, changed or removed since the page was read, or its list has gone on."""

    code = "row_settled"
    message = _("这一行已由他人改正或移除，您的操作没有进行")
    advice = _("请从“人员名单”进入，查看最新的名单")


class Texts(NamedTuple):
    """What a search looks at of a worker; `sealed`: his details."""

    id: UUID
    number_key: bytes
    post: str
    shift: str
    sealed: bytes


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


class BearerRow(NamedTuple):
    """Who a row stands for today, and for which firm; `is_claimed`: the firm claims him now."""

    worker: Worker
    firm_id: int
    is_claimed: bool


def find_bearer(worker_id: UUID) -> BearerRow | None:
    """Who a row stands for today: his row on the list by which the row's firm claims him now.

    Where it claims him no longer, the row itself, if its list was ever submitted; None for a row that is not
    there or was never more than a preview. Three queries at most.
    """
    found = (
        reading()
        .execute(
            select(Worker, WorkerList)
            .join(WorkerList, WorkerList.id == Worker.list_id)
            .where(Worker.id == worker_id)
        )
        .first()
    )
    if found is None:
        return None
    worker, worker_list = found
    today = (
        select(Worker)
        .join(Claim, (Claim.list_id == Worker.list_id) & (Claim.person_key == Worker.person_key))
        .where(Claim.person_key == worker.person_key, Claim.firm_id == worker_list.firm_id)
    )
    now = reading().scalars(today.order_by(Worker.row).limit(1)).first()
    if now is not None:
        return BearerRow(now, worker_list.firm_id, is_claimed=True)
    was_submitted = select(SubmittedPeriod.id).where(SubmittedPeriod.list_id == worker.list_id)
    if reading().scalars(was_submitted).first() is None:
        return None
    return BearerRow(worker, worker_list.firm_id, is_claimed=False)


def rows_of_person(person_key: bytes, *, firm_id: int) -> Select[UUID]:
    """The rows in which a firm's lists, also its earlier ones, name a person: their ids, as a query."""
    query = select(Worker.id).join(WorkerList, WorkerList.id == Worker.list_id)
    return query.where(Worker.person_key == person_key, WorkerList.firm_id == firm_id)


def row_of_person(list_id: UUID, person_key: bytes, *, but: UUID | None = None) -> int | None:
    """The row on which a person stands in a list (not the row of worker `but`), or None."""
    query = select(Worker.row).where(Worker.list_id == list_id, Worker.person_key == person_key)
    return reading().scalar(query.where(Worker.id != but).limit(1) if but else query.limit(1))


def last_row(list_id: UUID) -> int:
    """The number of the last row of a list, good or bad; 1 (the headers) where there is none."""
    rows = select(func.max(Worker.row)).where(Worker.list_id == list_id)
    bad = select(func.max(RowError.row)).where(RowError.list_id == list_id)
    return max(reading().scalar(rows) or 1, reading().scalar(bad) or 1)


def is_history(worker_list: WorkerList) -> bool:
    """Whether a list was submitted once: it then stays as it was. One query."""
    if worker_list.state == ListState.SUBMITTED:
        return True
    query = select(SubmittedPeriod.id).where(SubmittedPeriod.list_id == worker_list.id).limit(1)
    return reading().scalar(query) is not None


def posts_of(*, firm_id: int) -> Sequence[str]:
    """The posts on the firm's current list, the most frequent first. Two queries."""
    current = find_current_list(firm_id=firm_id)
    if current is None:
        return ()
    query = select(Worker.post).where(Worker.list_id == current.id).group_by(Worker.post)
    return reading().scalars(query.order_by(func.count().desc(), Worker.post).limit(200)).all()


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


def texts_of_list(list_id: UUID) -> dict[str, Texts]:
    """What a search looks at of each worker of a list, by his id in hex. One query."""
    columns = (Worker.id, Worker.number_key, Worker.post, Worker.shift, Worker.sealed)
    rows = reading().execute(select(*columns).where(Worker.list_id == list_id))
    return {row[0].hex: Texts(*row) for row in rows}


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
    # Of two of one second the confirmed one is the later: a submitted one was confirmed before it.
    is_submitted = case((WorkerList.state == ListState.SUBMITTED.value, 1), else_=0)
    newest = query.order_by(WorkerList.uploaded_at.desc(), is_submitted, WorkerList.id).limit(1)
    return reading().scalars(newest).first()
