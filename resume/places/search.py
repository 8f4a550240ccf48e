"""From an address in one line to its building: one match or none, never a guess.

Every reading of the line is asked of the register. A building is found when it explains all of the line: its
compound's name, lane or alias stands before the number, and whatever stands before that is its city,
district, street, or another of its names. Where two buildings are found, or something stays unexplained,
there is none, and the nearest are offered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from resume.db import reading
from resume.places.addresses import Reading, parse_address
from resume.places.alike import NEAREST_KEYS, Named, alike_keys_of_one
from resume.places.districts import DISTRICTS
from resume.places.keys import compound_key, likeness, number_key, plain
from resume.places.matching import NEAREST, candidates_by_key, fitting, nearest_of
from resume.places.models import Building, Compound, PlaceName
from resume.places.name_index import LANE
from resume.places.queries import buildings_by_id
from resume.places.register import building_ids_of

_STREETS = ("街道", "镇", "乡")
_SUFFIXES = ("", "弄", "小区", "住宅小区")
_READINGS = 12  # of one line; usual ones have two to four
_HEADS = 4  # of its readings whose names are compared with those of the register


@dataclass(frozen=True, slots=True)
class Found:
    """The building of a line, or None with the nearest ones (at most NEAREST); unit and room as typed."""

    building: Building | None
    unit: str = ""
    room: str = ""
    nearest: tuple[Building, ...] = ()


class _Names(NamedTuple):
    """A compound that a reading may mean, with what it is called: key -> whether all its buildings are."""

    district_code: str
    street: str
    keys: dict[str, bool]


def find_place(text: str) -> Found:
    """As `find_address`, also for the place code of a registered building."""
    named = building_ids_of([text]).get(text)
    return Found(buildings_by_id([named])[named]) if named is not None else find_address(text)


def find_address(text: str, *, district_code: str | None = None) -> Found:
    """The building of an address as people write it; over all districts where none is said or given.

    Two queries for a match, at most six where there is none. A street that is said has to be the building's.
    """
    readings = _readings(text, district_code)
    if not readings:
        return Found(None)
    compounds = _compounds(readings, district_code)
    lanes = _lanes(readings, compounds)
    meant = _meant(readings, lanes)
    if len(meant) == 1:
        building, unit, room = meant[0]
        return Found(building, unit, room)
    if meant:
        nearest = tuple(building for building, _, _ in meant[:NEAREST])
    else:
        offered = _nearest(readings, compounds, lanes, district_code or "")
        buildings = buildings_by_id(offered)
        nearest = tuple(buildings[one] for one in offered)
    return Found(None, readings[0].unit, readings[0].room, nearest)


def _readings(text: str, district_code: str | None) -> Sequence[Reading]:
    """Those that do not speak of another district than the given one."""
    return [
        one for one in parse_address(text) if not district_code or one.district_code in ("", district_code)
    ][:_READINGS]


def _compounds(readings: Sequence[Reading], district_code: str | None) -> dict[int, _Names]:
    """Compounds one of whose keys ends the name of a reading, with all their keys."""
    ends = {end for one in readings for end in _ends(compound_key(one.compound))}
    districts = {one.district_code or district_code or "" for one in readings}
    hits = select(PlaceName.compound_id).where(PlaceName.key.in_(sorted(ends)))
    if "" not in districts:
        hits = hits.where(PlaceName.district_code.in_(sorted(districts)))
    query = (
        select(Compound.id, Compound.district_code, Compound.street, PlaceName.key, PlaceName.kind)
        .join(PlaceName, PlaceName.compound_id == Compound.id)
        .where(Compound.id.in_(hits))
    )
    found: dict[int, _Names] = {}
    for compound_id, district, street, key, kind in reading().execute(query):
        names = found.setdefault(compound_id, _Names(district, street, {}))
        names.keys[key] = names.keys.get(key, False) or kind != LANE
    return found


def _ends(key: str) -> Iterator[str]:
    yield key
    yield from (key[start:] for start in range(1, len(key) - 1))


def _lanes(
    readings: Sequence[Reading], compounds: Mapping[int, _Names]
) -> dict[tuple[Reading, int], frozenset[str]]:
    """Reading and compound, where all that the reading says before the number is so of the compound."""
    found: dict[tuple[Reading, int], frozenset[str]] = {}
    for one in readings:
        for compound_id, names in compounds.items():
            said = _said(one, names)
            if said is not None:
                found[one, compound_id] = said
    return found


def _meant(
    readings: Sequence[Reading], lanes: Mapping[tuple[Reading, int], frozenset[str]]
) -> list[tuple[Building, str, str]]:
    """Every building that explains a whole reading, with that reading's unit and room."""
    numbered = [(one, compound_id) for one, compound_id in lanes if one.number]
    if not numbered:
        return []
    query = select(Building).where(
        Building.compound_id.in_({compound_id for _, compound_id in numbered}),
        Building.number_key.in_({number_key(one.number) for one, _ in numbered}),
    )
    buildings = reading().scalars(query.order_by(Building.id)).all()
    found: dict[int, tuple[Building, str, str]] = {}
    for one in readings:
        same = [
            building
            for building in buildings
            if building.number_key == number_key(one.number)
            and (one, building.compound_id) in lanes
            and lanes[one, building.compound_id] <= {compound_key(building.lane)}
        ]
        for building in fitting(same, one.number):
            found.setdefault(building.id, (building, one.unit, one.room))
    return list(found.values())


