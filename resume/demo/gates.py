"""Gates of the demo: one for each compound, one for each plant, and one where people leave the city."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from resume import audit
from resume.db import bulk_insert, transaction
from resume.demo.city import STORY_DISTRICT
from resume.firms.queries import list_sites
from resume.gate.operations.gates import register_city_gate, register_gate
from resume.places.models import Compound, Gate
from resume.roles import Actor


def register_compound_gates(*, by: Actor, at: datetime) -> None:
    """A door: the main gate of every compound, in bulk."""
    with transaction() as session:
        compounds = session.scalars(select(Compound).order_by(Compound.id)).all()
        rows = [
            {
                "name": f"{compound.name}大门",
                "kind": "compound",
                "district_code": compound.district_code,
                "street": compound.street,
                "compound_id": compound.id,
            }
            for compound in compounds
        ]
        bulk_insert(Gate, rows)
        audit.record("gates.registered", "gates", by=by, at=at, kind="compound", count=len(rows))


def register_city_exit(*, by: Actor, at: datetime) -> None:
    """The gate of an invented station in the district of the story."""
    register_city_gate(district_code=STORY_DISTRICT, name="沪东站进站口", by=by, at=at)


def register_plant_gates(firm_id: int, *, by: Actor, at: datetime) -> None:
    """The gate of each plant of a firm."""
    for site in list_sites(firm_id=firm_id):
        register_gate(kind="plant", place_id=site.id, name=f"{site.name}东门", by=by, at=at)
