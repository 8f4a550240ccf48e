"""A real server and a real browser: `resume run` on a home of its own, and Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from resume import clock
from resume.app import create_app
from resume.db import db, transaction
from resume.demo import load_demo
from resume.home import make_home, settle_home
from resume.home_clock import set_clock
from resume.settings import Settings
from tests import postgres
from tests.conftest import AT

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 180
SCALE = 0.02


@dataclass
class Served:
    """A home that is served at `url`; `environment` is what its commands need."""

    home: Path
    url: str
    environment: dict[str, str]

    def command(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run `resume ...` for this home; its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "resume", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode in codes, done.stderr
        return done.stdout


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path: Path, keys: Path) -> Iterator[Served]:
    """An empty home whose clock begins at AT, served by `resume run`."""
    home = tmp_path / "home"
    shutil.copytree(keys, home / "keys")
    port = free_port()
    environment = {
        **os.environ,
        "RESUME_HOME": str(home),
        "RESUME_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RESUME_DATABASE_URL": postgres.fresh_database() if request.param == "postgresql" else "",
    }
    environment.pop("RESUME_CLOCK", None)
    with home_of(environment):
        settle_home(make_home(), at=AT)
        with transaction() as session:
            set_clock(session, start=AT)
    try:
        with serving(home, environment) as up:
            yield up
    finally:
        if environment["RESUME_DATABASE_URL"]:
            postgres.drop_database(environment["RESUME_DATABASE_URL"])


@contextmanager
def serving(home: Path, environment: dict[str, str]) -> Iterator[Served]:
    """`resume run` for a prepared home, at its RESUME_PUBLIC_URL; its log is beside the home."""
    url = environment["RESUME_PUBLIC_URL"]
    with (home.parent / "server.log").open("w") as log:
        command = [sys.executable, "-m", "resume", "run"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_until_up(url, process)
            yield Served(home, url, environment)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


@contextmanager
def home_of(environment: dict[str, str]) -> Iterator[None]:
    """The home's database, looked into from beside its server."""
    app = create_app(Settings.from_environment(environment))
    try:
        with app.app_context():
            yield
            db.session.remove()
            db.engine.dispose()
    finally:
        clock.use_source(clock.real_now)


@pytest.fixture(scope="session")
def demo_url() -> str:
    """The address of the demo city: its passes name the status lists by it, so it is served nowhere else."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="session")
def loaded_demo(keys: Path, demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small demo city on SQLite, with cases at every stage; copied, never served itself."""
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(keys, home / "keys")
    with home_of(sqlite_at(home, demo_url)):
        list(load_demo(SCALE, progress=lambda _line: None))
    return home


@pytest.fixture(scope="module")
def demo(loaded_demo: Path, demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo city, served, for all tests of one file."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(loaded_demo, home)
    with serving(home, sqlite_at(home, demo_url)) as up:
        yield up


def sqlite_at(home: Path, url: str) -> dict[str, str]:
    """The environment of a home on SQLite, served at `url`."""
    environment = {
        **os.environ,
        "RESUME_HOME": str(home),
        "RESUME_PUBLIC_URL": url,
        "RESUME_DATABASE_URL": "",
    }
    environment.pop("RESUME_CLOCK", None)
    return environment


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not come up")


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the module; each reader is a context of its own."""
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, headless=True)
    yield launched
    launched.close()
