"""Signing in: who may, what ends a session, and that guessing is slowed down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from resume import audit
from resume.accounts import operations, passwords, sessions, throttle
from resume.accounts.models import Account, SignInSession
from resume.accounts.operations import NewAccount, create_account
from resume.clock import real_now
from resume.db import reading, transaction
from resume.places.models import Compound
from resume.roles import CLI, Role
from tests.reading import reading_client

PASSWORD = "correct horse battery"


@pytest.fixture
def account(app: Flask, at) -> Account:
    new = NewAccount("auditor.one", "审计员一", PASSWORD, Role.AUDITOR)
    return create_account(new, by=CLI, at=at, real_at=real_now())


def enter(client, name: str = "auditor.one", password: str = PASSWORD, to: str = ""):
    return client.post("/sign-in" + (f"?to={to}" if to else ""), data={"name": name, "password": password})


def test_the_right_password_opens_the_way_to_where_one_wanted_to_go(client, account) -> None:
    first = client.get("/audit")
    assert first.status_code == 303
    assert first.location == "/sign-in?to=/audit"
    response = enter(client, to="/audit")
    assert (response.status_code, response.location) == (303, "/audit")
    assert client.get("/audit").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_one_is_never_sent_elsewhere(client, account, target: str) -> None:
    assert enter(client, to=target).location.startswith("/")
    assert "elsewhere" not in enter(client, to=target).location.split("?")[0]


def test_name_and_password_are_refused_in_the_same_words(client, account) -> None:
    wrong = enter(client, password="wrong password").get_data(as_text=True)
    nobody = enter(client, name="nobody.here").get_data(as_text=True)
    assert "账号或密码不对" in wrong
    assert "账号或密码不对" in nobody


def test_the_sessions_secret_changes_at_each_sign_in_and_dies_at_sign_out(app: Flask, account) -> None:
    first, second = reading_client(app), reading_client(app)
    enter(first)
    enter(second)
    with first.session_transaction() as a, second.session_transaction() as b:
        assert a["_user_id"] != b["_user_id"]
        copied = a["_user_id"]
    first.post("/sign-out")
    thief = reading_client(app)
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = copied
    assert thief.get("/audit").status_code == 303
    assert second.get("/audit").status_code == 200


def test_the_database_never_holds_a_secret_that_opens_a_session(app: Flask, account, client) -> None:
    enter(client)
    with client.session_transaction() as cookie:
        secret = cookie["_user_id"]
    assert secret not in reading().scalars(select(SignInSession.id)).all()


@pytest.mark.parametrize(
    ("values", "lives"),
    [
        ({"seen_at": sessions.IDLE - timedelta(seconds=5)}, True),
        ({"seen_at": sessions.IDLE + timedelta(seconds=5)}, False),
        ({"started_at": sessions.ABSOLUTE - timedelta(seconds=5)}, True),
        ({"started_at": sessions.ABSOLUTE + timedelta(seconds=5)}, False),
    ],
)
def test_silence_and_age_end_a_session(client, account, values: dict[str, timedelta], lives: bool) -> None:
    enter(client)
    with transaction() as session:
        session.execute(
            update(SignInSession).values({name: real_now() - age for name, age in values.items()})
        )
    assert (client.get("/audit").status_code == 200) is lives


def test_a_disabled_account_is_out_at_once(client, account, at) -> None:
    enter(client)
    operations.set_disabled(account.id, True, by=CLI, at=at, real_at=real_now())
    assert client.get("/audit").status_code == 303
    assert enter(client).status_code == 422
    operations.set_disabled(account.id, False, by=CLI, at=at, real_at=real_now())
    assert enter(client).status_code == 303


def test_a_new_password_ends_every_session_and_the_old_password(app: Flask, client, account) -> None:
    other = reading_client(app)
    enter(client)
    enter(other)
    changed = client.post("/account", data={"current": PASSWORD, "new": "another long secret"})
    assert changed.status_code == 303
    assert other.get("/audit").status_code == 303
    assert enter(other).status_code == 422
    assert enter(other, password="another long secret").status_code == 303


def test_guessing_is_slowed_down_by_name_and_says_until_when(client, account) -> None:
    for _ in range(throttle.MOST_BY_NAME):
        assert enter(client, password="wrong password").status_code == 422
    blocked = enter(client)
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["Retry-After"]) <= throttle.WINDOW.total_seconds()


def test_after_a_quarter_of_an_hour_the_right_password_opens_again(account, at) -> None:
    then = real_now() - throttle.WINDOW - timedelta(seconds=1)
    for _ in range(throttle.MOST_BY_NAME):
        with pytest.raises(operations.WrongSignIn):
            operations.sign_in("auditor.one", "wrong", address="a", at=at, real_at=then)
    secret, _ = operations.sign_in("auditor.one", PASSWORD, address="a", at=at, real_at=real_now())
    assert sessions.find_signed_in(secret, at=real_now()) is not None


def test_each_sign_in_each_failure_and_each_sign_out_is_in_the_audit(client, account) -> None:
    enter(client, password="wrong password")
    enter(client)
    client.post("/sign-out")
    actions = [entry.action for entry in audit.list_entries(before=None, action="", limit=9)]
    assert actions == [
        "account.signed_out",
        "account.signed_in",
        "account.sign_in_failed",
        "account.created",
    ]


@pytest.mark.parametrize(
    "password", ["short", "a" * 129, "aaaaaaaaaaaa", "my password 123", "xx auditor.one xx"]
)
def test_a_password_that_would_be_guessed_is_refused(password: str) -> None:
    assert passwords.weakness(password, name="auditor.one") is not None


def test_a_long_passphrase_is_welcome() -> None:
    assert passwords.weakness("复工通行 from the fourth gate", name="hr.one") is None


@pytest.mark.parametrize(
    "scope",
    [
        {"role": Role.HR},
        {"role": Role.REVIEWER},
        {"role": Role.STREET, "district_code": "310115"},
        {"role": Role.GUARD, "district_code": "310115"},
        {"role": Role.AUDITOR, "district_code": "310115"},
    ],
)
def test_a_role_without_its_scope_or_with_anothers_is_no_account(app: Flask, at, scope) -> None:
    with pytest.raises(operations.BadAccount):
        create_account(NewAccount("some.one", "某人", PASSWORD, **scope), by=CLI, at=at, real_at=real_now())


def test_a_desk_is_of_a_street_that_the_district_has(app: Flask, at) -> None:
    street = {"district_code": "310115", "street": "没有此街道"}
    new = NewAccount("desk.one", "值班台", PASSWORD, Role.STREET, **street)
    with pytest.raises(operations.UnknownStreet):
        create_account(new, by=CLI, at=at, real_at=real_now())
    with transaction() as session:
        session.add(Compound(district_code="310115", street="没有此街道", committee_code="", name="新设小区"))
    made = create_account(new, by=CLI, at=at, real_at=real_now())
    assert (made.district_code, made.street) == ("310115", "没有此街道")


def test_a_name_is_taken_whatever_its_case(account, at) -> None:
    with pytest.raises(operations.NameTaken):
        create_account(
            NewAccount("Auditor.ONE", "另一人", PASSWORD, Role.AUDITOR), by=CLI, at=at, real_at=real_now()
        )
