"""The steward's pages of changes by hand, as two stewards walk through them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from resume.db import reading
from resume.evidence.models import ReviewRecord
from resume.places.models import Building
from resume.roles import Role
from tests.corrections.conftest import case, sample, say
from tests.corrections.test_corrections import suspended, the_case
from tests.passes.city import City


def test_a_case_is_moved_by_two_stewards(city: City, sign_in, at: datetime) -> None:
    first, second = city.building_ids
    say("cases", case("C1", first, at), at=at)
    one, two = sign_in(Role.STEWARD), sign_in(Role.STEWARD)
    listed = one.get("/cases").get_data(as_text=True)
    assert "C1" in listed
    row = the_case().id
    assert "改归其他楼栋" in one.get(f"/cases/{row}").get_data(as_text=True)
    code = reading().scalar(select(Building.place_code).where(Building.id == second))
    asked = one.get(f"/cases/{row}/building").get_data(as_text=True)
    assert all(f'name="{name}"' in asked for name in ("place", "unit", "reference", "csrf_token"))
    assert 'name="reason"' in one.get(f"/cases/{row}/exclusion").get_data(as_text=True)
    bad = one.post(f"/cases/{row}/building", data={"place": "没有这栋楼", "reference": "文 1"})
    assert bad.status_code == 422
    sent = one.post(f"/cases/{row}/building", data={"place": code, "reference": "文 1"})
    assert sent.status_code == 303
    page = one.get(sent.location).get_data(as_text=True)
    assert "须由另一位疫情数据专员确认" in page
    assert "确认更正" not in page
    assert one.post(f"{sent.location}/confirmation").status_code == 403
    assert suspended(city) == [first, first]
    assert "张通行证暂停" in two.get(sent.location).get_data(as_text=True)
    assert two.post(f"{sent.location}/confirmation").status_code == 303
    assert suspended(city) == [second, second]
    confirmed = two.get(sent.location).get_data(as_text=True)
    assert all(word in confirmed for word in ("已确认", "C1", "原归属", "改归"))
    assert two.get("/corrections?state=confirmed").status_code == 200
    assert one.get(f"/cases/{row}").status_code == 404, "the row that counted is replaced"
    assert "C1~" in one.get(f"/cases/{the_case().id}").get_data(as_text=True)


def test_a_conflict_is_shown_masked_and_settled(city: City, sign_in, at: datetime) -> None:
    key, sampled = city.person_keys[0], at - timedelta(hours=3)
    say(
        "tests",
        sample("L1", key, sampled, tube_code="T9"),
        sample("D1", key, sampled, result="positive", source="cdc"),
        at=at,
    )
    one = sign_in(Role.STEWARD)
    queue = one.get("/conflicts").get_data(as_text=True)
    assert "319***" in queue
    assert "疾控 阳性" in queue
    form = one.get("/conflicts/1").get_data(as_text=True)
    assert "均不采信" in form
    assert one.post("/conflicts/1", data={"standing": "77", "reference": "单 1"}).status_code == 422
    assert one.post("/conflicts/1", data={"standing": "0", "reference": "单 1"}).status_code == 303
    assert "已有一项更正等待确认" in one.get("/conflicts/1").get_data(as_text=True)
    assert one.get("/conflicts/99").status_code == 404
    two = sign_in(Role.STEWARD)
    assert two.post("/corrections/1/confirmation").status_code == 303
    assert "D1、L1" in two.get("/corrections/1").get_data(as_text=True)


def test_an_abnormal_tube_leads_to_its_people(city: City, sign_in, at: datetime) -> None:
    sampled = at - timedelta(hours=3)
    tube = {"tube_code": "T1", "method": "mixed"}
    say(
        "tests",
        sample("A", city.person_keys[0], sampled, result="positive", **tube),
        sample("B", city.person_keys[1], sampled, reported_at=None, result=None, **tube),
        at=at,
    )
    one = sign_in(Role.STEWARD)
    assert "T1" in one.get("/samples").get_data(as_text=True)
    members = one.get("/samples?tube=T1").get_data(as_text=True)
    assert members.count("319***") == 2
    assert "结果未出" in members
    assert one.get("/samples?box=none").status_code == 200
    assert suspended(city) == sorted(city.building_ids)


def test_a_review_ends_no_earlier_than_it_began(city: City, sign_in, at: datetime) -> None:
    opened = {
        "review_id": "V1",
        "building_id": city.building_id,
        "number_key": None,
        "origin": "antigen",
        "opened_at": at - timedelta(hours=1),
        "cleared_at": None,
        "outcome": None,
    }
    say("reviews", opened, at=at)
    row = reading().scalars(select(ReviewRecord.id)).one()
    one = sign_in(Role.STEWARD)
    assert "V1" in one.get("/reviews").get_data(as_text=True)
    early = {"outcome": "cleared", "cleared_at": "2022-04-22T07:00", "reference": "单 2"}
    assert one.post(f"/reviews/{row}", data=early).status_code == 422
    sent = one.post(f"/reviews/{row}", data=early | {"cleared_at": "2022-04-22T08:30"})
    assert sent.status_code == 303
    two = sign_in(Role.STEWARD)
    assert two.post(f"{sent.location}/confirmation").status_code == 303
    assert "V1" in two.get(sent.location).get_data(as_text=True)


def test_an_uplift_needs_its_end(city: City, sign_in) -> None:
    one = sign_in(Role.STEWARD)
    lifted = {
        "scope": "compound",
        "level": "controlled",
        "way": "uplift",
        "since": "2022-04-22T08:00",
        "reference": "通告 3",
    }
    address = f"/buildings/{city.building_id}/zone"
    assert one.post(address, data=lifted).status_code == 422
    sent = one.post(address, data=lifted | {"until": "2022-04-29T00:00"})
    assert sent.status_code == 303
    assert "提级管理" in one.get(sent.location).get_data(as_text=True)
    assert one.get("/buildings/999999/zone").status_code == 404


def test_the_desk_counts_what_waits_for_this_steward(city: City, sign_in, at: datetime) -> None:
    say("cases", case("C1", city.building_id, at), at=at)
    one, two = sign_in(Role.STEWARD), sign_in(Role.STEWARD)
    assert "没有待办事项" in one.get("/").get_data(as_text=True)
    one.post(f"/cases/{the_case().id}/exclusion", data={"reason": "corrected", "reference": "单 4"})
    assert "项人工更正待您确认" not in one.get("/").get_data(as_text=True)
    assert "项人工更正待您确认" in two.get("/").get_data(as_text=True)
