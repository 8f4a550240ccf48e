"""Gates of two streets and of a plant, a desk of one street, and phones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resume.db import transaction
from resume.firms.models import Firm, Site
from resume.home import settle_home
from resume.places.models import Compound, Gate
from resume.roles import Role
from tests.reading import reading_client

DISTRICT, STREET = "310115", "虚构街道"


@dataclass(frozen=True)
class Gates:
    """Ids: the desk's own, another street's, another district's of the same street name, one of any desk."""

    own: int
    foreign: int
    far: int
    shared: int


@pytest.fixture
def gates(app: Flask, at) -> Gates:
    settle_home([], at=at)
    places = [(DISTRICT, STREET, "南门"), (DISTRICT, "别处街道", "西门"), ("310112", STREET, "北门")]
    with transaction() as session:
        rows = []
        for district, street, name in places:
            compound = Compound(
                district_code=district, street=street, committee_code=f"{district}001001", name="虚构新村"
            )
            session.add(compound)
            session.flush()
            rows.append(
                Gate(
                    name=f"虚构新村{name}",
                    kind="compound",
                    district_code=district,
                    street=street,
                    compound_id=compound.id,
                )
            )
        firm = Firm(
            credit_code="91319999DEM0000017",
            name="虚构电驱动有限公司",
            short_name="虚构电驱",
            district_code=DISTRICT,
            created_at=at,
        )
        session.add(firm)
        session.flush()
        site = Site(firm_id=firm.id, name="一厂", district_code=DISTRICT, address="虚构路 1 号")
        session.add(site)
        session.flush()
        rows.append(Gate(name="一厂东门", kind="plant", district_code=DISTRICT, site_id=site.id))
        session.add_all(rows)
        session.flush()
        return Gates(*(row.id for row in rows))


@pytest.fixture
def desk(sign_in, gates: Gates) -> FlaskClient:
    """The desk of the own gate's street."""
    return sign_in(Role.STREET, district_code=DISTRICT, street=STREET)


@pytest.fixture
def phone(app: Flask) -> Callable[[], FlaskClient]:
    """`phone()`: a browser that nobody knows yet."""
    return lambda: reading_client(app)
