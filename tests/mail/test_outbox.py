"""Letters: queued with what caused them, written in the reader's language, out once."""

from __future__ import annotations

import email
import smtplib
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import lazy_gettext as _
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import update

from resume import jobs
from resume.db import reading, transaction
from resume.mail import letters
from resume.mail.letters import Letter, register
from resume.mail.models import Mail
from resume.mail.outbox import Outgoing, queue
from resume.settings import BadSetting, Settings

LETTER = Letter("try", _("您已退出"), "mail/try.txt")


@pytest.fixture(autouse=True)
def letter(app: Flask) -> Iterator[None]:
    register(LETTER)
    texts = DictLoader({"mail/try.txt": "{{ _('您已退出') }} {{ count }} {{ public_url }}/x"})
    app.jinja_env.loader = ChoiceLoader([texts, app.jinja_env.loader])
    yield
    letters._LETTERS.pop("try")


def outgoing(key: str = "1", **changes: object) -> Outgoing:
    return Outgoing(**{"kind": "try", "key": key, "to": "hr@example.invalid", "language": "zh_Hans",
                       "values": {"count": 3}, **changes})  # fmt: skip


def files(home: Path) -> list[EmailMessage]:
    return [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted((home / "mail").glob("*"))
    ]


def test_a_letter_becomes_a_file_in_its_readers_language(app: Flask, home: Path, at: datetime) -> None:
    with transaction():
        assert queue([outgoing("1"), outgoing("2", language="en")], real_at=at) == 2
    assert not (home / "mail").exists()
    assert jobs.work_once() == 2
    by_language = {message["Content-Language"]: message for message in files(home)}
    assert by_language["zh-Hans"]["Subject"] == "您已退出"
    assert by_language["zh-Hans"].get_content().splitlines() == ["您已退出 3 http://127.0.0.1:8000/x"]
    assert by_language["en"]["Subject"] == "You are signed out"
    assert by_language["en"]["To"] == "hr@example.invalid"
    assert {path.stat().st_mode & 0o777 for path in (home / "mail").iterdir()} == {0o600}


def test_the_same_letter_is_queued_once_and_forgotten_when_out(app: Flask, home: Path, at: datetime) -> None:
    with transaction():
        assert queue([outgoing(), outgoing()], real_at=at) == 1
    jobs.work_once()
    with transaction():
        assert queue([outgoing()], real_at=at) == 0
    mail = reading().query(Mail).one()
    assert (mail.sealed, mail.sent_at is None) == (None, False)
    assert jobs.work_once() == 0
    assert len(files(home)) == 1


def test_what_was_rolled_back_is_not_sent(app: Flask, home: Path, at: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        queue([outgoing()], real_at=at)
        raise ZeroDivisionError
    assert jobs.work_once() == 0


def test_a_server_that_is_away_is_asked_again(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[EmailMessage] = []
    is_away = [True]

    class Server:
        def __init__(self, host: str, port: int, timeout: float) -> None:
            if is_away[0]:
                raise ConnectionRefusedError
            assert (host, port) == ("mail.example.invalid", 2525)

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_error: object) -> None: ...
        def ehlo(self) -> None: ...
        def has_extn(self, _name: str) -> bool:
            return False

        def login(self, user: str, password: str) -> None:
            assert (user, password) == ("u@x", "p")

        def send_message(self, message: EmailMessage) -> None:
            sent.append(message)

    monkeypatch.setattr(smtplib, "SMTP", Server)
    app.config["RESUME_SETTINGS"] = Settings.from_environment(
        {
            "RESUME_MAIL_URL": "smtp://u%40x:p@mail.example.invalid:2525",
            "RESUME_MAIL_FROM": "r@example.invalid",
        }
    )
    with transaction():
        queue([outgoing()], real_at=at)
    jobs.work_once()
    assert reading().query(Mail).one().sent_at is None
    is_away[0] = False
    with transaction() as session:
        session.execute(update(jobs.Job).values(not_before=at))
    jobs.work_once()
    jobs.work_once()
    assert [message["From"] for message in sent] == ["r@example.invalid"]


def test_a_subject_cannot_be_split_into_headers(app: Flask) -> None:
    with pytest.raises(ValueError):
        letters.write(
            "try", {"count": 1}, to="a@b\nBcc: c@d", sender="r@e", language="en", message_id="<1@x>"
        )


def test_an_unknown_kind_is_a_mistake_at_once(app: Flask, at: datetime) -> None:
    with pytest.raises(KeyError), transaction():
        queue([outgoing(kind="nothing")], real_at=at)


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://a b", "smtp://x/y/z"])
def test_a_server_that_cannot_be_one_is_refused(url: str) -> None:
    with pytest.raises(BadSetting):
        Settings.from_environment({"RESUME_MAIL_URL": url})
