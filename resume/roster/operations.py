"""Doors on worker lists: upload one, throw a preview away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import Table as SqlTable
from sqlalchemy import delete, select, update

from resume import audit
from resume.clock import shanghai_date
from resume.db import Base, joined, new_id, transaction
from resume.people.identify import remember
from resume.plans.queries import find_current_version
from resume.plans.site_register import names_in
from resume.refusals import Conflict, Unprocessable
from resume.roles import Actor
from resume.roster.bad_rows import bad_row_values
from resume.roster.content import worker_values
from resume.roster.lifecycle import ListState
from resume.roster.models import BadRow, RowError, Worker, WorkerList
from resume.roster.queries import get_list
from resume.roster.resolving import Resolved, resolve
from resume.roster.sheet import SheetRead, read_worker_list
from resume.roster.steps import ListNotOpen
from resume.tables.model import Table
from resume.tables.reading import read_table

LONGEST_FILE_NAME = 120


class NoSites(Unprocessable):
    """The firm has no plant yet, so no row could name one."""

    code = "no_sites"
    message = _("还没有登记厂区，名单中的“工作厂区”无法核对")
    advice = _("请先在方案的“厂区”一节中登记，再上传名单")


class SitesChanged(Conflict):
    """A plant was added, renamed or removed while the file was read."""

    code = "sites_changed"
    message = _("读取文件期间，方案中的厂区有修改，名单没有保存")
    advice = _("请重新上传一次")


@dataclass(frozen=True, slots=True)
class Upload:
    """A list as read, matched and sealed, not stored yet. `resolved`: its good rows, in its order;
    `bad_rows`: the others, to be corrected."""

    worker_list: WorkerList
    read: SheetRead
    resolved: Sequence[Resolved]
    workers: Sequence[dict[str, Any]]
    sites: dict[str, int]
    bad_rows: Sequence[dict[str, Any]] = ()


def upload(firm_id: int, data: bytes, filename: str, *, by: Actor, at: datetime) -> WorkerList:
    """Read a file and keep it as the firm's preview; an earlier preview is thrown away.

    The file is read, matched and sealed outside of the transaction. Raises NoSites, SitesChanged, and
    FileRefused (of `tables`) where the file as a whole cannot be read; bad rows are kept as errors.
    """
    read = read_upload(firm_id, lambda: read_table(data, filename), filename, at=at)
    with transaction():
        return keep_upload(read, by=by, at=at)


def read_upload(firm_id: int, table: Callable[[], Table], filename: str, *, at: datetime) -> Upload:
    """The slow part of an upload, outside any transaction, whatever brings the table. Raises NoSites."""
    sites = _sites_of(firm_id)
    if not sites:
        raise NoSites
    read = read_worker_list(table(), sites=sites, today=shanghai_date(at))
    resolved = resolve(read.rows)
    worker_list = _list_of(read, firm_id=firm_id, filename=filename, at=at)
    workers = [worker_values(one, worker_list.id, sites) for one in resolved]
    bad_rows = bad_row_values(read.bad, worker_list.id)
    return Upload(worker_list, read, resolved, workers, sites, bad_rows)


def keep_upload(upload: Upload, *, by: Actor, at: datetime) -> WorkerList:
    """A step: keep what was read as the firm's preview. Raises SitesChanged."""
    worker_list = upload.worker_list
    firm_id = worker_list.firm_id
    if upload.sites != _sites_of(firm_id):
        raise SitesChanged
    _throw_away_previews(firm_id)
    joined().add(worker_list)
    joined().flush()
    remember((one.keys, one.row.document) for one in upload.resolved)
    _insert(Worker, upload.workers)
    _insert(RowError, _error_rows(upload.read, worker_list.id))
    _insert(BadRow, upload.bad_rows)
    audit.record(
        "list.uploaded", f"worker_list:{worker_list.id}", by=by, at=at, firm=firm_id,
        rows=worker_list.row_count, good=worker_list.good_count,
    )  # fmt: skip
    return worker_list


def drop(list_id: UUID, *, firm_id: int, by: Actor, at: datetime) -> None:
    """Throw a preview away with its rows. NotFound for another firm's; ListNotOpen for any other state."""
    with transaction():
        found = get_list(list_id, firm_id=firm_id)
        if found.state != ListState.PREVIEW:
            raise ListNotOpen
        _throw_away_previews(firm_id)
        audit.record("list.dropped", f"worker_list:{list_id}", by=by, at=at, firm=firm_id)


def _sites_of(firm_id: int) -> dict[str, int]:
    """The plants as the newest plan names them: a list is submitted together with it."""
    return names_in(find_current_version(firm_id=firm_id), firm_id=firm_id)


def _list_of(read: SheetRead, *, firm_id: int, filename: str, at: datetime) -> WorkerList:
    rows = {error.row for error in read.errors} | {row.row for row in read.rows}
    return WorkerList(
        id=new_id(),
        firm_id=firm_id,
        state=ListState.PREVIEW.value,
        file_name=shown_file_name(filename),
        uploaded_at=at,
        row_count=len(rows),
        good_count=len(read.rows),
        unknown_columns=list(read.unknown_columns),
    )


def shown_file_name(filename: str) -> str:
    """The name without folders and control characters, its end kept where it is too long."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in name if character.isprintable())[-LONGEST_FILE_NAME:]


def _error_rows(read: SheetRead, list_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "list_id": list_id,
            "row": error.row,
            "column": error.column,
            "code": error.code,
            "value": error.value,
            "text": error.text,
        }
        for error in read.errors
    ]


def _throw_away_previews(firm_id: int) -> None:
    """Drop the firm's previews. Nothing refers to their rows, so what is personal in them goes at once."""
    session = joined()
    is_preview = (WorkerList.firm_id == firm_id, WorkerList.state == ListState.PREVIEW.value)
    previews = select(WorkerList.id).where(*is_preview)
    for model in (Worker, RowError, BadRow):
        session.execute(delete(model).where(model.list_id.in_(previews)), execution_options=_UNSYNCED)
    session.execute(
        update(WorkerList).where(*is_preview).values(state=ListState.DROPPED.value),
        execution_options=_UNSYNCED,
    )
    session.expire_all()


_UNSYNCED = {"synchronize_session": False}


def _insert(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """The table's own insert: the mapper's bulk insert costs three times as much for a long list."""
    table = model.__table__
    assert isinstance(table, SqlTable)
    if rows:
        joined().execute(table.insert(), rows)
