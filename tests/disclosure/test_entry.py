"""Opening one's own page: by which keys, for how long, with one answer to whatever is wrong."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from resume import clock
from resume.accounts.models import FailedAttempt
from resume.audit import AuditEntry
from resume.clock import real_now
from resume.db import reading, transaction
from resume.disclosure import operations
from resume.disclosure.models import PersonalCode
from resume.disclosure.throttle import ABOUT, FROM
from resume.passes.models import Pass
from resume.people.identify import number_key_of
from resume.people.models import Person
from resume.roles import Role
from resume.roster.lifecycle import ListState
from resume.roster.models import Claim, WorkerList
from resume.roster.own_key import looks_like_key, own_keys, worker_id_of
from resume.roster.steps import begin_submitted
from resume.web.request_log import configure_logging
from tests.conftest import SignIn
from tests.disclosure.conftest import CODE, Open, key_of, last_four
from tests.passes.city import City, document_number
from tests.passes.conftest import MakeCity
from tests.reading import reading_client


def number_of(city: City, place: int = 0) -> str:
    query = select(Pass.number).where(Pass.worker_id == city.worker_ids[place])
    return reading().scalars(query).one()


def test_who_has_no_pass_yet_opens_his_page_by_his_key(city_of: MakeCity, open_page: Open) -> None:
    city = city_of(workers=2)
    page = open_page(key_of(city), last_four()).get("/w/record")
    assert "王小明" in page.text
    assert "还没有通行证" in page.text


def test_typed_keys_and_numbers_are_forgiven_their_form(signed: City, open_page: Open) -> None:
    key, number = key_of(signed), number_of(signed)
    for typed in (
        key.lower(),
        key.replace("-", ""),
        f" {key.replace('-', ' ')} ",
        key.replace("O", "0").replace("I", "1"),
        number.lower(),
        f"{number[:4]} {number[4:8]}-{number[8:]}",
    ):
        assert open_page(typed, last_four()).get("/w/record").status_code == 200


def test_wrong_and_unknown_get_one_answer(
    signed: City, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "ABOUT", replace(ABOUT, most=100))
    monkeypatch.setattr(operations, "FROM", replace(FROM, most=100))
    key, number = key_of(signed), number_of(signed)
    unknown = own_keys([type(signed.worker_ids[0])(int=7)])[0]
    answers = []
    for typed, four, code in (
        (key, "0000", ""),
        (unknown, last_four(), ""),
        (key[:-1], last_four(), ""),
        (number, "0000", ""),
        ("310115999999" + "0", last_four(), ""),
        ("000000000000X", last_four(), ""),
        ("nonsense", last_four(), "something"),
        (key, last_four(1), "something"),
    ):
        answer = client.post("/w", data={"key": typed, "last_four": four, "code": code})
        assert answer.status_code == 422
        assert "own-page" not in answer.headers.get("Set-Cookie", "")
        answers.append(answer.text.replace(typed, "").replace(four, ""))
    body = [text.split("<main")[1].split("</main>")[0] for text in answers]
    assert len({text.split("csrf_token")[0] for text in body}) == 1
    assert all("填写的内容对不上" in text for text in body)


def test_failures_are_slowed_down_by_number_and_by_address(
    signed: City, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(signed)
    for typed in (key, key.lower(), key.replace("-", ""), key, f" {key}"):
        assert client.post("/w", data={"key": typed, "last_four": "0000"}).status_code == 422
    refused = client.post("/w", data={"key": key, "last_four": last_four()})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert "填错次数过多" in refused.text
    # Another one is not slowed down by that, but by so many failures from one address.
    assert client.post("/w", data={"key": key_of(signed, 1), "last_four": "0000"}).status_code == 422
    monkeypatch.setattr(operations, "FROM", replace(FROM, most=6))
    assert client.post("/w", data={"key": key_of(signed, 2), "last_four": "0000"}).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    answer = client.post(
        "/w", data={"key": key_of(signed, 2), "last_four": last_four(2)}, environ_overrides=elsewhere
    )
    assert answer.status_code == 303
    with transaction() as session:
        session.execute(update(FailedAttempt).values(at=real_now() - timedelta(minutes=16)))
    assert client.post("/w", data={"key": key, "last_four": last_four()}).status_code == 303


def test_other_ways_to_say_the_same_are_counted_together(signed: City, open_page: Open, app: Flask) -> None:
    """0, 1 and 8 are read as letters, and each pass and list has a number or key of its own."""
    key, number = key_of(signed), number_of(signed)
    open_page(key, last_four(), new_code=CODE)
    letters = [place for place, letter in enumerate(key) if letter in "OIB"]
    spelled = [
        key[:place] + {"O": "0", "I": "1", "B": "8"}[key[place]] + key[place + 1 :] for place in letters
    ]
    browser = reading_client(app)
    for typed in (number, *spelled, key, key, key, key)[:5]:
        answer = browser.post("/w", data={"key": typed, "last_four": last_four(), "code": "not this one"})
        assert answer.status_code == 422
    for typed in (number, *spelled, key):
        answer = browser.post("/w", data={"key": typed, "last_four": last_four(), "code": CODE})
        assert answer.status_code == 429


def test_the_code_is_slowed_down_too(signed: City, open_page: Open) -> None:
    open_page(key_of(signed), last_four(), new_code=CODE)
    browser = open_page(key_of(signed), last_four())
    for _ in range(5):
        assert browser.post("/w/record", data={"code": "not this one"}).status_code == 422
    assert browser.post("/w/record", data={"code": CODE}).status_code == 429
    entering = browser.post("/w", data={"key": key_of(signed), "last_four": last_four(), "code": "wrong one"})
    assert entering.status_code == 429


def test_opening_the_page_without_the_code_forgives_no_guess_at_it(
    signed: City, open_page: Open, app: Flask
) -> None:
    form = {"key": key_of(signed), "last_four": last_four()}
    open_page(*form.values(), new_code=CODE)
    browser = reading_client(app)
    for _ in range(4):
        assert browser.post("/w", data=form | {"code": "not this one"}).status_code == 422
    assert browser.post("/w", data=form).status_code == 303
    assert browser.post("/w", data=form | {"code": "not this one"}).status_code == 422
    assert browser.post("/w", data=form | {"code": CODE}).status_code == 429
    assert browser.post("/w", data=form).status_code == 303


def test_a_page_closes_after_a_quarter_of_an_hour(
    signed: City, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = open_page(key_of(signed), last_four())
    assert browser.get("/w/record").status_code == 200
    later = real_now() + timedelta(minutes=15)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    for path in ("/w/record", "/w/sheet.pdf", "/w/objection"):
        answer = browser.get(path)
        assert (answer.status_code, answer.location) == (303, "/w")


def test_leaving_closes_it(signed: City, open_page: Open) -> None:
    browser = open_page(key_of(signed), last_four())
    assert browser.post("/w/leave").status_code == 303
    assert browser.get("/w/record").location == "/w"


def test_a_cookie_is_bound_signed_and_shut_in(signed: City, app: Flask) -> None:
    browser = reading_client(app)
    answer = browser.post("/w", data={"key": key_of(signed), "last_four": last_four()})
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("own-page="))
    assert {"HttpOnly", "SameSite=Strict", "Path=/w", "Max-Age=900"} <= set(cookie.split("; "))
    assert not [part for part in (key_of(signed), last_four(), number_of(signed)) if part in cookie]
    assert "no-store" in answer.headers["Cache-Control"]
    value = cookie.split(";")[0].partition("=")[2]
    for place in range(0, len(value), 7):
        altered = value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]
        browser.set_cookie("own-page", altered, path="/w")
        assert browser.get("/w/record").status_code in (303, 200 if altered == value else 303)
    for nonsense in ("", "x", ".", "a.b", "W10.x"):
        browser.set_cookie("own-page", nonsense, path="/w")
        assert browser.get("/w/record").status_code == 303


def test_keys_stand_in_no_address_and_no_log(signed: City, app: Flask) -> None:
    lines = io.StringIO()
    configure_logging(lines)
    key, browser = key_of(signed), reading_client(app)
    entry = browser.get("/w")
    assert "own.js" in entry.text
    texts = [entry.text]
    answers = [
        browser.post("/w", data={"key": key, "last_four": "0000"}),
        browser.post("/w", data={"key": key, "last_four": last_four()}),
        browser.post("/w/record", data={"code": CODE}),
        browser.get("/w/record"),
        browser.get("/w/sheet.pdf"),
    ]
    places = [answer.location or "" for answer in answers]
    texts += [answer.text for answer in answers[2:4]]
    secrets = [key, key.replace("-", ""), CODE, document_number(100_000), number_of(signed), "13800000000"]
    assert not [each for each in secrets for place in places if each in place]
    assert not [each for each in (*secrets, "王小明", last_four()) if each in lines.getvalue()]
    assert not [each for each in (key, CODE) for text in texts if each in text]
    audited = [*reading().scalars(select(AuditEntry.detail)), *reading().scalars(select(AuditEntry.subject))]
    assert not [each for each in (*secrets[:4], "王小明") for text in audited if each in text]


def test_one_does_not_open_anothers_page(signed: City, app: Flask, open_page: Open) -> None:
    """Neither by another's last four nor with another's cookie's parts."""
    browser = reading_client(app)
    if last_four(0) != last_four(1):
        answer = browser.post("/w", data={"key": key_of(signed, 0), "last_four": last_four(1)})
        assert answer.status_code == 422
    mine = open_page(key_of(signed, 0), last_four(0), new_code=CODE)
    other = open_page(key_of(signed, 1), last_four(1), new_code="another-9Z")
    assert mine.get("/w/sheet.pdf").data != other.get("/w/sheet.pdf").data
    assert (
        open_page(key_of(signed, 1), last_four(1)).post("/w/record", data={"code": CODE}).status_code == 422
    )


