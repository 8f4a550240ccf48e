"""What every test may ask for: a home, an application on each database, a moment, signed-in readers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Playwright, sync_playwright
from sqlalchemy import event

from resume import clock
from resume.accounts import sessions
from resume.accounts.lifecycle import REQUIRED
from resume.accounts.models import Account, SecondFactor
from resume.app import create_app
from resume.clock import SHANGHAI, real_now
from resume.db import db, transaction
from resume.devices.codes import codes_of
from resume.devices.operations import enrol, offer
from resume.home import make_keys
from resume.roles import CLI, Role
from resume.settings import Settings
from tests import postgres
from tests.reading import reading_client

#: The second at which the tests live: the demo city's morning.
AT = datetime(2022, 4, 22, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of a home, made once: every test's home gets a copy."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    make_keys(folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, keys: Path) -> Path:
    """A home with keys, without a database."""
    folder = tmp_path / "home"
    shutil.copytree(keys, folder / "keys")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """A migrated, empty database: each test that asks runs once on each engine."""
    if request.param == "sqlite":
        yield postgres.fresh_sqlite(home)
    else:
        url = postgres.fresh_database()
        yield url
        postgres.drop_database(url)


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    """Settings of the test's home, its clock fixed at AT."""
    environment = {
        "RESUME_HOME": str(home),
        "RESUME_DATABASE_URL": database_url,
        "RESUME_CLOCK": AT.isoformat(),
    }
    return Settings.from_environment(environment)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application inside its context; its connections are let go at the end."""
    application = create_app(settings)
    application.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()
    clock.use_source(real_now)


@pytest.fixture
def at() -> datetime:
    """The moment that doors are told of."""
    return AT


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor whose every page is read (tests/reading.py)."""
    return reading_client(app)


SignIn = Callable[..., FlaskClient]


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """`sign_in(Role.HR, firm_id=1)`: a reader of that role and scope, signed in; pages are read.

    Who needs a second factor has one, of which no secret is known; his session is one that came through it.
    """
    count = iter(range(1, 1000))

    def enter(role: Role, **scope: object) -> FlaskClient:
        name = f"{role.value}-{next(count)}"
        with transaction() as session:
            account = Account(
                name=name,
                display_name=name,
                password_hash="-",
                role=role.value,
                created_at=real_now(),
                **scope,
            )
            if role in REQUIRED:
                account.factor = SecondFactor(last_step=0, confirmed_at=real_now())
            session.add(account)
            session.flush()
            secret = sessions.begin_session(account, at=real_now())
        reader = reading_client(app)
        with reader.session_transaction() as cookie:
            cookie["_user_id"] = secret
        reader.account = account  # type: ignore[attr-defined]
        return reader

    return enter


@pytest.fixture
def as_device(app: Flask) -> Callable[[int], FlaskClient]:
    """`as_device(gate_id)`: a phone that is enrolled for a gate; pages are read. Its row is `.device`."""

    def enter(gate_id: int) -> FlaskClient:
        real_at = real_now()
        made = offer(gate_id, by=CLI, at=AT, real_at=real_at)
        codes = codes_of(made)
        assert codes is not None
        device, token = enrol(codes.secret, address="", agent="Chrome · Android", at=AT, real_at=real_at)
        phone = reading_client(app)
        phone.set_cookie("device", token)
        phone.device = device  # type: ignore[attr-defined]
        return phone

    return enter


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement sent while the test runs, in order; `clear()` it before what is counted."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The one Playwright of a module: its event loop must be gone before others run theirs."""
    with sync_playwright() as started:
        yield started
