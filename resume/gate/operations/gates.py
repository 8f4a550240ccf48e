"""The door of gates: register one, of a compound, of a plant, or where people leave the city."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume import audit
from resume.db import joined, transaction
from resume.firms.queries import get_site
from resume.places.models import Gate
from resume.places.queries import get_compound
from resume.refusals import Conflict
from resume.roles import Actor


class GateExists(Conflict):
    """The place has a gate of this name already."""

    code = "gate_exists"
    message = _("这个地点已有同名门岗")
    advice = _("请换一个名称，例如“北门”")


def register_gate(*, kind: str, place_id: int, name: str, street: str = "", by: Actor, at: datetime) -> Gate:
    """Register a gate of a compound (`place_id` of a compound) or of a plant (of a site).

    `street` is whose desk a plant's gate asks; a compound's is its own.

    Raises NotFound where there is no such place, GateExists, ValueError for another kind.
    """
    if kind not in ("compound", "plant"):
        raise ValueError(f"a gate is of a compound or a plant, not of a {kind!r}")
    with transaction():
        gate = Gate(name=name, kind=kind, district_code="", street="")
        if kind == "compound":
            compound = get_compound(place_id)
            gate.compound_id, gate.street = place_id, compound.street
            gate.district_code = compound.district_code
        else:
            gate.site_id, gate.street = place_id, street
            gate.district_code = get_site(place_id).district_code
        _store(gate, place=place_id, by=by, at=at)
    return gate


def register_city_gate(*, district_code: str, name: str, street: str = "", by: Actor, at: datetime) -> Gate:
    """Register a gate where people leave the city: a station, an airport, a toll; it is of no other place.

    `street` is whose desk it asks; empty: any desk of the district. Raises GateExists.
    """
    with transaction():
        gate = Gate(name=name, kind="city", district_code=district_code, street=street)
        _store(gate, place=None, by=by, at=at)
    return gate


def _store(gate: Gate, *, place: int | None, by: Actor, at: datetime) -> None:
    _refuse_double(gate)
    joined().add(gate)
    joined().flush()
    audit.record("gate.registered", f"gate:{gate.id}", by=by, at=at, kind=gate.kind, place=place)


def _refuse_double(gate: Gate) -> None:
    same = {
        "compound": Gate.compound_id == gate.compound_id,
        "plant": Gate.site_id == gate.site_id,
        "city": Gate.district_code == gate.district_code,
    }[gate.kind]
    asked = select(Gate.id).where(Gate.kind == gate.kind, same, Gate.name == gate.name)
    if joined().scalar(asked) is not None:
        raise GateExists