def test_a_key_stays_good_while_its_person_is_with_the_firm(
    city_of: MakeCity, app: Flask, open_page: Open
) -> None:
    """A new list: the old slip opens the new row. Left for another firm: it opens nothing of that firm."""
    city, other = city_of(workers=1), city_of(workers=1, firm=2)
    key = key_of(city)
    with transaction() as session:
        session.execute(update(Claim).where(Claim.firm_id == city.firm_id).values(firm_id=other.firm_id))
    answer = reading_client(app).post("/w", data={"key": key, "last_four": last_four()})
    assert answer.status_code == 422  # its list was never submitted by a door, and claims him no longer


def test_a_preview_has_no_keys(city_of: MakeCity, app: Flask) -> None:
    city = city_of(workers=1)
    with transaction() as session:
        session.execute(update(WorkerList).values(state=ListState.PREVIEW.value))
        session.query(Claim).delete()
    answer = reading_client(app).post("/w", data={"key": key_of(city), "last_four": last_four()})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "code",
    [
        "12345",
        "123456",
        "654321",
        "111111",
        "121212",
        document_number(100_000)[6:14],
        "13800000000",
        "380000",
    ],
)
def test_a_code_that_hr_could_guess_is_refused(signed: City, open_page: Open, code: str) -> None:
    browser = open_page(key_of(signed), last_four())
    assert browser.post("/w/record", data={"code": code}).status_code == 422
    assert reading().scalars(select(PersonalCode)).all() == []


