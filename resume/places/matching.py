"""From an address as a list gives it to a building of the register: one match or none.

What counts is the district, the compound (its name or its lane) and the number; the street does not. Where
the register holds two such buildings nobody can tell which is meant, so there is no match, and both are
offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import select

from resume.db import in_chunks, reading
from resume.places.models import Building, Compound

NEAREST = 3  # as many as are offered for one address
_ALIKE = 0.5  # Dice coefficient from which two compound names are taken for slips of one another

_NOT_TEXT = re.compile(r"[\W_]+")
_COMPOUND_SUFFIX = re.compile(r"(?<=.)(?:住宅小区|小区|弄)$")
_NUMBER_SUFFIX = re.compile(r"(?:号楼|栋楼|幢楼|号|栋|幢|楼|座)$")
_LEADING = re.compile(r"^(?:第|NO)?0*(?=.)")


class Address(NamedTuple):
    """District code, compound (name or lane) and building number, as typed."""

    district_code: str
    compound: str
    building: str


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


@dataclass(slots=True)
class _District:
    """Compounds of one district. `by_key`: name or lane -> compounds."""

    by_key: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_piece: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, text: str, compound_id: int) -> None:
        key = compound_key(text)
        if key:
            self.by_key[key].add(compound_id)
            for piece in _pieces(key):
                self.by_piece[piece].add(key)

    def similar(self, key: str) -> list[int]:
        """Compounds whose name shares most characters and pairs with `key`, the likest first."""
        shared = Counter(other for piece in _pieces(key) for other in self.by_piece.get(piece, ()))
        scores = {
            other: 2 * count / (len(_pieces(key)) + len(_pieces(other))) for other, count in shared.items()
        }
        alike = sorted((-score, other) for other, score in scores.items() if score >= _ALIKE)
        return [compound for _, other in alike[:NEAREST] for compound in sorted(self.by_key[other])]


def match_buildings(addresses: Sequence[Address]) -> list[Match]:
    """The match of each address, in the order given. Three queries for any number of addresses.

    (One more for each further 5,000 compounds.)
    """
    distinct = set(addresses)
    districts = _read_districts({address.district_code for address in distinct})
    candidates = {address: _candidates(address, districts) for address in distinct}
    buildings = _read_buildings({compound for found in candidates.values() for compound in found[0]})
    matches = {
        address: _match(address, [near for compound in found for near in buildings[compound]], is_named)
        for address, (found, is_named) in candidates.items()
    }
    return [matches[address] for address in addresses]


@lru_cache(maxsize=20_000)
def compound_key(text: str) -> str:
    """锦绣苑（小区） and 锦绣苑 -> one key; 花木路１００弄 and 花木路 100 弄 too."""
    return _COMPOUND_SUFFIX.sub("", _plain(text))


@lru_cache(maxsize=20_000)
def number_key(text: str) -> str:
    """12, １２号, 012 栋, 12号楼 -> ``12``."""
    return _LEADING.sub("", _NUMBER_SUFFIX.sub("", _plain(text)))


def _plain(text: str) -> str:
    return _NOT_TEXT.sub("", unicodedata.normalize("NFKC", text)).upper()


def _pieces(key: str) -> set[str]:
    """Its characters and their pairs: names are short, so pairs alone would find little."""
    return {*key, *(a + b for a, b in pairwise(key))}


def _read_districts(codes: Collection[str]) -> dict[str, _District]:
    """Names and lanes of all compounds of these districts: two queries."""
    found: dict[str, _District] = defaultdict(_District)
    names = select(Compound.district_code, Compound.name, Compound.id)
    lanes = select(Compound.district_code, Building.lane, Compound.id).join(
        Compound, Compound.id == Building.compound_id
    )
    for query in (names, lanes.where(Building.lane != "").distinct()):
        for district_code, text, compound_id in reading().execute(
            query.where(Compound.district_code.in_(codes))
        ):
            found[district_code].add(text, compound_id)
    return found


def _candidates(address: Address, districts: dict[str, _District]) -> tuple[list[int], bool]:
    """The compounds to look into, and whether the address names them."""
    district = districts.get(address.district_code)
    if district is None:
        return [], False
    key = compound_key(address.compound)
    named = district.by_key.get(key)
    return (sorted(named), True) if named else (district.similar(key), False)


def _read_buildings(compound_ids: Collection[int]) -> dict[int, list[Near]]:
    found: dict[int, list[Near]] = defaultdict(list)
    for chunk in in_chunks(sorted(compound_ids)):
        query = (
            select(
                Building.compound_id, Building.id, Compound.street, Compound.name, Building.lane,
                Building.number,
            )
            .join(Compound, Compound.id == Building.compound_id)
            .where(Building.compound_id.in_(chunk))
            .order_by(Building.id)
        )  # fmt: skip
        for compound_id, *rest in reading().execute(query):
            found[compound_id].append(Near._make(rest))
    return found


def _match(address: Address, buildings: Sequence[Near], is_named: bool) -> Match:
    """`is_named`: the address names the compounds of these buildings; else they are only like it."""
    if not is_named:
        return Match(None, _nearest(address, buildings))
    # A compound named by one and laned by another gives both; within one, a lane tells its buildings apart.
    key = compound_key(address.compound)
    meant = [near for near in buildings if key in (compound_key(near.compound), compound_key(near.lane))]
    exact = [near for near in meant if _plain(near.number) == _plain(address.building)]
    same = exact or [near for near in meant if number_key(near.number) == number_key(address.building)]
    if len(same) == 1:
        return Match(same[0].building_id)
    return Match(None, tuple(same[:NEAREST]) if same else _nearest(address, meant))


def _nearest(address: Address, buildings: Iterable[Near]) -> tuple[Near, ...]:
    """Those with the same number first, then by how far their number is."""
    return tuple(sorted(buildings, key=lambda near: _distance(near, address))[:NEAREST])


def _distance(near: Near, address: Address) -> tuple[int, int, int]:
    wanted, number = number_key(address.building), number_key(near.number)
    if wanted == number:
        return 0, 0, near.building_id
    if wanted.isdecimal() and number.isdecimal():
        return 1, abs(int(wanted) - int(number)), near.building_id
    return 2, 0, near.building_id
