"""/gates: the administrator's list of gates, and new ones."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts.queries import list_accounts
from resume.devices.queries import devices_of_gate
from resume.gate.forms import GateForm
from resume.gate.lanes import lanes_of
from resume.gate.operations.gates import GateExists, register_city_gate, register_gate
from resume.gate.queries import count_gates, find_places, list_gates, place_of
from resume.gate.routes import bp
from resume.places.districts import DISTRICT_NAMES
from resume.places.models import Gate
from resume.places.queries import get_gate, list_streets
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.fields import choices
from resume.web.pages import asked_page, page, saved

PER_PAGE = 50
KINDS = ("compound", "plant", "city")


@bp.get("/gates")
@open_to(Role.ADMINISTRATOR)
def index() -> Response:
    """Gates by kind and name, with a search."""
    search = request.args.get("q", "").strip()[:60]
    number = asked_page()
    return page(
        "gate/index.html",
        fragment="gate/_list.html",
        gates=list_gates(search=search, limit=PER_PAGE, offset=(number - 1) * PER_PAGE),
        districts=DISTRICT_NAMES,
        search=search,
        number=number,
        pages=-(-count_gates(search=search) // PER_PAGE),
    )


@bp.route("/gates/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new() -> Response:
    """A new gate: find its compound or plant, then name it; one at the city's exit has its district alone."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else KINDS[0]
    district = request.args.get("district", "")
    district = district if district in DISTRICT_NAMES else next(iter(DISTRICT_NAMES))
    search = request.args.get("q", "").strip()[:60]
    found = find_places(kind, district_code=district, search=search)
    form = GateForm()
    form.place.choices = choices(found)
    streets = [(street, street) for street in list_streets(district)]
    form.street.choices = choices(streets, none=_("本区任一街镇"))
    if kind == "compound":
        del form.street  # its own
    elif kind == "city":
        del form.place
    status = 200
    if form.validate_on_submit():
        try:
            gate = _register(form, kind=kind, district=district)
        except GateExists as refusal:
            form.name.errors = [f"{refusal.message}，{refusal.advice}"]
            status = refusal.status
        else:
            return saved(to=url_for("gate.detail", gate_id=gate.id), message=_("门岗已登记"))
    elif form.errors:
        status = 422
    return page(
        "gate/new.html",
        status=status,
        form=form,
        kind=kind,
        district=district,
        districts=DISTRICT_NAMES,
        search=search,
    )


def _register(form: GateForm, *, kind: str, district: str) -> Gate:
    name, by, at = form.name.data or "", current_actor(), clock.now()
    street = form.street.data if form.street else ""
    if kind == "city":
        return register_city_gate(district_code=district, name=name, street=street, by=by, at=at)
    return register_gate(kind=kind, place_id=form.place.data, name=name, street=street, by=by, at=at)


@bp.get("/gates/<int:gate_id>")
@open_to(Role.ADMINISTRATOR)
def detail(gate_id: int) -> Response:
    """One gate: its place, its phones, its guards, and the way to a new phone or account."""
    gate, real_at = get_gate(gate_id), clock.real_now()
    return page(
        "gate/detail.html",
        gate=gate,
        place=place_of(gate),
        lanes=lanes_of(gate, at=clock.now()),
        found=devices_of_gate(gate_id, at=real_at),
        real_now=real_at,
        accounts=list_accounts(gate_id=gate_id),
        districts=DISTRICT_NAMES,
    )