def _said(one: Reading, names: _Names) -> frozenset[str] | None:
    """The lanes by which a reading calls this compound; None where it does not, or not by all it says."""
    if one.district_code not in ("", names.district_code):
        return None
    if one.street and _street(one.street) != _street(names.street):
        return None
    return _explained(plain(one.compound), names, _facts(names))


def _explained(line: str, names: _Names, facts: Collection[str]) -> frozenset[str] | None:
    """`line` as facts one after the other, a name or lane the last of them; the lanes among these."""
    for key, is_whole in names.keys.items():
        lane = frozenset() if is_whole else frozenset([key])
        for suffix in _SUFFIXES:
            if not line.endswith(key + suffix):
                continue
            before = line[: len(line) - len(key + suffix)]
            if not before:
                return lane
            further = _explained(before, names, facts)
            if further is not None:
                return lane | further
            if _consists_of(before, facts):
                return lane
    return None


def _consists_of(line: str, facts: Collection[str]) -> bool:
    return not line or any(
        line.startswith(fact) and _consists_of(line[len(fact) :], facts) for fact in facts if fact
    )


def _facts(names: _Names) -> set[str]:
    """What may stand before a compound's names. Short forms count only before a whole one (静安新城)."""
    district = DISTRICTS.get(names.district_code, "")
    short = district.removesuffix("新区").removesuffix("区")
    streets = {_street(names.street) + suffix for suffix in _STREETS}
    districts = {district, f"{short}区"}
    return {
        "上海市",
        *districts,
        *streets,
        *(f"上海{one}" for one in districts),
        *(short + one for one in streets),
    }


def _street(street: str) -> str:
    """江宁路街道 and 江宁路 -> one street."""
    street = plain(street)
    for suffix in _STREETS:
        if street.endswith(suffix) and len(street) > len(suffix) + 1:
            return street.removesuffix(suffix)
    return street


def _nearest(
    readings: Sequence[Reading],
    compounds: Mapping[int, _Names],
    lanes: Mapping[tuple[Reading, int], frozenset[str]],
    district_code: str,
) -> list[int]:
    """Buildings of the compounds a reading names, else of those whose names are likest to a reading's."""
    numbers: dict[Named, str] = {}
    scores: dict[Named, float] = {}
    named = {compound_id for _, compound_id in lanes}
    for one in readings:
        head = compound_key(one.compound)
        for compound_id, names in compounds.items():
            for key in names.keys if not named or compound_id in named else ():
                if head.endswith(key):
                    _keep(Named(names.district_code, key), likeness(head, key), one.number, scores, numbers)
    if not named:
        wanted = _heads(readings, district_code)
        for asked, alike in alike_keys_of_one(wanted).items():
            for score, like in alike:
                _keep(like, score, wanted[asked], scores, numbers)
    ordered = sorted(scores, key=lambda found: (-scores[found], found))
    best = list(dict.fromkeys(found.key for found in ordered))[:NEAREST_KEYS]
    ranks = {found: best.index(found.key) for found in ordered if found.key in best}
    if not ranks:
        return []
    likest = ordered[0]
    candidates = [candidate for some in candidates_by_key(ranks).values() for candidate in some]
    return [near.building_id for near in nearest_of(candidates, numbers[likest])]


def _keep(
    one: Named, score: float, number: str, scores: dict[Named, float], numbers: dict[Named, str]
) -> None:
    if score > scores.get(one, 0.0):
        scores[one], numbers[one] = score, number


def _heads(readings: Sequence[Reading], district_code: str) -> dict[Named, str]:
    """The names to compare with those of the register, and the number behind each."""
    found: dict[Named, str] = {}
    for one in readings:
        line = plain(one.compound)
        lane = line.rfind("弄") + 1
        for part in (line, line[:lane], line[lane:]):
            if key := compound_key(part):
                found.setdefault(Named(one.district_code or district_code, key), one.number)
    return dict(list(found.items())[:_HEADS])
