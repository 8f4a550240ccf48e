"""/trips: who is on the way, who should have arrived, who has; for the firm and for the street's desk."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.refusals import Text
from resume.roles import Role
from resume.trips.queries import TripState, Whose, count_trips, list_trips
from resume.web.access import current_actor, open_to, own_desk, own_district, own_firm
from resume.web.pages import asked_page, page

bp = Blueprint("trips", __name__)
PER_PAGE = 50

STATE_NAMES: dict[TripState, Text] = {
    TripState.OVERDUE: _("超时未到"),
    TripState.OPEN: _("途中"),
    TripState.ARRIVED: _("已到厂"),
}


@bp.get("/trips")
@open_to(Role.HR, Role.STREET, Role.REVIEWER, Role.SIGN_OFF)
def index() -> Response:
    """Trips of one state, with how many there are of each."""
    whose, at, number = _whose(), clock.now(), asked_page()
    counts = count_trips(whose, at=at)
    asked = request.args.get("state", "")
    shown = TripState.OVERDUE if counts[TripState.OVERDUE] else TripState.OPEN
    state = TripState(asked) if asked in list(TripState) else shown
    return page(
        "trips/index.html",
        trips=list_trips(whose, state=state, at=at, limit=PER_PAGE, offset=(number - 1) * PER_PAGE),
        counts=counts,
        state=state,
        names=STATE_NAMES,
        is_hr=current_actor().role is Role.HR,
        number=number,
        pages=-(-counts[state] // PER_PAGE),
    )


def _whose() -> Whose:
    role = current_actor().role
    if role is Role.HR:
        return Whose(firm_id=own_firm())
    if role is Role.STREET:
        return Whose(None, *own_desk())
    return Whose(district_code=own_district())
