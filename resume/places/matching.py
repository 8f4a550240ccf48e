"""From an address as a list gives it to a building of the register: one match or none.

What counts is the district, the compound (its name, its lane or an alias) and the number; the street does
not. Where the register holds two such buildings nobody can tell which is meant, so there is no match, and
both are offered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, select, true, tuple_

from resume.db import in_chunks, reading
from resume.places.alike import Named, alike_keys
from resume.places.keys import compound_key, number_key, plain
from resume.places.models import Building, Compound, PlaceName
from resume.places.name_index import LANE

N = TypeVar("N", "Near", Building)

NEAREST = 3  # as many as are offered for one address
_PAIRS = 2_000  # compound and number: as many fit PostgreSQL's planner as well as SQLite's limit


class Address(NamedTuple):
    """District code, compound (name, lane or alias) and building number, as typed."""

    district_code: str
    compound: str
    building: str

    @property
    def named(self) -> Named:
        """What the compound is found by."""
        return Named(self.district_code, compound_key(self.compound))


class Near(NamedTuple):
    """A building of the register, as it is offered."""

    building_id: int
    street: str
    compound: str
    lane: str
    number: str


@dataclass(frozen=True, slots=True)
class Match:
    """The building of an address, or None with the nearest ones of its district (at most NEAREST)."""

    building_id: int | None
    nearest: tuple[Near, ...] = ()


class Candidate(NamedTuple):
    """A building under a key its compound is found by; `rank` 0 for the likest key."""

    near: Near
    rank: int = 0


def match_buildings(addresses: Sequence[Address], *, with_nearest: bool = True) -> list[Match]:
    """The match of each address, in the order given. At most four queries for any number of addresses.

    (One more of each for each further 5,000 names, 2,000 buildings or 5,000 pieces of unknown names.)
    Without `with_nearest` two, and nothing is offered except where several fit.
    """
    distinct = set(addresses)
    compounds = named_compounds({address.named for address in distinct})
    known = [address for address in distinct if address.named in compounds]
    same = _same_number(known, compounds)
    matches = {address: _match(address, same[address]) for address in known if same[address]}
    lost = [address for address in distinct if address not in matches]
    matches |= _offer(lost, compounds) if with_nearest else {address: Match(None) for address in lost}
    return [matches[address] for address in addresses]


def named_compounds(wanted: Collection[Named]) -> dict[Named, dict[int, bool]]:
    """Key -> its compounds, and whether by name or alias: by a lane, only the lane's buildings are meant."""
    found: dict[Named, dict[int, bool]] = defaultdict(dict)
    districts = {one.district_code for one in wanted}
    for keys in in_chunks(sorted({one.key for one in wanted if one.key})):
        query = select(PlaceName.district_code, PlaceName.key, PlaceName.compound_id, PlaceName.kind).where(
            PlaceName.key.in_(keys), PlaceName.district_code.in_(districts)
        )
        for district_code, key, compound_id, kind in reading().execute(query):
            one = Named(district_code, key)
            found[one][compound_id] = found[one].get(compound_id, False) or kind != LANE
    return {one: found[one] for one in wanted if one in found}


def fitting(buildings: Sequence[N], number: str) -> list[N]:
    """Of buildings with the same number key those written the same, else all."""
    return [one for one in buildings if plain(one.number) == plain(number)] or list(buildings)


def nearest_of(candidates: Iterable[Candidate], number: str) -> tuple[Near, ...]:
    """Those with the same number first, the likest name first, then by how far their number is."""
    ordered = sorted(candidates, key=lambda candidate: _distance(candidate, number))
    return tuple(dict.fromkeys(candidate.near for candidate in ordered))[:NEAREST]


def candidates_by_key(ranks: dict[Named, int]) -> dict[Named, list[Candidate]]:
    """Every building of the compounds of these keys; one query for every 5,000 keys.

    A key of any district ("") finds those of all.
    """
    found: dict[Named, list[Candidate]] = defaultdict(list)
    districts = {one.district_code for one in ranks}
    within = true() if "" in districts else PlaceName.district_code.in_(districts)
    for keys in in_chunks(sorted({one.key for one in ranks})):
        query = (
            select(PlaceName.district_code, PlaceName.key, PlaceName.kind, *_NEAR)
            .join(Compound, Compound.id == PlaceName.compound_id)
            .join(Building, Building.compound_id == Compound.id)
            .where(PlaceName.key.in_(keys), within)
        )
        for district_code, key, kind, *rest in reading().execute(query):
            near = Near._make(rest)
            if kind == LANE and compound_key(near.lane) != key:
                continue
            for one in (Named(district_code, key), Named("", key)):
                if one in ranks:
                    found[one].append(Candidate(near, ranks[one]))
    return found


_NEAR = (Building.id, Compound.street, Compound.name, Building.lane, Building.number)


def _same_number(
    addresses: Collection[Address], compounds: dict[Named, dict[int, bool]]
) -> dict[Address, list[Near]]:
    """For each address the buildings it names that have its number."""
    pairs = {
        (compound_id, number_key(address.building))
        for address in addresses
        for compound_id in compounds[address.named]
    }
    by_pair: dict[tuple[int, str], list[Near]] = defaultdict(list)
    for some in in_chunks(sorted(pairs), _PAIRS):
        for compound_id, key, near in _buildings(
            tuple_(Building.compound_id, Building.number_key).in_(list(some))
        ):
            by_pair[compound_id, key].append(near)
    return {
        address: [
            near
            for compound_id, is_whole in compounds[address.named].items()
            for near in by_pair.get((compound_id, number_key(address.building)), ())
            if is_whole or compound_key(near.lane) == address.named.key
        ]
        for address in addresses
    }


def _buildings(condition: ColumnElement[bool]) -> Iterator[tuple[int, str, Near]]:
    query = select(Building.compound_id, Building.number_key, *_NEAR).join(
        Compound, Compound.id == Building.compound_id
    )
    for compound_id, key, *rest in reading().execute(query.where(condition).order_by(Building.id)):
        yield compound_id, key, Near._make(rest)


def _match(address: Address, same: Sequence[Near]) -> Match:
    found = fitting(same, address.building)
    return Match(found[0].building_id) if len(found) == 1 else Match(None, tuple(found[:NEAREST]))


def _offer(lost: Collection[Address], compounds: dict[Named, dict[int, bool]]) -> dict[Address, Match]:
    """The nearest buildings of addresses without one: of the compound they name, else of those like it."""
    unnamed = {address.named for address in lost if address.named not in compounds and address.named.key}
    alike = alike_keys(unnamed) if unnamed else {}
    keys = {
        address.named: [(1.0, address.named)] if address.named in compounds else alike.get(address.named, [])
        for address in lost
    }
    found = candidates_by_key({key: 0 for found in keys.values() for _, key in found})
    return {
        address: Match(
            None,
            nearest_of(
                (
                    Candidate(candidate.near, rank)
                    for rank, (_, key) in enumerate(keys[address.named])
                    for candidate in found.get(key, ())
                ),
                address.building,
            ),
        )
        for address in lost
    }


def _distance(candidate: Candidate, typed: str) -> tuple[int, int, int, int]:
    near, rank = candidate
    wanted, number = number_key(typed), number_key(near.number)
    if wanted == number:
        return 0, rank, 0, near.building_id
    if wanted.isdecimal() and number.isdecimal():
        return 1, rank, abs(int(wanted) - int(number)), near.building_id
    return 2, rank, 0, near.building_id
