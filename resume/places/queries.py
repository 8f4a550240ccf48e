"""Reading places and gates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from resume.db import in_chunks, reading
from resume.places.models import Building, Compound, CompoundAlias, Gate, PlaceName
from resume.refusals import NotFound


def get_gate(gate_id: int) -> Gate:
    """The gate, or NotFound."""
    gate = reading().get(Gate, gate_id)
    if gate is None:
        raise NotFound
    return gate


def list_gates(*, district_code: str | None = None) -> Sequence[Gate]:
    """Gates by kind and name; of one district where given."""
    query = select(Gate).order_by(Gate.kind, Gate.name, Gate.id)
    if district_code is not None:
        query = query.where(Gate.district_code == district_code)
    return reading().scalars(query).all()


def iterate_buildings() -> Iterator[Building]:
    """Every building in order of its place code, in bounded memory."""
    query = select(Building).order_by(Building.place_code).execution_options(yield_per=2000)
    yield from reading().scalars(query)


def get_building(building_id: int, *, district_code: str | None = None) -> Building:
    """The building with its compound, or NotFound; also where it is not of the district, if one is given."""
    building = reading().get(Building, building_id)
    if building is None or district_code not in (None, building.compound.district_code):
        raise NotFound
    return building


def buildings_by_id(ids: Collection[int]) -> dict[int, Building]:
    """Buildings with their compounds, by id."""
    found: dict[int, Building] = {}
    for chunk in in_chunks(sorted(ids)):
        found |= {row.id: row for row in reading().scalars(select(Building).where(Building.id.in_(chunk)))}
    return found


def list_building_ids(*, compound_id: int) -> Sequence[int]:
    """The buildings of a compound, by id."""
    query = select(Building.id).where(Building.compound_id == compound_id).order_by(Building.id)
    return reading().scalars(query).all()


def get_compound(compound_id: int) -> Compound:
    """The compound, or NotFound."""
    compound = reading().get(Compound, compound_id)
    if compound is None:
        raise NotFound
    return compound


def list_compounds(*, district_code: str, search: str = "", limit: int = 50) -> Sequence[Compound]:
    """Compounds of a district by street and name; those whose name holds `search`."""
    query = select(Compound).where(Compound.district_code == district_code)
    if search:
        query = query.where(Compound.name.contains(search, autoescape=True))
    return reading().scalars(query.order_by(Compound.street, Compound.name, Compound.id).limit(limit)).all()


def list_streets(district_code: str) -> Sequence[str]:
    """The streets of a district that have a compound, by name."""
    query = select(Compound.street).where(Compound.district_code == district_code).distinct()
    return reading().scalars(query.order_by(Compound.street)).all()


def list_buildings(*, compound_id: int) -> Sequence[Building]:
    """All buildings of a compound by lane and number, 2号 before 10号."""
    query = (
        select(Building)
        .where(Building.compound_id == compound_id)
        .order_by(Building.lane, func.length(Building.number_key), Building.number_key, Building.id)
    )
    return reading().scalars(query).all()


def get_alias(alias_id: int) -> CompoundAlias:
    """The alias, in use or removed, or NotFound."""
    alias = reading().get(CompoundAlias, alias_id)
    if alias is None:
        raise NotFound
    return alias


def list_aliases(*, compound_id: int) -> Sequence[CompoundAlias]:
    """Aliases of a compound, those in use first, then in the order they were added; removed ones too."""
    query = (
        select(CompoundAlias)
        .where(CompoundAlias.compound_id == compound_id)
        .order_by(CompoundAlias.removed_at.is_not(None), CompoundAlias.id)
    )
    return reading().scalars(query).all()


def list_namesakes(*, compound_id: int, limit: int = 10) -> Sequence[Compound]:
    """Other compounds of the district that share a name, lane or alias with this one."""
    own = aliased(PlaceName)
    shared = (
        select(PlaceName.compound_id)
        .join(own, and_(own.key == PlaceName.key, own.district_code == PlaceName.district_code))
        .where(own.compound_id == compound_id, PlaceName.compound_id != compound_id)
    )
    query = select(Compound).where(Compound.id.in_(shared))
    return reading().scalars(query.order_by(Compound.street, Compound.name, Compound.id).limit(limit)).all()
