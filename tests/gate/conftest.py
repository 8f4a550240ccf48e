"""A city whose passes are issued, with a gate at each end of the way and one that is on nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from resume.db import reading, transaction
from resume.passes.models import Pass
from resume.passes.sheets import token_text
from resume.places.models import Building, Compound, Gate
from resume.review.operations import sign_off
from resume.roles import Actor, Role
from tests.passes.city import DISTRICT, SIGNER, City
from tests.passes.conftest import MakeCity, city_of

__all__ = ["city_of"]


@dataclass
class Way:
    """The gates of the way to work, the one of another compound, and the passes by number."""

    city: City
    home: int
    plant: int
    elsewhere: int

    def passes(self) -> list[Pass]:
        return list(reading().scalars(select(Pass).order_by(Pass.number)))

    def first(self) -> Pass:
        return self.passes()[0]

    def token(self) -> str:
        """The whole text of the first pass's QR."""
        return token_text(self.first())


def guard_of(gate_id: int, name: str = "guard-1") -> Actor:
    """A guard for doors."""
    return Actor(name, Role.GUARD, gate_id=gate_id)


MakeWay = Callable[..., Way]


@pytest.fixture
def way_of(app: Flask, city_of: MakeCity, at: datetime) -> MakeWay:
    """`way_of(workers=2)`: a signed-off city with its gates."""

    def make(**options: object) -> Way:
        city = city_of(**({"workers": 1} | options))
        sign_off(city.application_id, revision=2, by=SIGNER, at=at)
        with transaction() as session:
            building = session.get_one(Building, city.building_id)
            other = Compound(
                district_code=DISTRICT, street="梧桐街道", committee_code="310115001002", name="听涛苑"
            )
            session.add(other)
            session.flush()
            gates = [
                Gate(
                    name="春晓苑北门",
                    kind="compound",
                    district_code=DISTRICT,
                    compound_id=building.compound_id,
                ),
                Gate(name="临江精密一厂东门", kind="plant", district_code=DISTRICT, site_id=city.site_id),
                Gate(name="听涛苑南门", kind="compound", district_code=DISTRICT, compound_id=other.id),
            ]
            session.add_all(gates)
            session.flush()
            return Way(city, *(gate.id for gate in gates))

    return make


@pytest.fixture
def way(way_of: MakeWay) -> Way:
    """A way with one worker."""
    return way_of()
