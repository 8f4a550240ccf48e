"""A home: the folder of keys and files, and the database behind it. `resume init` makes it."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import lazy_gettext as _
from flask_migrate import upgrade
from sqlalchemy import inspect

from resume import audit, sealing
from resume.clock import real_now
from resume.db import db, transaction
from resume.evidence.conflicts import note_all_conflicts
from resume.evidence.models import Watermark
from resume.passes import authority
from resume.passes.keys import register_keys
from resume.places.register import fill_index
from resume.refusals import Unavailable
from resume.roles import CLI
from resume.settings import ROOT, Settings

WEB_SECRET = "web-secret"  # noqa: S105 - a file's name


def make_keys(folder: Path) -> list[str]:
    """Make what is missing of data keys, the cookies' secret and the demo authority; what was made."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    if sealing.make_keys(folder):
        made.append("data keys")
    if _make_secret(folder / WEB_SECRET):
        made.append("web secret")
    if not authority.is_made(folder):
        authority.make_authority(folder, at=real_now())
        made.append("demo authority")
    return made


def make_home() -> list[str]:
    """Make or upgrade folder, keys and database of the running application's home; what was made, in words.

    Safe to repeat. `settle_home` follows, once there is a database that can say what time it is.
    """
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = make_keys(settings.keys_folder)
    if upgrade_database():
        made.append("database")
    return made


def settle_home(made: list[str], *, at: datetime) -> None:
    """Put what a home's database must know from the start into it: its keys, the watermark, and what an older
    version did not keep."""
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    with transaction() as session:
        if session.get(Watermark, 1) is None:
            session.add(Watermark(id=1, value=0))
        fill_index()
        if "database" in made:
            note_all_conflicts(at=at)
        if register_keys(settings.keys_folder, at=at):
            audit.record("home.made", "home", by=CLI, at=at, made=made)


def upgrade_database() -> bool:
    """Bring the database to the newest revision; whether anything changed."""
    before = _revision()
    upgrade(directory=str(ROOT / "migrations"))
    return _revision() != before


def _revision() -> str | None:
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return revision


def _make_secret(path: Path) -> bool:
    if path.exists():
        return False
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return True


class NoHome(Unavailable):
    """There is no home here, or one of an older version."""

    code = "no_home"
    message = _("这里还没有建立系统，或数据库版本较旧（no home here, or an older one）")
    advice = _("请先运行 resume init")


def require_home() -> None:
    """Raise NoHome unless keys are there and the database is at the newest revision."""
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    if not (settings.keys_folder / sealing.KEY_FILE).exists() or _revision() != newest:
        raise NoHome
