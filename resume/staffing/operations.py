"""Doors on single workers of a list: correct or discard a bad row, add, change, remove, choose a building.

A preview and a list that was never submitted are changed themselves; a submitted list is history, so a
change is made on a copy (`roster.working_copy`), and the case follows as with every edit.
What is read, matched or sealed is so before the door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, update

from resume import audit
from resume.applications.steps import touch_by_edit
from resume.clock import shanghai_date
from resume.db import joined, transaction
from resume.firms.queries import list_sites
from resume.passes.leaving import leave
from resume.people.identify import remember
from resume.places.matching import Near, match_buildings
from resume.refusals import Unprocessable
from resume.roles import Actor
from resume.roster.content import key_of, worker_values
from resume.roster.details import open_details, seal_details
from resume.roster.lifecycle import ListState
from resume.roster.lost import same_address
from resume.roster.models import BadRow, RowError, Worker, WorkerList
from resume.roster.operations import SitesChanged
from resume.roster.queries import RowSettled, get_list, get_worker, last_row, row_of_person
from resume.roster.resolving import Resolved, flat_key, resolve
from resume.roster.sheet import CellError, WorkerRow, duplicate_of
from resume.roster.typed_row import read_typed, texts_of
from resume.roster.working_copy import Copy, ListChanged, Opened, copy_if_history, open_list
from resume.staffing.queries import bad_row_of

#: Left empty in a change, these stay as they are: pages show them masked only.
KEPT_IF_EMPTY = ("document_number", "phone")
_UNSYNCED = {"synchronize_session": False}


class BuildingNotOffered(Unprocessable):
    """The building is none of those nearest to the worker's address, or he has one already."""

    code = "building_not_offered"
    message = _("所选楼栋不在该员工住址的相近楼栋中，没有修改")
    advice = _("请重新打开该员工的页面，从列出的楼栋中选择，或直接修改住址")


class StillListed(Unprocessable):
    """Somebody who has left is taken off the list that stands, not off a file that waits to be confirmed."""

    code = "still_listed"
    message = _("待确认的名单不能办理离开企业，没有修改")
    advice = _("请在现有名单中打开此人，移出名单并勾选已离开；此处只能移出这份文件")


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that was taken, where it stands now; or every `errors` of it, and nothing was changed."""

    list_id: UUID
    worker_id: UUID | None = None
    errors: Sequence[CellError] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A typed row as read and matched, with the firm's plants it was read by."""

    one: Resolved
    sites: Mapping[str, int]


def correct_row(bad_row_id: UUID, texts: Mapping[str, str], *, firm_id: int, by: Actor, at: datetime) -> Kept:
    """Make a bad row of the preview a good one, judged by the readers of the file; else its errors.

    RowSettled where somebody was faster, NotFound for another firm's, SitesChanged, ListNotOpen.
    """
    bad, worker_list = bad_row_of(bad_row_id, firm_id=firm_id)
    list_id, row = worker_list.id, bad.row
    read = _read(texts, row=row, firm_id=firm_id, at=at)
    if not isinstance(read, _Read):
        return Kept(list_id, errors=read)
    with transaction():
        _bad, worker_list = bad_row_of(bad_row_id, firm_id=firm_id)
        error = _duplicate(read.one, list_id)
        if error:
            return Kept(list_id, errors=[error])
        worker_id = _insert(read, list_id, firm_id=firm_id)
        _forget_bad(list_id, row)
        worker_list.good_count += 1
        worker_list.revision += 1
        _note("list.row_corrected", worker_list, by=by, at=at, row=row)
        return Kept(list_id, worker_id)


def discard_row(bad_row_id: UUID, *, firm_id: int, by: Actor, at: datetime) -> UUID:
    """Leave a bad row out of the preview, its cells with it; the list's id. Raises as `correct_row`."""
    with transaction():
        bad, worker_list = bad_row_of(bad_row_id, firm_id=firm_id)
        row = bad.row
        _forget_bad(worker_list.id, row)
        worker_list.row_count -= 1
        worker_list.revision += 1
        _note("list.row_discarded", worker_list, by=by, at=at, row=row)
        return worker_list.id


