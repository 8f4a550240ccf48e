"""The door that gives a worker without a building one of the nearest to his address."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import update

from resume.db import joined, transaction
from resume.places.matching import Near, match_buildings
from resume.refusals import Unprocessable
from resume.roles import Actor
from resume.roster.content import key_of
from resume.roster.details import open_details, seal_details
from resume.roster.lost import same_address
from resume.roster.models import Worker
from resume.roster.queries import RowSettled, get_worker
from resume.roster.resolving import flat_key
from resume.roster.working_copy import copy_if_history
from resume.staffing.operations.steps import (
    follow_case,
    note,
    open_for,
)


class BuildingNotOffered(Unprocessable):
    """The building is none of those nearest to the worker's address, or he has one already."""

    code = "building_not_offered"
    message = _("所选楼栋不在该员工住址的相近楼栋中，没有修改")
    advice = _("请重新打开该员工的页面，从列出的楼栋中选择，或直接修改住址")


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
        found, opened = open_for(worker_id, None, copy, firm_id=firm_id)
        if found.building_id is not None:
            raise RowSettled
        chosen = same_address(found) if also_same else [found]
        joined().execute(update(Worker), [_moved_to(one, near) for one in chosen])
        note("list.building_chosen", opened.worker_list, by=by, at=at, rows=len(chosen), building=building_id)
        follow_case(opened, by=by, at=at)
        return opened.worker_list.id, len(chosen)


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
