"""Accounts that sign in as people do: names, passwords, codes, letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from resume import jobs
from resume.accounts import totp
from resume.accounts.models import Account, SecondFactor
from resume.accounts.operations import NewAccount, create_account, factor_steps
from resume.accounts.queries import get_account
from resume.clock import real_now
from resume.db import db, reading, transaction
from resume.firms.models import Firm
from resume.roles import CLI, Role
from tests.reading import reading_client

PASSWORD = "correct horse battery"
DISTRICT = "310115"


@pytest.fixture
def firm_id(app: Flask, at) -> int:
    with transaction() as session:
        firm = Firm(
            credit_code="91319999DEM0000017",
            name="虚构电驱动有限公司",
            short_name="虚构电驱",
            district_code=DISTRICT,
            created_at=at,
        )
        session.add(firm)
        session.flush()
        return firm.id


MakeAccount = Callable[..., Account]


@pytest.fixture
def make_account(app: Flask, at) -> MakeAccount:
    """`make_account("a.name", Role.HR, firm_id=1)`: an account with the password and an address."""

    def make(name: str, role: Role, *, address: str | None = None, **scope: object) -> Account:
        if role in (Role.REVIEWER, Role.SIGN_OFF):
            scope.setdefault("district_code", DISTRICT)
        email = address or f"{name}@example.invalid"
        new = NewAccount(name, f"演示 {name}", PASSWORD, role, email=email, **scope)
        return create_account(new, by=CLI, at=at, real_at=real_now())

    return make


@pytest.fixture
def with_factor(at) -> Callable[[Account], str]:
    """`with_factor(account)`: sets a second factor up; its secret."""

    def turn_on(account: Account) -> str:
        with transaction():
            factor_steps.begin(account)
            secret = factor_steps.pending_secret(account)
            assert secret is not None
            assert factor_steps.confirm(
                account, totp.code_at(secret, totp.step_at(real_now())), real_at=real_now()
            )
            account.factor.last_step = 0
        return secret

    return turn_on


def next_code(account: Account) -> str:
    """A code that was not used yet, whatever was used before."""
    now = totp.step_at(real_now())
    with transaction() as session:
        session.execute(
            update(SecondFactor).where(SecondFactor.account_id == account.id).values(last_step=now - 2)
        )
    secret = factor_steps.secret_of(fresh(account))
    assert secret is not None
    return totp.code_at(secret, now)


def fresh(account: Account) -> Account:
    """The account as it is stored now."""
    reading().expire_all()
    return get_account(account.id)


def enter(client: FlaskClient, name: str, password: str = PASSWORD):
    return client.post("/sign-in", data={"name": name, "password": password})


@pytest.fixture
def signed_in(app: Flask) -> Callable[..., FlaskClient]:
    """`signed_in(account)`: a reader who came in by password, and by a code where he has a factor."""

    def go(account: Account) -> FlaskClient:
        client = reading_client(app)
        answer = enter(client, account.name)
        if answer.location == "/sign-in/code":
            answer = client.post("/sign-in/code", data={"code": next_code(account)})
        assert answer.status_code == 303
        return client

    return go


class Mailbox:
    """The letters of a home, as the worker has written them."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "mail"
        self._read: set[Path] = set()

    def new(self) -> list[EmailMessage]:
        """Letters that were not read before."""
        while jobs.work_once():
            pass
        db.session.rollback()
        files = sorted(set(self._folder.glob("*.eml")) - self._read)
        self._read.update(files)
        return [message_from_bytes(path.read_bytes(), policy=default) for path in files]

    def only(self) -> EmailMessage:
        """The one new letter."""
        (letter,) = self.new()
        return letter


@pytest.fixture
def mailbox(app: Flask, home: Path) -> Mailbox:
    return Mailbox(home)


def secret_in(letter: EmailMessage) -> str:
    """The secret of the link of a letter."""
    found = re.search(r"http://127\.0\.0\.1:8000/\w+#(\S+)", letter.get_content())
    assert found, letter.get_content()
    return found[1]
