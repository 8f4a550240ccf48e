"""Letters of notices: in the reader's language, without anything personal, once an address."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import update

from resume import jobs
from resume.accounts.addresses import Address, addresses_of
from resume.accounts.models import Account
from resume.db import reading, transaction
from resume.notices import posts
from resume.notices.kinds import KINDS, Channel
from resume.notices.letters import send_later
from resume.notices.telling import News, tell
from resume.review.operations import sign_off
from resume.roles import Role
from resume.roster.details import open_details
from resume.roster.models import Worker
from resume.sealing import Unsealable
from tests.notices.conftest import OpenAccount, ReadLetters
from tests.notices.test_telling import HOUR, feed_case
from tests.passes.city import SIGNER
from tests.passes.conftest import MakeCity

#: What each kind is told with; the names stand for what must not get out of it.
VALUES: dict[str, dict[str, object]] = {
    "returned": {"sections": 2},
    "approved": {"approved": 3, "withheld": 1, "is_later": False},
    "refused": {},
    "suspended": posts.counted([("装配工", True)] * 3 + [("保洁", False)]),
    "healed": posts.counted([("装配工", True)]),
    "running_out": {"workers": 212, "by": "2022-04-24T08:00:00+08:00", "ends": "2022-04-24T21:00:00+08:00"},
    "plan_suspended": {},
    "list_uploaded": {"good": 480, "bad": 12},
    "new_case": {"firm": "临江精密", "workers": 500},
    "to_sign": {"firm": "临江精密", "workers": 500},
    "overdue": {"firm": "临江精密", "hours": 24},
    "objection": {"firm": "临江精密"},
    "trip_overdue": {"firm": "临江精密", "trips": 3},
}


def test_every_kind_is_said_in_both_languages(app: Flask) -> None:
    assert VALUES.keys() == KINDS.keys()
    with app.test_request_context():
        for name, kind in KINDS.items():
            with force_locale("zh_Hans"):
                chinese = kind.say(VALUES[name])
            with force_locale("en"):
                english = kind.say(VALUES[name])
                assert str(kind.title).isascii()
            assert chinese
            assert english
            assert chinese != english
            assert "%(" not in chinese + english
            assert kind.default in kind.channels
            assert (Channel.OFF in kind.channels) is kind.may_be_off
    assert {name for name, kind in KINDS.items() if kind.default is Channel.MAIL} >= {
        "returned",
        "suspended",
        "running_out",
    }


def test_a_later_batch_and_a_late_sample_are_said_otherwise(app: Flask) -> None:
    assert "补批" in KINDS["approved"].say({"approved": 1, "withheld": 0, "is_later": True})
    assert "立即采样" in KINDS["running_out"].say(
        {"workers": 1, "by": None, "ends": "2022-04-24T21:00:00+08:00"}
    )


def test_posts_are_said_key_posts_first_and_the_rest_as_one(app: Flask) -> None:
    found = posts.counted([("焊工", False)] * 9 + [("司机", True)] + [(f"杂{n}", False) for n in range(60)])
    assert (found["passes"], len(found["posts"]), found["others"]) == (70, posts.KEPT, 22)
    said = KINDS["suspended"].say(found)
    assert said.index("司机（关键）1") < said.index("焊工 9")
    assert "其他岗位 57" in said


def test_both_together_are_the_sum(app: Flask) -> None:
    one, two = posts.counted([("焊工", False)] * 2), posts.counted([("焊工", False), ("司机", True)])
    assert posts.added(one, two) == {
        "passes": 4,
        "posts": [["司机", True, 1], ["焊工", False, 3]],
        "others": 0,
    }


def body(letter: EmailMessage) -> str:
    return str(letter.get_content())


def test_no_letter_holds_personal_data(
    city_of: MakeCity, open_account: OpenAccount, letters: ReadLetters, at: datetime
) -> None:
    city = city_of(workers=3)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    open_account(Role.HR, firm_id=city.firm_id, email="zh@example.invalid")
    open_account(Role.HR, firm_id=city.firm_id, email="en@example.invalid", language="en")
    feed_case("B1-1", "C1", at=at + HOUR)
    english, chinese = letters()
    assert (chinese["Subject"], english["Subject"]) == ("通行证暂停", "Passes suspended")
    assert "3 张通行证暂停" in body(chinese)
    assert "Passes suspended: 3." in body(english)
    for letter in (english, chinese):
        assert "http://127.0.0.1:8000/#lost-cover" in body(letter)
        everything = body(letter) + str(letter["Subject"])
        for worker in reading().query(Worker):
            person = open_details(worker)
            assert person.name not in everything
            assert person.document_number[-4:] not in everything
            assert str(worker.id) not in everything
        for word in ("阳性", "密接", "红码", "positive", "contact", "B1-1", "春晓苑"):
            assert word not in everything


def news(firm_id: int, key: str = "intake:7") -> News:
    return News("suspended", key, key, "/#lost-cover", posts.counted([("焊工", False)]), firm_id)


def test_two_accounts_with_one_address_get_one_letter(
    city_of: MakeCity, open_account: OpenAccount, letters: ReadLetters, at: datetime
) -> None:
    city = city_of()
    for _again in range(2):
        open_account(Role.HR, firm_id=city.firm_id, email="hr@example.invalid")
    with transaction():
        assert tell([news(city.firm_id)], at=at) == 2
    assert len(letters()) == 1


def test_letters_that_wait_go_out_when_nothing_ends_the_waiting(
    city_of: MakeCity, open_account: OpenAccount, letters: ReadLetters, at: datetime
) -> None:
    city = city_of()
    open_account(Role.HR, firm_id=city.firm_id, email="hr@example.invalid")
    for _piece in range(2):
        with transaction():
            tell([news(city.firm_id)], at=at, is_more_coming=True)
    assert letters() == []
    with transaction() as session:
        send_later(["intake:7"])
        session.execute(update(jobs.Job).values(not_before=at))
    (letter,) = letters()
    assert "2 张通行证暂停" in body(letter)


def test_without_an_address_there_is_no_letter(
    city_of: MakeCity, open_account: OpenAccount, letters: ReadLetters, at: datetime
) -> None:
    city = city_of()
    hr = open_account(Role.HR, firm_id=city.firm_id)
    with transaction():
        tell([news(city.firm_id)], at=at)
    assert letters() == []
    assert hr.account_id is not None
    assert addresses_of([hr.account_id]) == {hr.account_id: Address(None, "zh_Hans")}


def test_an_address_of_another_account_does_not_open(app: Flask, open_account: OpenAccount) -> None:
    one, two = open_account(Role.HR, email="a@example.invalid"), open_account(Role.HR)
    assert one.account_id is not None
    assert two.account_id is not None
    with transaction() as session:
        sealed = session.get_one(Account, one.account_id).sealed_email
        session.get_one(Account, two.account_id).sealed_email = sealed
    assert addresses_of([one.account_id])[one.account_id].email == "a@example.invalid"
    with pytest.raises(Unsealable):
        addresses_of([two.account_id])
