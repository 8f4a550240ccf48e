"""A guard's phone with a camera and the demo's server, which a test may kill."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from resume.accounts.models import Account
from resume.db import reading
from tests.browser.conftest import home_of, sqlite_at
from tests.browser.gate.phone import GUARD, Phone, Server, bearers

PATIENCE = 60_000  # ms: of a test on a busy machine, not of a guard


@pytest.fixture(autouse=True, scope="module")
def _patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def server(loaded_demo: Path, demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("gate") / "home"
    shutil.copytree(loaded_demo, home)
    up = Server(sqlite_at(home, demo_url))
    up.start()
    yield up
    up.kill()


@pytest.fixture(scope="module")
def tokens(server: Server) -> list[str]:
    with home_of(server.environment):
        gate_id = reading().scalar(select(Account.gate_id).where(Account.name == GUARD))
    assert gate_id is not None
    found = bearers(server.environment, gate_id)
    assert len(found) >= 6
    return found


@pytest.fixture
def phone(server: Server, playwright: Playwright, tmp_path: Path) -> Iterator[Phone]:
    if server.process is None:
        server.start()
    held = Phone(playwright, tmp_path / "phone", server.url)
    yield held
    held.kill()
