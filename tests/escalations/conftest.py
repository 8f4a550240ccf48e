"""A way to work whose gates belong to a street's desk, and those who are told there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import update

from resume.db import new_id, transaction
from resume.gate.operations.scans import ScanResult, check_scan, refuse
from resume.places.models import Gate
from resume.roles import Actor, Role
from tests.gate.conftest import MakeWay, Way, guard_of, way_of
from tests.notices.conftest import open_account
from tests.passes.city import DISTRICT
from tests.passes.conftest import city_of

__all__ = ["city_of", "open_account", "way_of"]

STREET, OTHER_STREET = "梧桐街道", "银杏街道"
DESK = Actor("desk-1", Role.STREET, UUID(int=71), district_code=DISTRICT, street=STREET)
SECOND = Actor("desk-2", Role.STREET, UUID(int=72), district_code=DISTRICT, street=STREET)
ELSEWHERE = Actor("desk-3", Role.STREET, UUID(int=73), district_code=DISTRICT, street=OTHER_STREET)
FAR = Actor("desk-4", Role.STREET, UUID(int=74), district_code="310101", street=STREET)

Refuse = Callable[..., UUID]


@pytest.fixture
def way(way_of: MakeWay) -> Way:
    """One worker; the gates are of STREET's desk."""
    return with_desk(way_of())


def with_desk(way: Way) -> Way:
    with transaction() as session:
        session.execute(update(Gate).values(street=STREET))
    return way


def refused(
    way: Way, at: datetime, *, gate_id: int | None = None, reason: str = "WRONG_PERSON", place: int = 0
) -> UUID:
    """A good pass is scanned and refused; the scan's number."""
    nonce, by = new_id(), guard_of(gate_id or way.home)
    checked: ScanResult = check_scan(way.passes()[place].number, nonce=nonce, by=by, at=at)
    assert checked.scan.pass_id is not None
    refuse(nonce, reason=reason, by=by, at=at)
    return nonce
