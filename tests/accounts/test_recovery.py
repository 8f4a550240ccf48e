"""Forgotten passwords, addresses, one's own account: links open once, and nothing tells who exists."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from resume import audit
from resume.accounts import throttle
from resume.accounts.emails import email_of
from resume.accounts.models import AccountLink
from resume.clock import real_now
from resume.db import reading, transaction
from resume.places.models import Compound, Gate
from resume.roles import Role
from tests.accounts.conftest import PASSWORD, enter, fresh, secret_in
from tests.reading import reading_client

NEW = "another long secret"


def ask(client, who: str):
    return client.post("/forgotten-password", data={"who": who})


@pytest.mark.parametrize("who", ["auditor.one", "AUDITOR.ONE", "Auditor.One@Example.invalid"])
def test_a_link_by_mail_sets_a_new_password(client, make_account, mailbox, who: str) -> None:
    make_account("auditor.one", Role.AUDITOR)
    assert ask(client, who).status_code == 200
    secret = secret_in(mailbox.only())
    assert "auditor.one" in client.post("/reset", data={"secret": secret}).text
    done = client.post("/reset", data={"secret": secret, "new": NEW})
    assert done.location == "/sign-in"
    assert enter(client, "auditor.one").status_code == 422
    assert enter(client, "auditor.one", NEW).status_code == 303
    assert "密码已修改" in mailbox.only().get_content()
    again = client.post("/reset", data={"secret": secret, "new": "a third long secret"})
    assert again.status_code == 422


def test_the_answer_never_tells_who_exists(app: Flask, make_account, mailbox) -> None:
    make_account("auditor.one", Role.AUDITOR)
    disabled = make_account("auditor.two", Role.AUDITOR)
    with transaction():
        fresh(disabled).is_disabled = True
    answers = set()
    for who in ("auditor.one", "auditor.two", "nobody.here", "nobody@example.invalid"):
        answer = ask(reading_client(app), who)
        body = re.sub(r'(csrf_token" value="|X-CSRFToken": ")[^"]*"', "", answer.text)
        answers.add((answer.status_code, re.sub(r"[0-9a-f]{32}", "", body)))
    assert len(answers) == 1
    assert [letter["To"] for letter in mailbox.new()] == ["auditor.one@example.invalid"]


def test_asking_is_slowed_down_alike_for_those_who_exist_and_those_who_do_not(client, make_account) -> None:
    make_account("auditor.one", Role.AUDITOR)
    for who in ("auditor.one", "nobody.here"):
        for _ in range(throttle.RESET.most):
            assert ask(client, who).status_code == 200
        blocked = ask(client, who)
        assert blocked.status_code == 429
        assert int(blocked.headers["Retry-After"]) > throttle.WINDOW.total_seconds()


def test_after_half_an_hour_the_link_is_none(client, make_account, mailbox) -> None:
    make_account("auditor.one", Role.AUDITOR)
    ask(client, "auditor.one")
    secret = secret_in(mailbox.only())
    link = reading().scalars(select(AccountLink)).one()
    assert timedelta(minutes=29) < link.expires_at - real_now() <= timedelta(minutes=30)
    with transaction() as session:
        session.execute(update(AccountLink).values(expires_at=real_now() - timedelta(seconds=1)))
    assert client.post("/reset", data={"secret": secret, "new": NEW}).status_code == 422
    assert enter(client, "auditor.one").status_code == 303


def test_a_newer_link_ends_the_older(client, make_account, mailbox) -> None:
    make_account("auditor.one", Role.AUDITOR)
    ask(client, "auditor.one")
    first = secret_in(mailbox.only())
    ask(client, "auditor.one")
    second = secret_in(mailbox.only())
    assert client.post("/reset", data={"secret": first}).status_code == 422
    assert client.post("/reset", data={"secret": second}).status_code == 200


def test_a_new_password_ends_sessions_but_not_the_second_factor(
    client, make_account, signed_in, with_factor, mailbox
) -> None:
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    there = signed_in(account)
    ask(client, "root.one")
    client.post("/reset", data={"secret": secret_in(mailbox.only()), "new": NEW})
    assert there.get("/accounts").status_code == 303
    assert enter(client, "root.one", NEW).location == "/sign-in/code"
    assert fresh(account).has_second_factor


def test_a_weak_password_is_explained_and_the_link_stays(client, make_account, mailbox) -> None:
    make_account("auditor.one", Role.AUDITOR)
    ask(client, "auditor.one")
    secret = secret_in(mailbox.only())
    for weak in ("short", "my password 123", "xx auditor.one xx"):
        assert client.post("/reset", data={"secret": secret, "new": weak}).status_code == 422
    assert client.post("/reset", data={"secret": secret, "new": NEW}).status_code == 303


def test_one_purposes_link_opens_no_other(client, make_account, mailbox) -> None:
    make_account("auditor.one", Role.AUDITOR)
    ask(client, "auditor.one")
    secret = secret_in(mailbox.only())
    assert client.post("/email", data={"secret": secret}).status_code == 422
    assert client.post("/join", data={"secret": secret}).status_code == 422
    assert client.post("/reset", data={"secret": secret}).status_code == 200


def test_a_guards_link_is_handed_over_by_the_administrator(app: Flask, sign_in, make_account, client) -> None:
    with transaction() as session:
        compound = Compound(
            district_code="310115", street="虚构街道", committee_code="310115001001", name="虚构新村"
        )
        session.add(compound)
        session.flush()
        gate = Gate(name="南门", kind="compound", district_code="310115", compound_id=compound.id)
        session.add(gate)
        session.flush()
        gate_id = gate.id
    guard = make_account("guard.one", Role.GUARD, gate_id=gate_id)
    with transaction():
        fresh(guard).sealed_email = None
    assert ask(client, "guard.one").status_code == 200
    made = sign_in(Role.ADMINISTRATOR).post(f"/accounts/{guard.id}/password-link")
    secret = re.search(r"/reset#([\w-]{43})", made.text)[1]
    assert client.post("/reset", data={"secret": secret, "new": NEW}).status_code == 303
    assert enter(client, "guard.one", NEW).status_code == 303


def test_an_administrators_link_goes_to_the_owners_address(sign_in, make_account, mailbox) -> None:
    account = make_account("auditor.one", Role.AUDITOR)
    made = sign_in(Role.ADMINISTRATOR).post(f"/accounts/{account.id}/password-link")
    assert made.status_code == 303
    assert mailbox.only()["To"] == "auditor.one@example.invalid"


def test_a_new_address_counts_once_it_is_confirmed(make_account, signed_in, mailbox, client) -> None:
    account = make_account("auditor.one", Role.AUDITOR)
    own = signed_in(account)
    form = {"email": "New@Example.invalid", "password": "wrong password"}
    assert own.post("/account/email", data=form).status_code == 422
    assert own.post("/account/email", data=form | {"password": PASSWORD}).status_code == 303
    letter = mailbox.only()
    assert letter["To"] == "new@example.invalid"
    assert email_of(fresh(account)) == "auditor.one@example.invalid"
    assert client.post("/email", data={"secret": secret_in(letter)}).status_code == 303
    assert email_of(fresh(account)) == "new@example.invalid"
    assert mailbox.only()["To"] == "auditor.one@example.invalid"  # the old one is told
    assert client.post("/email", data={"secret": secret_in(letter)}).status_code == 422


def test_a_new_password_ends_the_link_to_a_new_address(make_account, signed_in, mailbox, client) -> None:
    """Whoever knew the old one may have asked for an address of his own."""
    account = make_account("auditor.one", Role.AUDITOR)
    form = {"email": "stranger@example.invalid", "password": PASSWORD}
    assert signed_in(account).post("/account/email", data=form).status_code == 303
    secret = secret_in(mailbox.only())
    changed = {"current": PASSWORD, "new": "another battery staple", "again": "another battery staple"}
    assert signed_in(account).post("/account", data=changed).status_code == 303
    assert client.post("/email", data={"secret": secret}).status_code == 422
    assert email_of(fresh(account)) == "auditor.one@example.invalid"


def test_what_is_no_address_is_explained(make_account, signed_in, mailbox) -> None:
    own = signed_in(make_account("auditor.one", Role.AUDITOR))
    answer = own.post("/account/email", data={"email": "no address", "password": PASSWORD})
    assert answer.status_code == 422
    assert mailbox.new() == []


def test_letters_come_in_the_accounts_language(make_account, signed_in, mailbox) -> None:
    account = make_account("auditor.one", Role.AUDITOR)
    own = signed_in(account)
    assert own.post("/account/language", data={"language": "en"}).status_code == 303
    assert own.post("/account/language", data={"language": "fr"}).status_code == 303
    assert fresh(account).language == "en"
    own.post("/account", data={"current": PASSWORD, "new": NEW})
    assert mailbox.only()["Subject"] == "Your Fugongtong account was changed"


def test_own_sessions_are_listed_and_the_others_ended(app: Flask, make_account) -> None:
    make_account("auditor.one", Role.AUDITOR)
    agent = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"
    here, there = reading_client(app), reading_client(app)
    enter(there, "auditor.one")
    here.environ_base["HTTP_USER_AGENT"] = agent
    enter(here, "auditor.one")
    page = here.get("/account").text
    assert "Firefox · Linux" in page
    assert page.count("本机") == 1
    assert here.post("/account/sessions").status_code == 303
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    assert "退出其他设备" not in here.get("/account").text


def test_guessing_the_password_at_an_open_browser_is_slowed_down(make_account, signed_in) -> None:
    own = signed_in(make_account("auditor.one", Role.AUDITOR))
    for _ in range(throttle.NAME.most):
        assert own.post("/account", data={"current": "wrong password", "new": NEW}).status_code == 422
    assert own.post("/account", data={"current": PASSWORD, "new": NEW}).status_code == 429


def test_each_is_one_record_of_the_audit_without_personal_data(client, make_account, mailbox) -> None:
    make_account("auditor.one", Role.AUDITOR)
    ask(client, "auditor.one")
    ask(client, "nobody.here")
    client.post("/reset", data={"secret": secret_in(mailbox.only()), "new": NEW})
    entries = audit.list_entries(before=None, action="", limit=3)
    assert [entry.action for entry in entries] == [
        "account.password_reset",
        "account.reset_asked",
        "account.reset_asked",
    ]
    assert not [entry for entry in entries if "example" in entry.detail or "nobody" in entry.detail]
