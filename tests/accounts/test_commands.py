"""Commands of accounts, and that nothing of a demo is told elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

from resume.accounts.models import Account
from resume.accounts.queries import find_by_name
from resume.db import db, reading
from resume.home import settle_home
from resume.roles import Role
from resume.settings import Settings
from tests.accounts.conftest import PASSWORD, enter, fresh


def run(app: Flask, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings: Settings = app.config["RESUME_SETTINGS"]
    environment = {
        **os.environ,
        "RESUME_HOME": str(settings.home),
        "RESUME_DATABASE_URL": settings.database_url,
    }
    db.session.rollback()
    command = [sys.executable, "-m", "resume", *arguments]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=120)


def test_the_first_administrator_sets_his_factor_up_when_he_signs_in(app: Flask, client, at) -> None:
    settle_home([], at=at)
    made = run(app, "admin", "create", "root.one", "--password", PASSWORD)
    assert made.returncode == 0
    assert "second factor" in made.stdout
    assert enter(client, "root.one").location == "/sign-in/second-factor"


def test_a_lost_factor_is_cleared_from_the_command_line(app: Flask, make_account, with_factor, at) -> None:
    settle_home([], at=at)
    account = make_account("root.one", Role.ADMINISTRATOR)
    with_factor(account)
    assert run(app, "admin", "reset-factor", "root.one").returncode == 0
    assert not fresh(account).has_second_factor
    assert run(app, "admin", "reset-factor", "root.one").returncode == 2
    assert run(app, "admin", "reset-factor", "nobody.here").returncode == 2


def test_no_codes_are_told_in_a_home_that_is_no_demo(app: Flask, make_account, with_factor, at) -> None:
    settle_home([], at=at)
    with_factor(make_account("root.one", Role.ADMINISTRATOR))
    told = run(app, "demo", "codes")
    assert (told.returncode, told.stdout) == (2, "")
    assert reading().query(Account).count() == 1
    assert find_by_name("root.one") is not None
