"""The door of a second file: it replaces the list that stands, or is appended to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from resume import audit
from resume.applications.models import Application
from resume.applications.steps import touch_by_edit
from resume.bulk import Encoded, encode_rows, insert_encoded
from resume.db import joined, transaction
from resume.roles import Actor
from resume.roster.lifecycle import ListState
from resume.roster.models import Worker, WorkerList
from resume.roster.queries import find_current_list, get_list, last_row
from resume.roster.steps import ListNotOpen, confirm
from resume.roster.working_copy import ListChanged, resealed
from resume.staffing.comparing import Kind, difference_of, seen_of


class Way(StrEnum):
    """What becomes of those who are on the list that stands, and not in the new file."""

    REPLACE = "replace"
    APPEND = "append"


@dataclass(frozen=True, slots=True)
class _Stay:
    """Rows of those who stay, sealed for the preview."""

    count: int
    rows: Encoded


def settle(list_id: UUID, *, way: Way, seen: str, firm_id: int, by: Actor, at: datetime) -> Application:
    """Confirm a preview as the firm's list: alone, or with those of the earlier list whom it does not name.

    `seen`: `comparing.seen_of` as the page showed it. Raises NotFound, ListNotOpen, NoGoodRow; ListChanged
    where either list moved since.
    """
    preview = get_list(list_id, firm_id=firm_id)
    stay = _staying(preview, firm_id) if way is Way.APPEND else None
    with transaction():
        preview = get_list(list_id, firm_id=firm_id)
        if preview.state != ListState.PREVIEW:
            raise ListNotOpen
        current = find_current_list(firm_id=firm_id)
        if seen != seen_of(preview, current):
            raise ListChanged
        if stay is not None and current is not None:
            insert_encoded(stay.rows)
            preview.row_count += stay.count
            preview.good_count += stay.count
            preview.based_on_id = current.id
            joined().flush()
        confirm(list_id, firm_id=firm_id, at=at)
        application = touch_by_edit(firm_id, by=by, at=at)
        application.list_id, application.worker_count = preview.id, preview.good_count
        audit.record(
            "list.settled", f"worker_list:{list_id}", by=by, at=at, firm=firm_id, way=way.value,
            workers=preview.good_count, stayed=stay.count if stay else 0,
        )  # fmt: skip
        return application


def _staying(preview: WorkerList, firm_id: int) -> _Stay | None:
    """Those of the earlier list whom the file does not name, below its last row; made outside the door."""
    current = find_current_list(firm_id=firm_id)
    if current is None:
        return None
    gone = {was for was, _now in difference_of(preview, current).by_kind[Kind.GONE] if was is not None}
    rows, _ids = resealed(current.id, preview.id, only=gone, first_row=last_row(preview.id) + 1)
    return _Stay(len(rows), encode_rows(Worker, rows))
