"""Who works in the story's firms: mostly well, from clean buildings; every reason code among the rest."""

from __future__ import annotations

from random import Random

from resume.demo.city import City
from resume.demo.firms import Firms
from resume.demo.people import Condition, Person, Population, share_flat
from resume.demo.sizes import Sizes
from resume.places.register import Place

#: Conditions that each story list shows at least once.
_SHOWN = (
    Condition.PCR_OLD,
    Condition.PCR_OLD,
    Condition.PCR_OLD,
    Condition.PCR_OLD,
    Condition.PCR_NONE,
    Condition.PCR_NONE,
    Condition.PCR_PENDING,
    Condition.PCR_PENDING,
    Condition.POSITIVE,
    Condition.TUBE_PENDING,
    Condition.UNDER_REVIEW,
    Condition.DISPUTED,
    Condition.CODE_RED,
    Condition.CODE_YELLOW,
    Condition.CODE_UNKNOWN,
    Condition.CLOSE_CONTACT,
    Condition.SECONDARY_CONTACT,
    Condition.RECOVERED,
)
_IN_HOT, _IN_DARK = 8, 3


def staff_story(firms: Firms, sizes: Sizes, city: City, population: Population, rng: Random) -> None:
    """Hire for firms A, B and C. A and B have about 470 of 500 eligible; C's are all well.

    C's workers live in two compounds near each other: the gate of the first is the story's.
    """
    compounds = city.story_compounds
    near = [place for places in compounds[:2] for place in places]
    homes = [place for place in city.clean if place not in set(near)]
    for firm in (firms.waiting, firms.drafting):
        firm.staff = _listed(sizes.story, city, homes, population, rng)
    firms.running.staff = population.well(sizes.neighbours, near)


def _listed(number: int, city: City, homes: list[Place], population: Population, rng: Random) -> list[Person]:
    special = [population.person(rng.choice(homes), condition) for condition in _SHOWN]
    special += [population.person(rng.choice(city.hot)) for _ in range(_IN_HOT)]
    special += [population.person(rng.choice(city.dark[1::2])) for _ in range(_IN_DARK)]
    # Who lives with the one under review waits with him.
    reviewed = next(person for person in special if person.condition is Condition.UNDER_REVIEW)
    flatmate = population.person(reviewed.home)
    share_flat(flatmate, reviewed)
    neighbour = population.person(reviewed.home)
    special += [flatmate, neighbour]
    people = special + population.well(number - len(special), rng.sample(homes, len(homes)))
    rng.shuffle(people)
    return people
