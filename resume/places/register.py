"""The register of places grows by the `places` feed: the newest state of a place code wins, all are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, select, tuple_, update

from resume.bulk import insert_rows
from resume.db import Base, in_chunks, joined, reading
from resume.places.keys import number_key
from resume.places.models import Building, Compound, PlaceName, PlaceState
from resume.places.name_index import index_compounds

CHUNK = 2_000  # two bound values for each compound stay below SQLite's limit


@dataclass(frozen=True, slots=True)
class Place:
    """One building as a line of the feed gives it; `compound` is the name."""

    place_code: str
    district_code: str
    street: str
    committee_code: str
    compound: str
    lane: str
    number: str
    has_units: bool

    @property
    def compound_key(self) -> tuple[str, str, str]:
        """What makes a compound one: district, street and name."""
        return (self.district_code, self.street, self.compound)


@dataclass(slots=True)
class Registered:
    """What came of the places: new or changed ones, unchanged ones, and the buildings that were changed."""

    accepted: int = 0
    unchanged: int = 0
    changed_buildings: set[int] = field(default_factory=set)


def building_ids_of(place_codes: Collection[str]) -> dict[str, int]:
    """Place code -> building, for the codes that are registered. One query for every 5,000 codes."""
    found: dict[str, int] = {}
    for codes in in_chunks(sorted(place_codes)):
        query = select(Building.place_code, Building.id).where(Building.place_code.in_(codes))
        found |= {row.place_code: row.id for row in reading().execute(query)}
    return found


def take_places(places: Sequence[Place], *, at: datetime) -> Registered:
    """A step: take states of places in, in order, and keep the index of names in step.

    At most 18 statements for each 2,000 places.
    """
    result = Registered()
    for part in in_chunks(places, CHUNK):
        _take(part, result, at=at)
    return result


def fill_index() -> None:
    """A step: index what was registered before there was an index; nothing to do where there is one."""
    if joined().scalar(select(PlaceName.key).limit(1)) is not None:
        return
    numbers = joined().execute(select(Building.id, Building.number)).all()
    changed = [{"row": row_id, "number_key": number_key(number)} for row_id, number in numbers]
    if changed:
        table = _table(Building)
        joined().connection().execute(update(table).where(table.c.id == bindparam("row")), changed)
        index_compounds(joined().scalars(select(Compound.id)).all())


def _take(places: Sequence[Place], result: Registered, *, at: datetime) -> None:
    stored = _counting_states({place.place_code for place in places})
    newest = {code: place for code, (_, place) in stored.items()}
    states: list[dict[str, Any]] = []
    pending: dict[str, dict[str, Any]] = {}
    closed: list[int] = []
    for place in places:
        code = place.place_code
        if newest.get(code) == place:
            result.unchanged += 1
            continue
        if code in pending:
            pending[code]["replaced_at"] = at
        elif code in stored:
            closed.append(stored[code][0])
        newest[code] = place
        pending[code] = asdict(place) | {"received_at": at, "replaced_at": None}
        states.append(pending[code])
        result.accepted += 1
    _close(closed, at=at)
    insert_rows(PlaceState, states)
    _bring_up_to_date([newest[code] for code in pending], result)


def _counting_states(codes: Collection[str]) -> dict[str, tuple[int, Place]]:
    query = select(PlaceState).where(PlaceState.place_code.in_(codes), PlaceState.replaced_at.is_(None))
    names = list(Place.__dataclass_fields__)
    return {
        row.place_code: (row.id, Place(**{name: getattr(row, name) for name in names}))
        for row in joined().scalars(query.execution_options(populate_existing=True))
    }


def _bring_up_to_date(places: Sequence[Place], result: Registered) -> None:
    """Make compounds and buildings say what the newest states say."""
    if not places:
        return
    compounds = _compounds(places)
    known = _known_buildings([place.place_code for place in places])
    rows = [
        {
            "place_code": place.place_code,
            "compound_id": compounds[place.compound_key],
            "lane": place.lane,
            "number": place.number,
            "number_key": number_key(place.number),
            "has_units": place.has_units,
        }
        for place in places
    ]
    insert_rows(Building, [row for row in rows if row["place_code"] not in known])
    changed = [{"code": row.pop("place_code"), **row} for row in rows if row["place_code"] in known]
    if changed:
        table = _table(Building)
        statement = update(table).where(table.c.place_code == bindparam("code"))
        joined().connection().execute(statement, changed)
        joined().expire_all()
    result.changed_buildings.update(building_id for building_id, _ in known.values())
    # A building that moved away may have taken the last of a lane with it.
    index_compounds({*compounds.values(), *(compound_id for _, compound_id in known.values())})


def _known_buildings(place_codes: Collection[str]) -> dict[str, tuple[int, int]]:
    """Place code -> building and the compound it stood in so far."""
    query = select(Building.place_code, Building.id, Building.compound_id)
    rows = joined().execute(query.where(Building.place_code.in_(place_codes)))
    return {code: (building_id, compound_id) for code, building_id, compound_id in rows}


def _compounds(places: Sequence[Place]) -> dict[tuple[str, str, str], int]:
    """The id of each place's compound; new ones are made, the committee follows the newest state."""
    committee = {place.compound_key: place.committee_code for place in places}
    found = _find_compounds(committee)
    new = [
        {"district_code": key[0], "street": key[1], "name": key[2], "committee_code": code}
        for key, code in committee.items()
        if key not in found
    ]
    moved = [
        {"row": found[key][0], "committee_code": code}
        for key, code in committee.items()
        if key in found and found[key][1] != code
    ]
    insert_rows(Compound, new)
    if moved:
        table = _table(Compound)
        statement = update(table).where(table.c.id == bindparam("row"))
        joined().connection().execute(statement, moved)
        joined().expire_all()
    if new:
        found |= _find_compounds([(row["district_code"], row["street"], row["name"]) for row in new])
    return {key: row_id for key, (row_id, _) in found.items()}


def _find_compounds(keys: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], tuple[int, str]]:
    columns = (Compound.district_code, Compound.street, Compound.name)
    query = select(*columns, Compound.id, Compound.committee_code).where(tuple_(*columns).in_(list(keys)))
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in joined().execute(query)}


def _close(ids: Collection[int], *, at: datetime) -> None:
    if ids:
        statement = update(PlaceState).where(PlaceState.id.in_(ids)).values(replaced_at=at)
        joined().execute(statement, execution_options={"synchronize_session": False})


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
