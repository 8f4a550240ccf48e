"""The invented city: 16 real districts, everything below them made up.

Committee codes begin at street 901 of each district, which no register gives; the compound, not the
building, has the lane, as people say it (domain.md 2.3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from resume.demo.sizes import Sizes
from resume.demo.words import COMPOUND_KINDS, PLACE_FIRST, PLACE_SECOND, STREET_KINDS
from resume.places.districts import DISTRICTS
from resume.places.register import Place

#: The district of the main story, and how many times more of everything it has than another.
STORY_DISTRICT = "310115"
_STORY_WEIGHT = 4


@dataclass(frozen=True, slots=True)
class City:
    """Its buildings, and what is the matter with them.

    `clean` have no positive and are fully screened; `hot` have positives; `dark` were not fully screened.
    """

    places: tuple[Place, ...]
    clean: tuple[Place, ...]
    hot: tuple[Place, ...]
    dark: tuple[Place, ...]

    @property
    def story_compounds(self) -> list[list[Place]]:
        """Clean buildings of the story's district by compound, those with most of them first."""
        found: defaultdict[tuple[str, str, str], list[Place]] = defaultdict(list)
        for place in self.clean:
            if place.district_code == STORY_DISTRICT:
                found[place.compound_key].append(place)
        return sorted(found.values(), key=lambda places: (-len(places), places[0].place_code))


def build_city(sizes: Sizes, rng: Random) -> City:
    """All buildings of the city; which of them are hot and which dark."""
    places = tuple(_places(sizes, rng))
    mixed = rng.sample(places, len(places))
    hot, dark = mixed[: sizes.hot_buildings], mixed[sizes.hot_buildings :][: sizes.dark_buildings]
    clean = mixed[sizes.hot_buildings + sizes.dark_buildings :]
    return City(places, tuple(clean), tuple(hot), tuple(dark))


def _places(sizes: Sizes, rng: Random) -> Iterator[Place]:
    names = _names(rng)
    streets = [
        (district, f"{district}9{number:02d}", next(names) + rng.choice(STREET_KINDS))
        for number, district in enumerate(_spread(sizes.streets), 1)
    ]
    committees = [
        (district, street, f"{code}{number:03d}")
        for number, (district, code, street) in enumerate(_dealt(streets, sizes.committees), 1)
    ]
    buildings = _parts(sizes.buildings, sizes.compounds, rng)
    for (district, street, committee), count in zip(
        _dealt(committees, sizes.compounds), buildings, strict=True
    ):
        name = next(names)
        lane = f"{name}路{rng.randrange(20, 1500)}弄"
        compound, has_units = name + rng.choice(COMPOUND_KINDS), rng.random() < 0.15
        for number in range(1, count + 1):
            code = f"{committee}-{lane.rsplit('路', 1)[1][:-1]}-{number:02d}"
            yield Place(code, district, street, committee, compound, lane, f"{number}号", has_units)


def _names(rng: Random) -> Iterator[str]:
    """Two characters, then three, every one once."""
    two = ["".join(pair) for pair in product(PLACE_FIRST, PLACE_SECOND)]
    rng.shuffle(two)
    yield from two
    three = [first + pair for first, pair in product(PLACE_FIRST, two) if first != pair[0]]
    rng.shuffle(three)
    yield from three


def _spread(count: int) -> list[str]:
    """`count` streets over the districts: one each at least, more in the story's."""
    districts = list(DISTRICTS)
    weighted = districts + [
        code for code in districts for _ in range(_STORY_WEIGHT if code == STORY_DISTRICT else 1)
    ]
    return [weighted[place % len(weighted)] for place in range(max(count, len(districts)))]


def _dealt(items: Sequence[tuple[str, str, str]], count: int) -> list[tuple[str, str, str]]:
    """The items in turn until there are `count`."""
    return [items[place % len(items)] for place in range(count)]


def _parts(total: int, count: int, rng: Random) -> list[int]:
    """`total` in `count` parts of about the same size, none empty."""
    parts = [1] * count
    for _ in range(total - count):
        parts[rng.randrange(count)] += 1
    return parts
