"""The review in the browser: queue, case, return, sign-off, result."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select

from resume.applications.inputs import open_inputs, seal_inputs
from resume.applications.models import Application, Batch, Decision
from resume.db import reading, transaction
from resume.places.models import Building
from resume.plans.models import Plan
from resume.policy import decide
from resume.review.operations import recommend, sign_off
from resume.roles import Role
from tests.conftest import SignIn
from tests.intake.feeding import case_row, good
from tests.passes.city import DISTRICT, REVIEWER, SIGNER, add_case
from tests.passes.conftest import MakeCity


def case_of(city_id: object) -> Application:
    reading().rollback()
    reading().expire_all()
    return reading().get_one(Application, city_id)


def test_from_the_queue_to_the_result(city_of: MakeCity, sign_in: SignIn) -> None:
    city = city_of(workers=3, without_test=[1], state="submitted")
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    queue = reviewer.get("/review")
    assert "临江精密仪器制造有限公司" in queue.text
    page = reviewer.get(f"/review/{city.application_id}")
    assert page.status_code == 200
    for word in ("推荐签发", "退回修改", "PCR_NONE", "王小明"):
        assert word in page.text, word
    filtered = reviewer.get(
        f"/review/{city.application_id}?outcome=not_known", headers={"HX-Request": "true"}
    )
    assert filtered.text.count("王小明") == 1
    done = reviewer.post(f"/review/{city.application_id}/recommendation", data={"revision": 2})
    assert done.status_code == 303
    signer = sign_in(Role.SIGN_OFF, district_code=DISTRICT)
    assert "临江精密仪器" in signer.get("/review").text
    assert "签发" in signer.get(f"/review/{city.application_id}").text
    signed = signer.post(f"/review/{city.application_id}/signature", data={"revision": 3})
    assert signed.status_code == 303
    result = signer.get(signed.location)
    assert "已批准 2，暂缓 1" in result.text
    assert "没有" in result.text
    assert case_of(city.application_id).withheld == 1
    assert reading().get_one(Plan, city.plan_id).state == "approved"
    assert "暂缓 1 人" in signer.get("/review?desk=withheld").text
    again = signer.post(f"/review/{city.application_id}/batches")
    assert again.status_code == 303
    assert "已批准 0，暂缓 1" in signer.get(again.location).text


def test_the_second_of_two_sees_what_happened(city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    city = city_of(state="submitted")
    recommend(city.application_id, revision=2, by=REVIEWER, at=at)
    late = sign_in(Role.REVIEWER, district_code=DISTRICT)
    answer = late.post(f"/review/{city.application_id}/recommendation", data={"revision": 2})
    assert answer.status_code == 409
    assert "first-reviewer" in answer.text


def test_a_return_needs_a_reason_and_says_where(city_of: MakeCity, sign_in: SignIn) -> None:
    city = city_of(state="submitted")
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    address = f"/review/{city.application_id}/return"
    assert reviewer.get(address).status_code == 200
    assert reviewer.post(address, data={"revision": 2}).status_code == 422
    done = reviewer.post(address, data={"revision": 2, "reason-lodging": "床位少于人数", "reason-list": " "})
    assert done.status_code == 303
    found = case_of(city.application_id)
    assert found.state == "returned"
    page = reviewer.get(f"/review/{city.application_id}")
    assert "床位少于人数" in page.text


def test_a_refusal_needs_its_reason(city_of: MakeCity, sign_in: SignIn) -> None:
    city = city_of(state="submitted")
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    address = f"/review/{city.application_id}/refusal"
    assert reviewer.get(address).status_code == 200
    assert reviewer.post(address, data={"revision": 2, "reason": ""}).status_code == 422
    assert reviewer.post(address, data={"revision": 2, "reason": "不属于本轮行业"}).status_code == 303
    assert case_of(city.application_id).state == "refused"


def test_another_district_finds_nothing(city_of: MakeCity, sign_in: SignIn) -> None:
    city = city_of()
    stranger = sign_in(Role.SIGN_OFF, district_code="310104")
    assert "临江精密" not in stranger.get("/review?desk=sign").text
    assert stranger.get(f"/review/{city.application_id}").status_code == 404
    assert stranger.post(f"/review/{city.application_id}/signature", data={"revision": 2}).status_code == 404
    assert reading().scalars(select(Batch)).all() == []


def test_a_reviewer_does_not_sign(city_of: MakeCity, sign_in: SignIn) -> None:
    city = city_of()
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    answer = reviewer.post(f"/review/{city.application_id}/signature", data={"revision": 2})
    assert answer.status_code == 403


def test_the_queue_costs_the_same_with_many_cases(
    city_of: MakeCity, sign_in: SignIn, statements: list[str]
) -> None:
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    sent = []
    for firm in range(1, 7):
        city_of(workers=1, state="submitted", firm=firm)
        reviewer.get("/review")
        statements.clear()
        reviewer.get("/review")
        sent.append(len(statements))
    assert sent[0] == sent[-1], sent


def test_a_past_decision_says_what_was_known_and_why(
    city_of: MakeCity, sign_in: SignIn, at: datetime
) -> None:
    """From the result to a decision; what came in later is not on it."""
    city = city_of(workers=2, without_test=[1])
    good("cases", case_row("C0", "B1-1", reported_at="2022-04-02T10:00:00+08:00"), at=at)
    good("cases", case_row("C0b", "B1-1", supersedes="C0", excluded="corrected"), at=at)
    signer = sign_in(Role.SIGN_OFF, district_code=DISTRICT)
    batch = sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    good("cases", case_row("C9", "B1-1"), at=at)
    address = f"/review/{city.application_id}/batches/{batch.id}"
    for shown, words, absent in (
        ("", ["暂缓", "PCR_NONE", "楼内阳性（已更正，不计入）", "case:C0b", "结论与当时相同"], "管核酸："),
        (
            "?shown=approved",
            ["已批准", "混管核酸：阴性", "随申码：绿码", "SH-2022-04", "（cases）"],
            "PCR_NONE",
        ),
    ):
        result = signer.get(address + shown)
        assert result.status_code == 200
        (link,) = set(re.findall(rf"/review/{city.application_id}/decisions/[0-9a-f-]+", result.text))
        page = signer.get(link)
        assert page.status_code == 200
        for word in words:
            assert word in page.text, word
        for word in (absent, "case:C9"):
            assert word not in page.text, word
    english = signer.get(link, headers={"Accept-Language": "en"})
    assert english.status_code == 200
    stranger = sign_in(Role.REVIEWER, district_code="310104")
    assert stranger.get(link).status_code == 404
    other = city_of(workers=1, firm=2)
    assert signer.get(link.replace(str(city.application_id), str(other.application_id))).status_code == 404


def test_a_decision_that_comes_out_otherwise_says_so(
    city_of: MakeCity, sign_in: SignIn, at: datetime
) -> None:
    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    row = reading().scalars(select(Decision)).one()
    inputs = open_inputs(row.id, row.sealed)
    later = decide(inputs.facts, profile="RTW", at=at.replace(day=29))
    with transaction() as session:
        session.get_one(Decision, row.id).sealed = seal_inputs(row.id, inputs.facts, later)
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    assert "结论与当时不同" in reviewer.get(f"/review/{city.application_id}/decisions/{row.id}").text


def test_a_worker_stopped_by_his_building_shows_why_and_leads_to_it(
    city_of: MakeCity, sign_in: SignIn, at: datetime
) -> None:
    city = city_of(workers=2, buildings=2, state="submitted")
    with transaction():
        add_case(city, at=at)
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    shown = reviewer.get(f"/review/{city.application_id}").text
    first, second = (f"/buildings/{building_id}" for building_id in city.building_ids)
    assert first in shown
    assert second not in shown  # it stops nobody
    assert shown.count("所住楼栋</strong>") == 1
    assert "楼内情况不符合" in shown
    assert reviewer.get(first).status_code == 200
    with transaction() as session:
        session.get_one(Building, city.building_ids[0]).compound.district_code = "310104"
    shown = reviewer.get(f"/review/{city.application_id}").text
    assert first not in shown  # another district's building: its page is closed to this one
    assert "楼内情况不符合" in shown