def add_worker(list_id: UUID, texts: Mapping[str, str], *, firm_id: int, by: Actor, at: datetime) -> Kept:
    """Add one worker below the last row. Raises NotFound, ListNotOpen, ListChanged, SitesChanged."""
    read = _read(texts, row=last_row(get_list(list_id, firm_id=firm_id).id) + 1, firm_id=firm_id, at=at)
    if not isinstance(read, _Read):
        return Kept(list_id, errors=read)
    copy = copy_if_history(list_id, firm_id=firm_id, at=at)
    with transaction():
        error = _duplicate(read.one, list_id)
        if error:
            return Kept(list_id, errors=[error])
        opened = open_list(list_id, copy, firm_id=firm_id)
        found = opened.worker_list
        worker_id = _insert(_at_row(read, last_row(found.id) + 1), found.id, firm_id=firm_id)
        found.row_count += 1
        found.good_count += 1
        _note("list.worker_added", found, by=by, at=at)
        _follow_case(opened, by=by, at=at)
        return Kept(found.id, worker_id)


def change_worker(
    worker_id: UUID, texts: Mapping[str, str], *, seen: str, firm_id: int, by: Actor, at: datetime
) -> Kept:
    """Change what a list says of one worker; an empty document number or phone stays as it is.

    `seen`: `version_of` the worker as the page showed him. What says the same changes nothing. Raises as
    `add_worker`, and RowSettled where he was changed since.
    """
    worker, worker_list = get_worker(worker_id, firm_id=firm_id)
    _refuse_if_moved(worker, seen)
    read = _read(_filled(worker, texts), row=worker.row, firm_id=firm_id, at=at)
    if not isinstance(read, _Read):
        return Kept(worker_list.id, errors=read)
    values = worker_values(read.one, worker_list.id, read.sites, worker_id)
    is_same = values["content_key"] == worker.content_key and values["building_id"] == worker.building_id
    if is_same:
        return Kept(worker_list.id, worker_id)
    changed = [name for name, value in values.items() if name != "sealed" and getattr(worker, name) != value]
    copy = copy_if_history(worker_list.id, firm_id=firm_id, at=at)
    with transaction():
        error = _duplicate(read.one, worker_list.id, but=worker_id)
        if error:
            return Kept(worker_list.id, errors=[error])
        found, opened = _open_for(worker_id, seen, copy, firm_id=firm_id)
        _write(found.id, read, opened.worker_list.id, firm_id=firm_id)
        _note("list.worker_changed", opened.worker_list, by=by, at=at, row=found.row, changed=sorted(changed))
        _follow_case(opened, by=by, at=at)
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
        found, opened = _open_for(worker_id, None, copy, firm_id=firm_id)
        person_key, row = found.person_key, found.row
        joined().execute(delete(Worker).where(Worker.id == found.id), execution_options=_UNSYNCED)
        joined().expunge(found)
        opened.worker_list.row_count -= 1
        opened.worker_list.good_count -= 1
        _note("list.worker_removed", opened.worker_list, by=by, at=at, row=row, has_left=has_left)
        _follow_case(opened, by=by, at=at)
        if has_left:
            leave([person_key], firm_id=firm_id, by=by, at=at)
        return opened.worker_list.id


def choose_building(
    worker_id: UUID, building_id: int, *, also_same: bool, firm_id: int, by: Actor, at: datetime
) -> tuple[UUID, int]:
    """Give a worker without a building one of the nearest to his address: street, compound, number and flat.

    `also_same`: and everybody of the list whose unmatched address is the same. The list's id, and how many
    workers it was. Raises BuildingNotOffered, NotFound, ListNotOpen, ListChanged, RowSettled.
    """
    worker, worker_list = get_worker(worker_id, firm_id=firm_id)
    near = _offered(worker, building_id)
    copy = copy_if_history(worker_list.id, firm_id=firm_id, at=at)
    with transaction():
        found, opened = _open_for(worker_id, None, copy, firm_id=firm_id)
        if found.building_id is not None:
            raise RowSettled
        chosen = same_address(found) if also_same else [found]
        joined().execute(update(Worker), [_moved_to(one, near) for one in chosen])
        _note(
            "list.building_chosen", opened.worker_list, by=by, at=at, rows=len(chosen), building=building_id
        )
        _follow_case(opened, by=by, at=at)
        return opened.worker_list.id, len(chosen)


def version_of(worker: Worker) -> str:
    """What a page carries to tell whether a worker was changed since it was read; "" where not known."""
    return worker.content_key.hex() if worker.content_key else ""


