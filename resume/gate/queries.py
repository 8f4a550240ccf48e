"""Reading gates with their places, for the administrator."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from resume.db import reading
from resume.firms.models import Firm, Site
from resume.firms.queries import get_firm, get_site
from resume.places.models import Gate
from resume.places.queries import get_compound, list_compounds

MOST_PLACES = 50


def list_gates(*, search: str = "", limit: int = 50, offset: int = 0) -> Sequence[Gate]:
    """Gates by kind and name; those whose name holds `search`."""
    query = _found(search).order_by(Gate.kind, Gate.name, Gate.id).limit(limit).offset(offset)
    return reading().scalars(query).all()


def count_gates(*, search: str = "") -> int:
    """How many gates `list_gates` would go through."""
    return reading().scalar(select(func.count()).select_from(_found(search).subquery())) or 0


def find_places(kind: str, *, district_code: str, search: str) -> list[tuple[int, str]]:
    """Compounds or plants of a district by name, at most 50: id, and what it is called; of a city none."""
    if kind == "city":
        return []
    if kind == "compound":
        found = list_compounds(district_code=district_code, search=search, limit=MOST_PLACES)
        return [(row.id, f"{row.street} {row.name}") for row in found]
    query = select(Site.id, Firm.name, Site.name).join(Firm, Firm.id == Site.firm_id)
    query = query.where(Site.district_code == district_code)
    if search:
        query = query.where(
            Firm.name.contains(search, autoescape=True) | Site.name.contains(search, autoescape=True)
        )
    rows = reading().execute(query.order_by(Firm.name, Site.name, Site.id).limit(MOST_PLACES))
    return [(site_id, f"{firm} {site}") for site_id, firm, site in rows]


def place_of(gate: Gate) -> str:
    """What a gate belongs to, in words."""
    if gate.compound_id is not None:
        compound = get_compound(gate.compound_id)
        return f"{compound.street} {compound.name}"
    if gate.site_id is None:
        return gate.name  # where people leave the city: it is of no other place
    site = get_site(gate.site_id)
    return f"{get_firm(site.firm_id).name} {site.name}"


def _found(search: str) -> Select[Gate]:
    query = select(Gate)
    return query.where(Gate.name.contains(search, autoescape=True)) if search else query
