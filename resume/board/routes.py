"""The first page: a desk for HR and for stewards; for others, the way to the page of their work."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, url_for
from werkzeug.wrappers import Response

from resume import clock
from resume.board import picture
from resume.board.desk import desk_of
from resume.board.steward import steward_desk
from resume.passes.lifecycle import STATUS_NAMES
from resume.refusals import NotFound
from resume.roles import Role
from resume.roster.outlook import lab_hours
from resume.web.access import current_actor, open_to_everybody, own_firm
from resume.web.pages import page

bp = Blueprint("board", __name__)

#: Where each role's work begins; HR's and the steward's is the desk. Endpoints in the order of preference.
MAIN_PAGES: dict[Role | None, tuple[str, ...]] = {
    Role.REVIEWER: ("review.queue",),
    Role.SIGN_OFF: ("review.queue",),
    Role.STREET: ("escalations.desk", "trips.index", "accounts.own"),
    Role.GUARD: ("gate.check",),
    Role.ADMINISTRATOR: ("firms.index",),
    Role.AUDITOR: ("audit.index",),
    None: ("accounts.sign_in",),
}


@bp.get("/")
@open_to_everybody
def desk() -> Response:
    """HR's and the steward's desk; other roles are sent to their main page, visitors to the sign-in."""
    role = current_actor().role
    if role is Role.STEWARD:
        return page("board/steward.html", desk=steward_desk(current_actor().account_id, at=clock.now()))
    if role is not Role.HR:
        return redirect(_main_page(role), 303)
    at = clock.now()
    found = desk_of(firm_id=own_firm(), account_id=current_actor().account_id, at=at)
    return page(
        "board/desk.html",
        desk=found,
        asked_at=at,
        picture=picture,
        status_names=STATUS_NAMES,
        lab_hours=lab_hours(at),
    )


def _main_page(role: Role | None) -> str:
    for endpoint in MAIN_PAGES[role]:
        if endpoint in current_app.view_functions:
            return url_for(endpoint)
    raise NotFound
