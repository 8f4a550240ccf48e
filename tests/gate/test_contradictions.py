"""What desks see of trips, conflicts and forced passages: their own, masked, and until it is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from resume import clock
from resume.accounts.models import Account
from resume.db import reading, transaction
from resume.notices.models import Notice
from resume.places.models import Gate
from resume.roles import Role
from resume.trips.models import Trip
from resume.trips.overdue import look_for_overdue
from resume.trips.queries import TripState, Whose, count_trips, list_overdue
from tests.conftest import SignIn
from tests.gate.conftest import MakeWay, Way
from tests.gate.test_doors import suspend_by_case
from tests.gate.uploading import event, upload
from tests.passes.city import DISTRICT

MINUTE = timedelta(minutes=1)
STREET, OTHER = "梧桐街道", "听涛街道"


@pytest.fixture
def street_way(way_of: MakeWay) -> Way:
    """Two workers; the gates of the compounds are their streets', the plant's is any desk's."""
    way = way_of(workers=2)
    with transaction() as session:
        session.get_one(Gate, way.home).street = STREET
        session.get_one(Gate, way.elsewhere).street = OTHER
    return way


def html(client: Any, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def test_overdue_is_told_once_to_firm_and_street(
    street_way: Way, sign_in: SignIn, at: datetime, statements: list[str]
) -> None:
    way = street_way
    hr = sign_in(Role.HR, firm_id=way.city.firm_id)
    sign_in(Role.HR, firm_id=None)
    mine = sign_in(Role.STREET, district_code=DISTRICT, street=STREET)
    other = sign_in(Role.STREET, district_code=DISTRICT, street=OTHER)
    sent = [event(found.number, at + place * MINUTE) for place, found in enumerate(way.passes())]
    upload(way.home, sent, at + MINUTE)
    due = at + timedelta(hours=12)
    assert look_for_overdue(at=due) == 0
    whose = Whose(district_code=DISTRICT, street=STREET)
    assert count_trips(whose, at=due)[TripState.OPEN] == 2
    statements.clear()
    assert look_for_overdue(at=due + timedelta(hours=1)) == 2
    assert len(statements) < 25
    assert look_for_overdue(at=due + timedelta(hours=2)) == 0
    query = select(Account.name, Notice.values).join(Notice, Notice.account_id == Account.id)
    told = sorted((name, values["trips"]) for name, values in reading().execute(query))
    assert told == sorted([(hr.account.name, 2), (mine.account.name, 2)])  # type: ignore[attr-defined]
    assert [line.masked_name for line in list_overdue(whose, at=due + timedelta(hours=1))] == ["王*明"] * 2
    assert list_overdue(Whose(district_code=DISTRICT, street=OTHER), at=due + timedelta(hours=1)) == []
    inside = event(way.first().number, at + timedelta(hours=2), antigen="negative")
    upload(way.plant, [inside], due + timedelta(hours=3))  # its gate had no network
    counts = count_trips(whose, at=due + timedelta(hours=3))
    assert (counts[TripState.OVERDUE], counts[TripState.ARRIVED]) == (1, 1)
    assert other is not None


def test_trips_are_shown_to_their_own(
    street_way: Way, sign_in: SignIn, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = street_way
    upload(way.home, [event(found.number, at) for found in way.passes()], at)
    upload(way.plant, [event(way.first().number, at + MINUTE, antigen="negative")], at + MINUTE)
    with transaction() as session:
        session.get_one(Trip, way.first().id).plate = "沪A12345"
    monkeypatch.setattr(clock, "_source", [lambda: at + timedelta(hours=13)])
    for reader in (
        sign_in(Role.HR, firm_id=way.city.firm_id),
        sign_in(Role.STREET, district_code=DISTRICT, street=STREET),
        sign_in(Role.REVIEWER, district_code=DISTRICT),
    ):
        overdue = html(reader, "/trips")  # somebody is: that comes first
        assert way.passes()[1].number in overdue
        assert way.first().number not in overdue
        assert "王*明" in overdue
        assert "王小明" not in overdue
        arrived = html(reader, "/trips?state=arrived")
        assert way.first().number in arrived
        assert "沪A12345" in arrived
    for reader in (
        sign_in(Role.STREET, district_code=DISTRICT, street=OTHER),
        sign_in(Role.STREET, district_code="310104", street=STREET),
        sign_in(Role.REVIEWER, district_code="310104"),
    ):
        for path in ("/trips?state=arrived", "/trips?state=overdue", "/trips/conflicts", "/trips/forced"):
            assert way.first().number[:6] not in html(reader, path)


def test_a_conflict_stays_until_it_is_closed_with_a_note(
    street_way: Way, sign_in: SignIn, at: datetime
) -> None:
    way = street_way
    number = way.first().number
    for device in (1, 2):
        upload(way.home, [event(number, at)], at, name=f"device:{device}")
    mine = sign_in(Role.STREET, district_code=DISTRICT, street=STREET)
    page = html(mine, "/trips/conflicts")
    for text in (number, "device:1", "device:2", "同一张证登记了多次出门", "强制放行"):
        assert text in page
    path = f"/trips/conflicts/{number}/out"
    assert mine.post(path, data={"note": " "}).status_code == 422
    other = sign_in(Role.STREET, district_code=DISTRICT, street=OTHER)
    assert other.post(path, data={"note": "不是我们街道的"}).status_code == 404
    for wrong in (f"/trips/conflicts/{number}/in", f"/trips/conflicts/{number}/up"):
        assert mine.post(wrong, data={"note": "没有这一项"}).status_code == 404
    assert mine.post(path, data={"note": "两位门岗都扫了一次"}).status_code == 303
    assert mine.post(path, data={"note": "两位门岗都扫了一次"}).status_code == 409
    assert number not in html(mine, "/trips/conflicts")
    assert "两位门岗都扫了一次" in html(mine, "/trips/conflicts?state=closed")
    upload(way.home, [event(number, at)], at, name="device:3")
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    assert "device:3" in html(reviewer, "/trips/conflicts")


def test_forced_passages_are_listed_without_their_medical_reason(
    street_way: Way, sign_in: SignIn, at: datetime
) -> None:
    way = street_way
    suspend_by_case(way, at)
    sent = [event(way.first().number, at + MINUTE), event("forged", at + MINUTE)]
    upload(way.home, sent, at + timedelta(hours=1))
    page = html(sign_in(Role.STREET, district_code=DISTRICT, street=STREET), "/trips/forced")
    assert way.first().number in page
    assert "不是本系统的通行证" in page
    for medical in ("POSITIVE", "BLDG_POS", "阳性"):
        assert medical not in page
    count = select(func.count()).select_from(Notice)
    assert reading().scalar(count) == 0
