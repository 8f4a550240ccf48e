"""Lists are history: a change of a submitted list is made on a copy, which is then the firm's list.

The copy is sealed outside of the door (each row is bound to its own id) and written in bulk inside it; a
submitted list never changes, so nothing can have moved meanwhile but which list is the current one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume.bulk import Encoded, encode_rows, insert_encoded
from resume.db import joined, new_id, reading
from resume.refusals import Conflict
from resume.roster.details import reseal
from resume.roster.lifecycle import ListState
from resume.roster.models import Worker, WorkerList
from resume.roster.queries import find_current_list, find_preview, get_list, is_history
from resume.roster.steps import ListNotOpen, drop_confirmed


class ListChanged(Conflict):
    """The list was submitted, changed or replaced while the page was open."""

    code = "list_changed"
    message = _("打开页面以后名单已有变化，您的操作没有进行")
    advice = _("请从“人员名单”进入，看到最新的名单后再办理")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a submitted list, not stored yet. `ids`: the worker's id there -> here."""

    source_id: UUID
    values: Mapping[str, Any]
    rows: Encoded
    ids: Mapping[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Opened:
    """A list that may be changed in the caller's door; `ids`: worker's id as asked -> id on this list."""

    worker_list: WorkerList
    ids: Mapping[UUID, UUID]

    def id_of(self, worker_id: UUID) -> UUID:
        """The id under which a worker stands on this list."""
        return self.ids.get(worker_id, worker_id)


def copy_if_history(list_id: UUID, *, firm_id: int, at: datetime) -> Copy | None:
    """The copy that a change of this list needs, made outside of the door; None where it may change itself.

    NotFound for another firm's list, ListNotOpen for one that is neither the preview nor the current list.
    """
    source = get_list(list_id, firm_id=firm_id)
    _refuse_past(source)
    if not is_history(source):
        return None
    copy_id = new_id()
    rows, ids = resealed(list_id, copy_id)
    made = {
        "id": copy_id,
        "firm_id": firm_id,
        "state": ListState.CONFIRMED.value,
        "file_name": source.file_name,
        "uploaded_at": max(at, source.uploaded_at + timedelta(seconds=1)),  # the newest list stands
        "row_count": len(rows),
        "good_count": len(rows),
        "unknown_columns": [],
        "based_on_id": source.id,
    }
    return Copy(source.id, made, encode_rows(Worker, rows), ids)


def open_list(list_id: UUID, copy: Copy | None, *, firm_id: int) -> Opened:
    """A step: the list itself, or its copy now stored as the firm's confirmed list; its revision has grown.

    Raises NotFound, ListNotOpen; ListChanged where the list became history since `copy_if_history`.
    """
    found = get_list(list_id, firm_id=firm_id)
    _refuse_past(found)
    if is_history(found):
        if copy is None or copy.source_id != found.id:
            raise ListChanged
        drop_confirmed(firm_id)
        found = WorkerList(**copy.values)
        joined().add(found)
        joined().flush()
        insert_encoded(copy.rows)
        return Opened(found, copy.ids)
    found.revision += 1
    return Opened(found, {})


def resealed(
    source_id: UUID, list_id: UUID, *, only: Collection[UUID] | None = None, first_row: int | None = None
) -> tuple[list[dict[str, Any]], dict[UUID, UUID]]:
    """Rows for the workers of a list (or `only` these of them) on another list, without those who have left,
    each sealed for its new id; and their ids there -> here. One query.

    Rows of the sheet are kept, or counted from `first_row`.
    """
    query = select(*_TABLE.columns).where(_TABLE.c.list_id == source_id, _TABLE.c.left_at.is_(None))
    rows, ids = list[dict[str, Any]](), dict[UUID, UUID]()
    for found in reading().execute(query.order_by(_TABLE.c.row, _TABLE.c.id)).mappings():
        was = found["id"]
        if only is not None and was not in only:
            continue
        values = dict(found)
        ids[was] = values["id"] = new_id()
        values["list_id"] = list_id
        values["sealed"] = reseal(values["sealed"], of=was, to=values["id"])
        if first_row is not None:
            values["row"] = first_row + len(rows)
        rows.append(values)
    return rows, ids


_TABLE = Worker.__table__


def _refuse_past(worker_list: WorkerList) -> None:
    """Only the preview and the list that stands for the firm are changed."""
    firm_id = worker_list.firm_id
    standing = find_preview(firm_id=firm_id), find_current_list(firm_id=firm_id)
    if worker_list.id not in {found.id for found in standing if found is not None}:
        raise ListNotOpen
