"""Doors on single workers of a list: add, change, remove.

A preview and a list that was never submitted are changed themselves; a submitted list is history, so a
change is made on a copy (`roster.working_copy`), and the case follows as with every edit.
What is read, matched or sealed is so before the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete

from resume.db import joined, transaction
from resume.passes.leaving import leave
from resume.refusals import Unprocessable
from resume.roles import Actor
from resume.roster.content import worker_values
from resume.roster.lifecycle import ListState
from resume.roster.models import Worker
from resume.roster.queries import get_list, get_worker, last_row
from resume.roster.typed_row import texts_of
from resume.roster.working_copy import copy_if_history, open_list
from resume.staffing.operations.steps import (
    UNSYNCED,
    Kept,
    ReadRow,
    duplicate_in,
    follow_case,
    insert_row,
    note,
    open_for,
    read_row,
    refuse_if_moved,
    write_row,
)

#: Left empty in a change, these stay as they are: pages show them masked only.
KEPT_IF_EMPTY = ("document_number", "phone")


class StillListed(Unprocessable):
    """Somebody who has left is taken off the list that stands, not off a file that waits to be confirmed."""

    code = "still_listed"
    message = _("待确认的名单不能办理离开企业，没有修改")
    advice = _("请在现有名单中打开此人，移出名单并勾选已离开；此处只能移出这份文件")


def add_worker(list_id: UUID, texts: Mapping[str, str], *, firm_id: int, by: Actor, at: datetime) -> Kept:
    """Add one worker below the last row. Raises NotFound, ListNotOpen, ListChanged, SitesChanged."""
    read = read_row(texts, row=last_row(get_list(list_id, firm_id=firm_id).id) + 1, firm_id=firm_id, at=at)
    if not isinstance(read, ReadRow):
        return Kept(list_id, errors=read)
    copy = copy_if_history(list_id, firm_id=firm_id, at=at)
    with transaction():
        error = duplicate_in(read.one, list_id)
        if error:
            return Kept(list_id, errors=[error])
        opened = open_list(list_id, copy, firm_id=firm_id)
        found = opened.worker_list
        worker_id = insert_row(_at_row(read, last_row(found.id) + 1), found.id, firm_id=firm_id)
        found.row_count += 1
        found.good_count += 1
        note("list.worker_added", found, by=by, at=at)
        follow_case(opened, by=by, at=at)
        return Kept(found.id, worker_id)


def change_worker(
    worker_id: UUID, texts: Mapping[str, str], *, seen: str, firm_id: int, by: Actor, at: datetime
) -> Kept:
    """Change what a list says of one worker; an empty document number or phone stays as it is.

    `seen`: `version_of` the worker as the page showed him. What says the same changes nothing. Raises as
    `add_worker`, and RowSettled where he was changed since.
    """
    worker, worker_list = get_worker(worker_id, firm_id=firm_id)
    refuse_if_moved(worker, seen)
    read = read_row(_filled(worker, texts), row=worker.row, firm_id=firm_id, at=at)
    if not isinstance(read, ReadRow):
        return Kept(worker_list.id, errors=read)
    values = worker_values(read.one, worker_list.id, read.sites, worker_id)
    is_same = values["content_key"] == worker.content_key and values["building_id"] == worker.building_id
    if is_same:
        return Kept(worker_list.id, worker_id)
    changed = [name for name, value in values.items() if name != "sealed" and getattr(worker, name) != value]
    copy = copy_if_history(worker_list.id, firm_id=firm_id, at=at)
    with transaction():
        error = duplicate_in(read.one, worker_list.id, but=worker_id)
        if error:
            return Kept(worker_list.id, errors=[error])
        found, opened = open_for(worker_id, seen, copy, firm_id=firm_id)
        write_row(found.id, read, opened.worker_list.id, firm_id=firm_id)
        note("list.worker_changed", opened.worker_list, by=by, at=at, row=found.row, changed=sorted(changed))
        follow_case(opened, by=by, at=at)
        return Kept(opened.worker_list.id, found.id)


def remove_worker(worker_id: UUID, *, has_left: bool, firm_id: int, by: Actor, at: datetime) -> UUID:
    """Take a worker off the list; the id of the list without him.

    His pass and claim go with the approval of that list, or at once where `has_left`: he works for the firm
    no longer. Raises NotFound, ListNotOpen, ListChanged, RowSettled; StillListed for a preview.
    """
    _worker, worker_list = get_worker(worker_id, firm_id=firm_id)
    if has_left and worker_list.state == ListState.PREVIEW:
        raise StillListed
    copy = copy_if_history(worker_list.id, firm_id=firm_id, at=at)
    with transaction():
        found, opened = open_for(worker_id, None, copy, firm_id=firm_id)
        person_key, row = found.person_key, found.row
        joined().execute(delete(Worker).where(Worker.id == found.id), execution_options=UNSYNCED)
        joined().expunge(found)
        opened.worker_list.row_count -= 1
        opened.worker_list.good_count -= 1
        note("list.worker_removed", opened.worker_list, by=by, at=at, row=row, has_left=has_left)
        follow_case(opened, by=by, at=at)
        if has_left:
            leave([person_key], firm_id=firm_id, by=by, at=at)
        return opened.worker_list.id


def _filled(worker: Worker, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts, with what is only shown masked as it was."""
    was = texts_of(worker, sites={})
    return {**texts, **{name: was[name] for name in KEPT_IF_EMPTY if not texts.get(name, "").strip()}}


def _at_row(read: ReadRow, row: int) -> ReadRow:
    return replace(read, one=replace(read.one, row=replace(read.one.row, row=row)))
