"""The city before it is stored: invented, whole, and the same each time. No database."""

from __future__ import annotations

from collections import Counter

import pytest

from resume.demo.people import PER_THOUSAND, Condition
from resume.demo.sizes import Sizes
from resume.demo.world import World, imagine
from resume.firms.credit_code import CreditCode, parse_credit_code
from resume.people.documents import Document, DocumentType, parse_document
from resume.people.names import parse_name
from resume.people.phones import parse_phone
from resume.places.districts import DISTRICTS

INVENTED = {
    DocumentType.RESIDENT_ID: "319999",
    DocumentType.PASSPORT: "DEMO",
    DocumentType.FOREIGN_RESIDENCE: "ZZZ319999",
    DocumentType.HMT_RESIDENCE: "81000018990101",
}


@pytest.fixture(scope="module")
def world() -> World:
    return imagine(Sizes())


def test_it_has_the_suggested_sizes(world: World) -> None:
    places = world.city.places
    assert len(places) == 4_000
    assert len({place.compound_key for place in places}) == 400
    assert len({place.committee_code for place in places}) == 200
    assert len({(place.district_code, place.street) for place in places}) == 60
    assert {place.district_code for place in places} == set(DISTRICTS)
    assert len({place.place_code for place in places}) == len(places)
    assert (len(world.firms.all), len(world.people), len(world.cases)) == (40, 12_000, 900)
    assert min(len(firm.staff) for firm in world.firms.all) <= 10
    assert max(len(firm.staff) for firm in world.firms.all) == 8_000


def test_nobody_in_it_can_be_real(world: World) -> None:
    for person in world.people:
        document = parse_document(person.document_type, person.number)
        assert isinstance(document, Document), (person, document)
        assert person.number.startswith(INVENTED[person.document_type])
        assert parse_name(person.name) == person.name
        assert parse_phone(person.phone) == person.phone
        assert person.phone.startswith("169")
    assert len({(person.document_type, person.number) for person in world.people}) == len(world.people)
    for firm in world.firms.all:
        code = parse_credit_code(firm.credit_code)
        assert isinstance(code, CreditCode)
        assert code.warning is None
        assert code.value.startswith("91319999DEM")
        assert "演示" in firm.name
        assert len(firm.name) <= 60
        assert len(firm.short_name) <= 20
    assert len({firm.name for firm in world.firms.all}) == 40


def test_it_is_the_same_each_time(world: World) -> None:
    assert imagine(Sizes()) == world
    assert [person.number for person in imagine(Sizes()).people] == [p.number for p in world.people]


@pytest.mark.parametrize("scale", [0.02, 1.0])
def test_every_condition_is_somebodys(scale: float) -> None:
    world = imagine(Sizes.scaled(scale))
    listed = Counter(person.condition for person in world.firms.waiting.staff)
    assert set(listed) == {Condition.WELL, *PER_THOUSAND}
    assert {p.condition for p in world.firms.running.staff} == {Condition.WELL}


@pytest.mark.parametrize("scale", [0.0, -1.0, 1.5])
def test_a_scale_is_a_share(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        Sizes.scaled(scale)
