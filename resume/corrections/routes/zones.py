"""The level of a building or its compound, by hand."""

from __future__ import annotations

from datetime import datetime

from flask import request
from werkzeug.wrappers import Response

from resume import clock
from resume.clock import SHANGHAI
from resume.corrections.forms import ZoneForm, as_iso
from resume.corrections.kinds import DeclareZone
from resume.corrections.routes.blueprint import ask, bp, propose
from resume.places.queries import buildings_by_id, list_building_ids
from resume.refusals import NotFound
from resume.roles import Role
from resume.web.access import open_to


@bp.route("/buildings/<int:building_id>/zone", methods=["GET", "POST"])
@open_to(Role.STEWARD)
def declare_zone(building_id: int) -> Response:
    """Declare a level, or lift it for a time: proposed with a reference, for a second person."""
    building = buildings_by_id([building_id]).get(building_id)
    if building is None:
        raise NotFound
    wall: datetime = clock.now().astimezone(SHANGHAI).replace(tzinfo=None, second=0)
    level = request.args.get("level", "")
    form = ZoneForm(scope="building", way="declared", level=level, since=wall)
    if form.validate_on_submit():
        whole = form.scope.data == "compound"
        ids = list_building_ids(compound_id=building.compound_id) if whole else [building_id]
        wanted = DeclareZone(
            tuple(ids),
            form.level.data,
            form.way.data,
            as_iso(form.since.data),
            as_iso(form.until.data),
            form.reason.data or "",
        )
        return propose(wanted, form)
    return ask(
        "corrections/declare_zone.html",
        form,
        DeclareZone((building_id,), "", "", "").subject,
        building=building,
    )
