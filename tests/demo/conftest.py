"""A small demo city, loaded once on each database for all tests of this folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from resume import clock
from resume.app import create_app
from resume.clock import real_now
from resume.db import db
from resume.demo import load_demo
from resume.settings import Settings
from tests import postgres

SCALE = 0.02


@dataclass(frozen=True)
class Loaded:
    """The application of a loaded home, and what the load printed."""

    app: Flask
    home: Path
    lines: list[str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, keys: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(keys, home / "keys")
    is_sqlite = request.param == "sqlite"
    url = postgres.fresh_sqlite(home) if is_sqlite else postgres.fresh_database()
    app = create_app(Settings.from_environment({"RESUME_HOME": str(home), "RESUME_DATABASE_URL": url}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield Loaded(app, home, list(load_demo(SCALE, progress=lambda _line: None)))
        db.session.remove()
        db.engine.dispose()
    clock.use_source(real_now)
    if not is_sqlite:
        postgres.drop_database(url)