def test_a_number_sets_no_code_but_opens_with_one(signed: City, open_page: Open) -> None:
    """The number stands on the sheet, for all to read."""
    number = number_of(signed)
    finder = open_page(number, last_four())
    page = finder.get("/w/record").text
    assert "王小明" not in page
    assert "设一个只有您知道的" not in page
    assert finder.post("/w/record", data={"code": CODE}).status_code == 403
    assert finder.get("/w/sheet.pdf").status_code == 403
    open_page(key_of(signed), last_four(), new_code=CODE)
    assert "王小明" in open_page(number, last_four(), code=CODE).get("/w/record").text


def test_a_forgotten_code_is_cleared_at_the_desk(signed: City, open_page: Open, sign_in: SignIn) -> None:
    """By a reviewer of the district; pages opened with it close, and the worker sees that it was done."""
    browser = open_page(key_of(signed), last_four(), new_code=CODE)
    elsewhere = sign_in(Role.REVIEWER, district_code="310101")
    desk = sign_in(Role.REVIEWER, district_code="310115")
    for reader, number, status in (
        (elsewhere, number_of(signed), 422),
        (desk, "000000000000X", 422),
        (desk, number_of(signed), 303),
    ):
        assert reader.post("/worker-codes", data={"number": number}).status_code == status
    assert browser.get("/w/record").location == "/w"
    again = open_page(key_of(signed), last_four(), new_code="another-9Z").get("/w/record")
    assert "审核员清除查看密码" in again.text
    document = document_number(100_000)
    with transaction() as session:
        session.get_one(Person, signed.person_keys[0]).number_key = number_key_of(document)
    assert elsewhere.post("/worker-codes", data={"number": document}).status_code == 422
    assert desk.post("/worker-codes", data={"number": document}).status_code == 303
    assert reading().scalars(select(PersonalCode)).all() == []


def test_who_opened_the_page_is_seen_on_it(signed: City, open_page: Open, at: datetime) -> None:
    open_page(key_of(signed), last_four())
    open_page(number_of(signed), last_four())
    page = open_page(key_of(signed), last_four(), new_code=CODE).get("/w/record").text
    assert "用查询链接，未填查看密码" in page
    assert "用通行证编号" in page


@given(st.text(max_size=60))
def test_any_text_is_a_key_or_none(typed: str) -> None:
    """What has not its shape is refused before a key is needed, so no home is."""
    if not looks_like_key(typed):
        assert worker_id_of(typed) is None


def test_who_has_left_opens_his_page_by_his_own_code_alone(
    signed: City, open_page: Open, client: FlaskClient
) -> None:
    key = key_of(signed)
    before, own = open_page(key, last_four()), open_page(key, last_four(), new_code=CODE)
    with transaction() as session:
        begin_submitted(signed.list_id, at=signed.at)
        session.execute(delete(Claim))
    assert before.get("/w/record").status_code == 303  # the firm has link and last four, too
    assert own.get("/w/record").status_code == 200
    assert client.post("/w", data={"key": key, "last_four": last_four()}).status_code == 422
    assert open_page(key, last_four(), code=CODE).get("/w/record").status_code == 200
    # Who had set no code sets none any more.
    other = client.post("/w", data={"key": key_of(signed, 1), "last_four": last_four(1), "code": CODE})
    assert other.status_code == 422
