"""A way whose workers are to go out tomorrow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from resume.clock import shanghai_date
from resume.db import transaction
from resume.roster.models import Worker
from tests.gate.conftest import MakeWay, Way, city_of, way_of

__all__ = ["city_of", "way_of"]


@pytest.fixture
def tomorrow(at) -> date:
    return shanghai_date(at) + timedelta(days=1)


@pytest.fixture
def way(way_of: MakeWay, tomorrow: date) -> Way:
    """Three workers whose passes are good until the evening of tomorrow."""
    found = way_of(workers=3)
    with transaction() as session:
        session.execute(update(Worker).values(arrive_on=tomorrow, plate="沪A12345"))
    return found
