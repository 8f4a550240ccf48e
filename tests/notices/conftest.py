"""Those who are told: HR accounts with addresses, a case that waits for its signature."""

from __future__ import annotations

import email
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from resume import jobs
from resume.accounts.emails import set_email
from resume.accounts.models import Account
from resume.clock import real_now
from resume.db import new_id, reading, transaction
from resume.notices.models import Notice
from resume.roles import Actor, Role
from tests.passes.conftest import city_of

__all__ = ["city_of"]

OpenAccount = Callable[..., Actor]
ReadLetters = Callable[[], list[EmailMessage]]


@pytest.fixture
def open_account(app: Flask) -> OpenAccount:
    """`open_account(Role.HR, firm_id=1, email="a@example.invalid")`: the actor of a new account."""
    count = iter(range(1, 1000))

    def make(
        role: Role,
        *,
        email: str | None = None,
        language: str = "zh_Hans",
        disabled: bool = False,
        **scope: object,
    ) -> Actor:
        actor = replace(Actor(f"{role.value}-told-{next(count)}", role, new_id()), **scope)  # type: ignore[arg-type]
        assert actor.account_id is not None
        with transaction() as session:
            account = Account(
                id=actor.account_id,
                name=actor.name,
                display_name=actor.name,
                password_hash="-",
                role=role.value,
                language=language,
                is_disabled=disabled,
                created_at=real_now(),
                **scope,
            )
            set_email(account, email)
            session.add(account)
        return actor

    return make


def notices_of(actor: Actor) -> list[Notice]:
    """What somebody was told, in order."""
    reading().rollback()
    query = select(Notice).where(Notice.account_id == actor.account_id)
    return list(reading().scalars(query.order_by(Notice.at, Notice.kind, Notice.key)))


def kinds_of(actor: Actor) -> list[str]:
    return [notice.kind for notice in notices_of(actor)]


@pytest.fixture
def letters(app: Flask, home: Path) -> ReadLetters:
    """`letters()`: let the worker do what is due; every letter that is out, by address."""

    def read() -> list[EmailMessage]:
        while jobs.work_once():
            pass
        files = sorted((home / "mail").glob("*.eml"))
        found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in files]
        return sorted(found, key=lambda one: (one["To"], one["Subject"]))

    return read