def _read(texts: Mapping[str, str], *, row: int, firm_id: int, at: datetime) -> _Read | Sequence[CellError]:
    sites = _sites_of(firm_id)
    read = read_typed(texts, row=row, sites=sites, today=shanghai_date(at))
    if not isinstance(read, WorkerRow):
        return read
    (one,) = resolve([read])
    return _Read(one, sites)


def _sites_of(firm_id: int) -> dict[str, int]:
    return {site.name: site.id for site in list_sites(firm_id=firm_id)}


def _filled(worker: Worker, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts, with what is only shown masked as it was."""
    was = texts_of(worker, sites={})
    return {**texts, **{name: was[name] for name in KEPT_IF_EMPTY if not texts.get(name, "").strip()}}


def _duplicate(one: Resolved, list_id: UUID, *, but: UUID | None = None) -> CellError | None:
    taken = row_of_person(list_id, one.keys.key, but=but)
    return None if taken is None else duplicate_of(one.row, taken)


def _at_row(read: _Read, row: int) -> _Read:
    return replace(read, one=replace(read.one, row=replace(read.one.row, row=row)))


def _insert(read: _Read, list_id: UUID, *, firm_id: int) -> UUID:
    if read.sites != _sites_of(firm_id):
        raise SitesChanged
    values = worker_values(read.one, list_id, read.sites)
    remember([(read.one.keys, read.one.row.document)])
    joined().execute(insert(Worker).values(**values))
    worker_id: UUID = values["id"]
    return worker_id


def _write(worker_id: UUID, read: _Read, list_id: UUID, *, firm_id: int) -> None:
    if read.sites != _sites_of(firm_id):
        raise SitesChanged
    values = worker_values(read.one, list_id, read.sites, worker_id)
    remember([(read.one.keys, read.one.row.document)])
    joined().execute(update(Worker).where(Worker.id == worker_id).values(**values))


def _open_for(worker_id: UUID, seen: str | None, copy: Copy | None, *, firm_id: int) -> tuple[Worker, Opened]:
    """The worker's list opened for a change, and the worker on it; as he was when the page was read."""
    worker, worker_list = get_worker(worker_id, firm_id=firm_id)
    joined().refresh(worker)
    _refuse_if_moved(worker, seen)
    opened = open_list(worker_list.id, copy, firm_id=firm_id)
    found = joined().get(Worker, opened.id_of(worker_id))
    if found is None:
        raise ListChanged
    return found, opened


def _refuse_if_moved(worker: Worker, seen: str | None) -> None:
    if worker.left_at is not None or (seen is not None and seen != version_of(worker)):
        raise RowSettled


def _follow_case(opened: Opened, *, by: Actor, at: datetime) -> None:
    """A list that stands is the case's: a case under review comes back, after a decision a new one begins."""
    worker_list = opened.worker_list
    joined().flush()
    if worker_list.state == ListState.PREVIEW:
        return
    application = touch_by_edit(worker_list.firm_id, by=by, at=at)
    application.list_id, application.worker_count = worker_list.id, worker_list.good_count


def _forget_bad(list_id: UUID, row: int) -> None:
    for model in (BadRow, RowError):
        gone = delete(model).where(model.list_id == list_id, model.row == row)
        joined().execute(gone, execution_options=_UNSYNCED)
    joined().expire_all()


def _offered(worker: Worker, building_id: int) -> Near:
    if worker.building_id is not None:
        raise BuildingNotOffered
    (match,) = match_buildings([open_details(worker).matched_by])
    for near in match.nearest:
        if near.building_id == building_id:
            return near
    raise BuildingNotOffered


def _moved_to(worker: Worker, near: Near) -> dict[str, object]:
    details = replace(open_details(worker), street=near.street, compound=near.compound, building=near.number)
    return {
        "id": worker.id,
        "sealed": seal_details(worker.id, details),
        "building_id": near.building_id,
        "flat_key": flat_key(near.building_id, details.unit, details.room),
        "content_key": key_of(worker, details),
    }


def _note(action: str, worker_list: WorkerList, *, by: Actor, at: datetime, **detail: object) -> None:
    """An audit row: rows and counts, nothing personal."""
    subject = f"worker_list:{worker_list.id}"
    if worker_list.based_on_id is not None:
        detail["based_on"] = str(worker_list.based_on_id)
    audit.record(action, subject, by=by, at=at, firm=worker_list.firm_id, **detail)
