"""From a row that was read to a worker who is known: his person, his building, his flat. Stores nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from resume.evidence.facts import Subject
from resume.evidence.units import unit_name
from resume.people.identify import Index, PersonKeys, keys_of
from resume.places.matching import Address, Match, match_buildings
from resume.roster.sheet import WorkerRow
from resume.sealing import sealer

_ROOM_SUFFIX = re.compile(r"(?:号?室|房间|房|号)$")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A good row with what the registers say of it."""

    row: WorkerRow
    keys: PersonKeys
    match: Match
    flat_key: bytes | None

    @property
    def subject(self) -> Subject:
        """The worker as evidence knows him."""
        return Subject(
            self.keys.key, self.keys.number_key, self.match.building_id, self.row.unit, self.flat_key
        )


def resolve(rows: Sequence[WorkerRow]) -> list[Resolved]:
    """Each row with its person's keys, its building and its flat; a fixed number of queries."""
    matches = match_buildings([address_of(row) for row in rows], with_nearest=False)
    index = sealer().index
    return [
        Resolved(
            row, keys_of(row.document, index), match, flat_key(match.building_id, row.unit, row.room, index)
        )
        for row, match in zip(rows, matches, strict=True)
    ]


def address_of(row: WorkerRow) -> Address:
    return Address(row.district, row.compound, row.building)


def flat_key(building_id: int | None, unit: str, room: str, index: Index | None = None) -> bytes | None:
    """The blind index of a flat: building, unit and room. None without a building or a room.

    `index`: the sealer's, where many are asked for one after another.
    """
    name = _room_name(room)
    if building_id is None or not name:
        return None
    return (index or sealer().index)("flat", f"{building_id}\x00{unit_name(unit)}\x00{name}")


@lru_cache(maxsize=20_000)
def _room_name(room: str) -> str:
    """３０１室, 301 and 0301 -> ``301``."""
    name = "".join(unicodedata.normalize("NFKC", room).split()).upper()
    name = _ROOM_SUFFIX.sub("", name)
    return name.lstrip("0") or name
