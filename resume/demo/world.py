"""The whole invented city before anything of it is stored. Pure: the same for the same sizes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from resume.demo.cases import DemoCase, make_cases
from resume.demo.city import City, build_city
from resume.demo.firms import Firms, found_firms
from resume.demo.people import Person, Population
from resume.demo.sizes import Sizes
from resume.demo.staffing import staff_story

SEED = 20220422


@dataclass(frozen=True, slots=True)
class World:
    """Places, firms with their staff, and the positives."""

    sizes: Sizes
    city: City
    firms: Firms
    people: tuple[Person, ...]
    cases: tuple[DemoCase, ...]


def imagine(sizes: Sizes) -> World:
    """Make the city up."""
    rng = Random(SEED)  # noqa: S311 - nobody must not guess it
    city = build_city(sizes, rng)
    population = Population(city, rng)
    firms = found_firms(sizes, population, rng)
    staff_story(firms, sizes, city, population, rng)
    people = tuple(firms.people)
    return World(sizes, city, firms, people, tuple(make_cases(city, people, sizes.positives, rng)))
