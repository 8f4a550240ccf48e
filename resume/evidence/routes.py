"""Pages of what is known about places: one building, the levels of the zones, screenings that run out."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.evidence.building_view import view_building
from resume.evidence.proposals import Stage, list_proposals
from resume.evidence.screenings import Within, list_running_out
from resume.places.districts import DISTRICT_NAMES
from resume.places.queries import get_building
from resume.refusals import Text
from resume.roles import Role
from resume.web.access import current_actor, open_to, own_district
from resume.web.pages import asked_page, page

bp = Blueprint("evidence", __name__)
PER_PAGE = 50
Choice = TypeVar("Choice", bound=StrEnum)

STAGE_NAMES: dict[Stage, Text] = {
    Stage.DUE: _("可提议下调"),
    Stage.LACKING: _("天数已满，尚缺依据"),
    Stage.COUNTING: _("计数中"),
}
WITHIN_NAMES: dict[Within, Text] = {
    Within.DAY: _("24 小时内"),
    Within.TWO_DAYS: _("48 小时内"),
    Within.THREE_DAYS: _("72 小时内"),
    Within.PAST: _("近两日已失效"),
}


@bp.get("/buildings/<int:building_id>")
@open_to(Role.STEWARD, Role.REVIEWER, Role.SIGN_OFF)
def building(building_id: int) -> Response:
    """One building: why it is not clear and when, its level and the proposal, what was reported."""
    is_steward = current_actor().role is Role.STEWARD
    found = get_building(building_id, district_code=None if is_steward else own_district())
    at = clock.now()
    view = view_building(found, unit=request.args.get("unit", "").strip()[:20], at=at)
    return page("evidence/building.html", view=view, districts=DISTRICT_NAMES, is_steward=is_steward, at=at)


@bp.get("/zones")
@open_to(Role.STEWARD)
def zones() -> Response:
    """How many buildings hold each level, and whose level may be lowered."""
    district, number = asked_district(), asked_page()
    stage = asked(Stage, "stage", Stage.DUE)
    found = list_proposals(
        at=clock.now(),
        district_code=district or None,
        stage=stage,
        limit=PER_PAGE,
        offset=(number - 1) * PER_PAGE,
    )
    return page(
        "evidence/zones.html",
        fragment="evidence/_proposals.html",
        found=found,
        stage=stage,
        stage_names=STAGE_NAMES,
        district=district,
        districts=DISTRICT_NAMES,
        number=number,
        pages=-(-found.counts[stage] // PER_PAGE),
    )


@bp.get("/screenings")
@open_to(Role.STEWARD)
def screenings() -> Response:
    """The buildings whose screening runs out, the soonest first, or has just run out."""
    district, number = asked_district(), asked_page()
    within = asked(Within, "within", Within.DAY)
    found = list_running_out(
        at=clock.now(),
        within=within,
        district_code=district or None,
        limit=PER_PAGE,
        offset=(number - 1) * PER_PAGE,
    )
    return page(
        "evidence/screenings.html",
        fragment="evidence/_running_out.html",
        found=found,
        within=within,
        within_names=WITHIN_NAMES,
        district=district,
        districts=DISTRICT_NAMES,
        number=number,
        pages=-(-found.counts[within] // PER_PAGE),
    )


def asked(choices: type[Choice], name: str, default: Choice) -> Choice:
    """The choice of the address; the default where it names none."""
    word = request.args.get(name, "")
    return choices(word) if word in set(choices) else default


def asked_district() -> str:
    """The district of the address, or ""."""
    code = request.args.get("district", "")
    return code if code in DISTRICT_NAMES else ""
