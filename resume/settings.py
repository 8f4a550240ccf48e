"""Settings: read once from the environment, then handed down as a value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from resume.clock import parse_time

ROOT = Path(__file__).resolve().parent.parent
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAIL_FROM = "resume@localhost"


class BadSetting(ValueError):
    """A setting of the environment cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the home is, which database, which public address, and whether the clock is fixed.

    `home` holds database, keys and files. `fixed_clock` (RESUME_CLOCK) fixes the time of one command.
    `mail_url` is smtp:// or smtps:// with the server's name; empty: letters are files in the home.
    """

    home: Path
    database_url: str
    public_url: str
    fixed_clock: datetime | None = None
    mail_url: str = ""
    mail_from: str = MAIL_FROM

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read RESUME_HOME, RESUME_DATABASE_URL, RESUME_PUBLIC_URL, RESUME_CLOCK and RESUME_MAIL_*.

        Raises BadSetting where one of them is not usable.
        """
        values = os.environ if environment is None else environment
        home = Path(values.get("RESUME_HOME") or ROOT / "instance").expanduser().resolve()
        return cls(
            home=home,
            database_url=_database_url(values.get("RESUME_DATABASE_URL", ""), home),
            public_url=_public_url(values.get("RESUME_PUBLIC_URL") or "http://127.0.0.1:8000"),
            fixed_clock=_fixed_clock(values.get("RESUME_CLOCK", "")),
            mail_url=_mail_url(values.get("RESUME_MAIL_URL", "")),
            mail_from=values.get("RESUME_MAIL_FROM") or MAIL_FROM,
        )

    @property
    def keys_folder(self) -> Path:
        return self.home / "keys"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


def _database_url(text: str, home: Path) -> str:
    """SQLite in the home unless a PostgreSQL database is named; drivers are ours to choose."""
    if not text:
        return f"sqlite+pysqlite:///{home / 'resume.sqlite'}"
    if match := re.match(r"^postgres(?:ql)?(?:\+\w+)?://", text):
        return "postgresql+psycopg://" + text[match.end() :]
    if text.startswith("sqlite"):
        return re.sub(r"^sqlite(?:\+\w+)?:", "sqlite+pysqlite:", text)
    raise BadSetting(f"RESUME_DATABASE_URL: neither postgresql:// nor sqlite:// ({text.split(':', 1)[0]})")


def _public_url(text: str) -> str:
    if not re.match(r"^https?://[^\s#?]+$", text):
        raise BadSetting("RESUME_PUBLIC_URL: not an http(s) address")
    return text.rstrip("/")


def _fixed_clock(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise BadSetting(f"RESUME_CLOCK: {error}") from None


def _mail_url(text: str) -> str:
    if text and not re.match(r"^smtps?://[^\s/]+/?$", text):
        raise BadSetting("RESUME_MAIL_URL: neither smtp:// nor smtps:// with a server")
    return text
