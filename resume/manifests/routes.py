"""/manifests: whom to expect, for the street's desk and for the gate; the paper, and its ticks."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.clock import shanghai_date
from resume.manifests import queries, ticks
from resume.manifests.making import make_manifest
from resume.manifests.models import Manifest
from resume.manifests.operations import read_file
from resume.passes.press import HOTLINE
from resume.places.models import Compound
from resume.places.queries import get_compound, get_gate
from resume.refusals import NotFound
from resume.roles import Role
from resume.web.access import current_actor, open_to, own_desk, with_account
from resume.web.pages import page, saved

bp = Blueprint("manifests", __name__)
AHEAD, BEHIND = 7, 30  # days that may be asked for


@bp.get("/manifests")
@open_to(Role.STREET, Role.GUARD)
@with_account
def index() -> Response:
    """The street's compounds of which somebody is expected; a gate is sent to its own compound."""
    day = _asked_day()
    if current_actor().role is Role.GUARD:
        return _compound(_own_compound(), day)
    district, street = own_desk()
    return page(
        "manifests/index.html",
        compounds=queries.count_expected(district_code=district, street=street, day=day),
        **_days(day, shanghai_date(clock.now())),
    )


@bp.get("/manifests/<int:compound_id>")
@open_to(Role.STREET, Role.GUARD)
@with_account
def compound(compound_id: int) -> Response:
    """Whom a compound may expect on a day, and the papers made of it."""
    return _compound(_get_compound(compound_id), _asked_day())


@bp.post("/manifests/<int:compound_id>")
@open_to(Role.STREET, Role.GUARD)
@with_account
def make(compound_id: int) -> Response:
    """Make the signed paper of a day."""
    found, day = _get_compound(compound_id), _asked_day()
    made = make_manifest(found, day, by=current_actor(), at=clock.now())
    return saved(
        to=url_for("manifests.compound", compound_id=found.id, day=day.isoformat()),
        message=_("名单第 %(number)s 版已签名，可以下载打印", number=made.number),
    )


@bp.get("/manifests/<uuid:manifest_id>/file")
@open_to(Role.STREET, Role.GUARD)
@with_account
def file(manifest_id: UUID) -> Response:
    """The paper as PDF."""
    made = _get_manifest(manifest_id)
    pdf = read_file(made)
    name = _("放行名单-%(day)s-%(number)s.pdf", day=made.day.isoformat(), number=made.number)
    response = send_file(BytesIO(pdf), mimetype="application/pdf", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/manifests/<uuid:manifest_id>/ticks", methods=["GET", "POST"])
@open_to(Role.STREET, Role.GUARD)
@with_account
def enter(manifest_id: UUID) -> Response:
    """Enter when each one of the paper was let out."""
    made = _get_manifest(manifest_id)
    if request.method == "GET":
        return _ticks(made, {})
    typed = {
        int(name.removeprefix("t-")): value
        for name, value in request.form.items()
        if name.startswith("t-") and name[2:].isascii() and name[2:].isdigit() and value.strip()
    }
    actor = current_actor()
    gate_id = actor.gate_id or request.form.get("gate", 0, type=int)
    try:
        results = ticks.enter_ticks(made, typed, gate_id=gate_id, by=actor, at=clock.now())
    except ticks.BadTicks as refusal:
        return _ticks(made, typed, refusal)
    return saved(to=url_for("manifests.enter", manifest_id=made.id), message=ticks.said(results))


def _compound(found: Compound, day: date) -> Response:
    at = clock.now()
    return page(
        "manifests/compound.html",
        expected=queries.expected_at(found, day, at=at),
        made=queries.list_manifests(found.id, day),
        shown_digest=queries.shown_digest,
        shows_names=current_actor().role is Role.GUARD,
        **_days(day, shanghai_date(at)),
    )


def _ticks(made: Manifest, typed: dict[int, str], error: ticks.BadTicks | None = None) -> Response:
    return page(
        "manifests/ticks.html",
        status=200 if error is None else error.status,
        made=made,
        compound=get_compound(made.compound_id),
        lines=ticks.tick_lines(made),
        gates=ticks.gates_of(made),
        typed=typed,
        error=error,
        own_gate=current_actor().gate_id,
        hotline=HOTLINE,
    )


def _asked_day() -> date:
    """The day of the address or form; tomorrow where none, or none near, was asked for."""
    today = shanghai_date(clock.now())
    try:
        day = date.fromisoformat(request.values.get("day", ""))
    except ValueError:
        return today + timedelta(days=1)
    is_near = today - timedelta(days=BEHIND) <= day <= today + timedelta(days=AHEAD)
    return day if is_near else today + timedelta(days=1)


def _days(day: date, today: date) -> dict[str, Any]:
    return {"day": day, "days": [today, today + timedelta(days=1), today + timedelta(days=2)], "today": today}


def _own_compound() -> Compound:
    gate_id = current_actor().gate_id
    found = None if gate_id is None else get_gate(gate_id).compound_id
    if found is None:
        raise NotFound
    return get_compound(found)


def _get_compound(compound_id: int) -> Compound:
    """A compound of the desk's street, or of the guard's gate; any other is not found."""
    if current_actor().role is Role.GUARD:
        own = _own_compound()
        if own.id != compound_id:
            raise NotFound
        return own
    found = get_compound(compound_id)
    if (found.district_code, found.street) != own_desk():
        raise NotFound
    return found


def _get_manifest(manifest_id: UUID) -> Manifest:
    made = queries.get_manifest(manifest_id)
    _get_compound(made.compound_id)
    return made
