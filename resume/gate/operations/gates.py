"""The door of gates: register one, of a compound or of a plant."""

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
    with transaction() as session:
        gate = Gate(name=name, kind=kind, district_code="", street="")
        if kind == "compound":
            compound = get_compound(place_id)
            gate.compound_id, gate.street = place_id, compound.street
            gate.district_code = compound.district_code
        else:
            gate.site_id, gate.street = place_id, street
            gate.district_code = get_site(place_id).district_code
        _refuse_double(gate)
        session.add(gate)
        session.flush()
        audit.record("gate.registered", f"gate:{gate.id}", by=by, at=at, kind=kind, place=place_id)
    return gate


def _refuse_double(gate: Gate) -> None:
    place = Gate.compound_id == gate.compound_id if gate.kind == "compound" else Gate.site_id == gate.site_id
    if joined().scalar(select(Gate.id).where(place, Gate.name == gate.name)) is not None:
        raise GateExists
