"""Firms that register themselves: received from anybody, told alike, decided by those who may."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from resume import audit
from resume.accounts import throttle
from resume.accounts.models import Invitation
from resume.accounts.queries import find_by_name
from resume.db import reading, transaction
from resume.firms.models import Firm
from resume.firms.operations import NewFirm, register_firm
from resume.firms.queries import find_by_credit_code
from resume.registrations.models import Registration
from resume.roles import CLI, Role
from tests.accounts.conftest import Mailbox, secret_in
from tests.reading import reading_client

FORM = {
    "credit_code": "",
    "name": "演示云帆精密有限公司",
    "short_name": "演示云帆",
    "district": "310115",
    "contact": "演示周",
    "phone": "+86 169-0000-1234",
    "email": "Zhou@Example.invalid",
    "language": "zh_Hans",
}


@pytest.fixture(scope="module", autouse=True)
def code() -> None:
    """A credit code of ours: 319999, its check characters computed."""
    from resume.demo.firms import credit_code

    FORM["credit_code"] = credit_code(950)


@pytest.fixture
def mailbox(app: Flask, home) -> Mailbox:
    return Mailbox(home)


def sign_up(client, **changes: str):
    return client.post("/sign-up", data=FORM | changes)


def only() -> Registration:
    reading().expire_all()
    return reading().scalars(select(Registration)).one()


def count() -> int:
    return reading().scalar(select(func.count()).select_from(Registration)) or 0


def test_from_the_form_to_the_first_hr(client, sign_in, mailbox) -> None:
    answer = sign_up(client)
    assert answer.status_code == 200
    assert "4月23日（周六）09:00" in answer.text  # the clock, as the applicant sees it
    receipt = mailbox.only()
    assert receipt["To"] == "zhou@example.invalid"
    assert "2022年4月23日 09:00" in receipt.get_content()
    reviewer = sign_in(Role.REVIEWER, district_code="310115")
    queue = reviewer.get("/registrations").text
    assert "演示云帆精密有限公司" in queue
    assert "4月23日（周六）09:00" in queue
    assert "16900001234" not in queue
    page = reviewer.get(f"/registrations/{only().id}").text
    assert "16900001234" in page
    assert "演示周" in page
    assert reviewer.post(f"/registrations/{only().id}/confirmation").location == "/registrations"
    firm = find_by_credit_code(FORM["credit_code"])
    assert firm is not None
    assert (firm.short_name, firm.district_code) == ("演示云帆", "310115")
    secret = secret_in(mailbox.only())
    filled = {"display_name": "演示周", "name": "hr.yunfan", "password": "correct horse battery"}
    assert client.post("/join", data={"secret": secret, **filled}).location == "/"
    account = find_by_name("hr.yunfan")
    assert (account.role, account.firm_id) == ("hr", firm.id)
    assert "16900001234" not in reviewer.get(f"/registrations/{only().id}").text


def test_a_refusal_gives_its_reason_and_gives_the_data_up(client, sign_in, mailbox) -> None:
    sign_up(client)
    mailbox.new()
    administrator = sign_in(Role.ADMINISTRATOR)
    path = f"/registrations/{only().id}/refusal"
    assert administrator.post(path, data={"reason": " "}).status_code == 422
    assert administrator.post(path, data={"reason": "名称与营业执照不一致"}).status_code == 303
    assert "名称与营业执照不一致" in mailbox.only().get_content()
    assert (only().state, only().sealed) == ("refused", None)
    assert find_by_credit_code(FORM["credit_code"]) is None
    assert "名称与营业执照不一致" in administrator.get(f"/registrations/{only().id}").text
    sign_up(client)  # corrected or not, it may be sent again
    assert count() == 2


def test_a_decision_is_made_once(client, sign_in) -> None:
    sign_up(client)
    reviewer = sign_in(Role.REVIEWER, district_code="310115")
    assert reviewer.post(f"/registrations/{only().id}/confirmation").status_code == 303
    assert reviewer.post(f"/registrations/{only().id}/confirmation").status_code == 409
    again = reviewer.post(f"/registrations/{only().id}/refusal", data={"reason": "名称不一致"})
    assert again.status_code == 409
    assert reading().scalar(select(func.count()).select_from(Firm)) == 1
    assert reading().scalar(select(func.count()).select_from(Invitation)) == 1


def test_nothing_tells_in_public_that_a_firm_is_known(app: Flask, sign_in, at, mailbox) -> None:
    def words(answer) -> str:
        return re.sub(r'"[^"]{40,}"|[0-9a-f]{32}', "", answer.text)

    unknown = words(sign_up(reading_client(app)))
    first = mailbox.only().get_content()
    with transaction() as session:
        session.execute(update(Registration).values(state="refused"))
    register_firm(NewFirm(FORM["credit_code"], FORM["name"], "演示云帆", "310115"), by=CLI, at=at)
    known = words(sign_up(reading_client(app)))
    assert known == unknown
    assert mailbox.only().get_content() == first
    reviewer = sign_in(Role.REVIEWER, district_code="310115")
    assert "已登记过" in reviewer.get("/registrations").text
    waiting = reading().scalars(select(Registration).where(Registration.state == "waiting")).one()
    page = reviewer.get(f"/registrations/{waiting.id}").text
    assert "不能再次登记" in page
    assert "确认并邀请联系人" not in page
    assert reviewer.post(f"/registrations/{waiting.id}/confirmation").status_code == 303
    reading().expire_all()
    assert reading().get_one(Registration, waiting.id).state == "waiting"
    assert reading().scalar(select(func.count()).select_from(Invitation)) == 0


def test_the_same_form_again_is_the_same_registration(client, mailbox) -> None:
    for _ in range(3):
        assert sign_up(client).status_code == 200
    assert count() == 1
    assert len(mailbox.new()) == 1
    sign_up(client, contact="演示吴")  # another contact is another one, which the reviewer sees beside it
    assert count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"credit_code": "91319999DEM00001X0"},
        {"credit_code": "123"},
        {"phone": "021-12345678"},
        {"phone": "12900001234"},
        {"email": "nobody"},
        {"name": ""},
        {"district": "999999"},
        {"contact": ""},
        {"language": "fr"},
    ],
    ids=str,
)
def test_what_is_wrong_is_explained(client, wrong: dict[str, str]) -> None:
    assert sign_up(client, **wrong).status_code == 422
    assert count() == 0


def test_problems_are_told_in_the_readers_language(client) -> None:
    client.set_cookie("lang", "en")
    assert "The check character does not fit" in sign_up(client, credit_code="91319999DEM00001X0").text


def test_one_address_is_slowed_down(client) -> None:
    for place in range(throttle.SIGN_UP_FROM.most):
        assert sign_up(client, contact=f"演示{place}").status_code == 200
    blocked = sign_up(client, contact="演示最后")
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["Retry-After"]) <= 3600


def test_another_districts_is_not_found(client, sign_in) -> None:
    sign_up(client)
    other = sign_in(Role.REVIEWER, district_code="310101")
    assert "演示云帆" not in other.get("/registrations").text
    assert other.get(f"/registrations/{only().id}").status_code == 404
    for path, form in (("confirmation", {}), ("refusal", {"reason": "名称不一致"})):
        assert other.post(f"/registrations/{only().id}/{path}", data=form).status_code == 404
    assert only().state == "waiting"
    assert "演示云帆" in sign_in(Role.ADMINISTRATOR).get("/registrations").text


def test_the_clock_is_red_when_it_has_run_out(client, sign_in, at) -> None:
    sign_up(client)
    with transaction() as session:
        session.execute(update(Registration).values(received_at=at - timedelta(hours=25)))
    page = sign_in(Role.REVIEWER, district_code="310115").get("/registrations").text
    assert "rs-clock--stop" in page
    assert "已 25.0 小时" in page


def test_personal_data_is_sealed_and_not_in_the_audit(client) -> None:
    sign_up(client)
    row = only()
    for part in ("演示周", "16900001234", "zhou@"):
        assert part.encode() not in row.sealed
        assert not [e for e in audit.list_entries(before=None, action="", limit=9) if part in e.detail]


def test_the_queue_is_one_statement_however_long(client, sign_in, statements) -> None:
    reviewer = sign_in(Role.REVIEWER, district_code="310115")
    sent = []
    for number in (1, 4):
        for place in range(number):
            sign_up(client, contact=f"演示{number}{place}")
        statements.clear()
        reviewer.get("/registrations")
        sent.append(len(statements))
    assert sent[0] == sent[1]
