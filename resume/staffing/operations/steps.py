"""What the doors on rows share: a typed row read and matched, a list opened, the case that follows. Steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update

from resume import audit
from resume.applications.steps import touch_by_edit
from resume.clock import shanghai_date
from resume.db import joined
from resume.people.identify import remember
from resume.plans.queries import find_current_version
from resume.plans.site_register import names_in
from resume.roles import Actor
from resume.roster.content import worker_values
from resume.roster.lifecycle import ListState
from resume.roster.models import Worker, WorkerList
from resume.roster.operations import SitesChanged
from resume.roster.queries import RowSettled, get_worker, row_of_person
from resume.roster.resolving import Resolved, resolve
from resume.roster.sheet import CellError, WorkerRow, duplicate_of
from resume.roster.typed_row import read_typed
from resume.roster.working_copy import Copy, ListChanged, Opened, open_list

UNSYNCED = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that was taken, where it stands now; or every `errors` of it, and nothing was changed."""

    list_id: UUID
    worker_id: UUID | None = None
    errors: Sequence[CellError] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A typed row as read and matched, with the firm's plants it was read by."""

    one: Resolved
    sites: Mapping[str, int]


def version_of(worker: Worker) -> str:
    """What a page carries to tell whether a worker was changed since it was read; "" where not known."""
    return worker.content_key.hex() if worker.content_key else ""


def read_row(
    texts: Mapping[str, str], *, row: int, firm_id: int, at: datetime
) -> ReadRow | Sequence[CellError]:
    """A typed row judged by the readers of the file and matched, outside of any door; or its errors."""
    sites = sites_of(firm_id)
    read = read_typed(texts, row=row, sites=sites, today=shanghai_date(at))
    if not isinstance(read, WorkerRow):
        return read
    (one,) = resolve([read])
    return ReadRow(one, sites)


def sites_of(firm_id: int) -> dict[str, int]:
    """The firm's plants by name, as a file is read by: the newest plan's names too."""
    return names_in(find_current_version(firm_id=firm_id), firm_id=firm_id)


def duplicate_in(one: Resolved, list_id: UUID, *, but: UUID | None = None) -> CellError | None:
    """The error of a row whose person stands on the list already (but for the worker `but`), or None."""
    taken = row_of_person(list_id, one.keys.key, but=but)
    return None if taken is None else duplicate_of(one.row, taken)


def insert_row(read: ReadRow, list_id: UUID, *, firm_id: int) -> UUID:
    """A step: store a new worker on a list; his id. SitesChanged where the plants moved since."""
    if read.sites != sites_of(firm_id):
        raise SitesChanged
    values = worker_values(read.one, list_id, read.sites)
    remember([(read.one.keys, read.one.row.document)])
    joined().execute(insert(Worker).values(**values))
    worker_id: UUID = values["id"]
    return worker_id


def write_row(worker_id: UUID, read: ReadRow, list_id: UUID, *, firm_id: int) -> None:
    """A step: a stored worker now says what was read. SitesChanged as above."""
    if read.sites != sites_of(firm_id):
        raise SitesChanged
    values = worker_values(read.one, list_id, read.sites, worker_id)
    remember([(read.one.keys, read.one.row.document)])
    joined().execute(update(Worker).where(Worker.id == worker_id).values(**values))


def open_for(worker_id: UUID, seen: str | None, copy: Copy | None, *, firm_id: int) -> tuple[Worker, Opened]:
    """The worker's list opened for a change, and the worker on it; as he was when the page was read."""
    worker, worker_list = get_worker(worker_id, firm_id=firm_id)
    joined().refresh(worker)
    refuse_if_moved(worker, seen)
    opened = open_list(worker_list.id, copy, firm_id=firm_id)
    found = joined().get(Worker, opened.id_of(worker_id))
    if found is None:
        raise ListChanged
    return found, opened


def refuse_if_moved(worker: Worker, seen: str | None) -> None:
    """RowSettled where the worker has left, or was changed since the page showed `seen`."""
    if worker.left_at is not None or (seen is not None and seen != version_of(worker)):
        raise RowSettled


def follow_case(opened: Opened, *, by: Actor, at: datetime) -> None:
    """A list that stands is the case's: a case under review comes back, after a decision a new one begins."""
    worker_list = opened.worker_list
    joined().flush()
    if worker_list.state == ListState.PREVIEW:
        return
    application = touch_by_edit(worker_list.firm_id, by=by, at=at)
    application.list_id, application.worker_count = worker_list.id, worker_list.good_count


def note(action: str, worker_list: WorkerList, *, by: Actor, at: datetime, **detail: object) -> None:
    """An audit row: rows and counts, nothing personal."""
    subject = f"worker_list:{worker_list.id}"
    if worker_list.based_on_id is not None:
        detail["based_on"] = str(worker_list.based_on_id)
    audit.record(action, subject, by=by, at=at, firm=worker_list.firm_id, **detail)
