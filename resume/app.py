"""The application, as a table of contents: settings, floors, slices."""

from __future__ import annotations

import secrets
from importlib import import_module

from flask import Flask

from resume.accounts.sessions import init_sessions, load_actor
from resume.db import init_db
from resume.home_clock import init_clock
from resume.settings import MAX_UPLOAD_BYTES, ROOT, Settings
from resume.web import init_web
from resume.web.access import init_access

#: Every slice that serves pages, from the street to the roof.
SLICES = (
    "accounts",
    "places",
    "firms",
    "plans",
    "roster",
    "applications",
    "passes",
    "intake",
    "review",
    "gate",
    "board",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application for one home. Raises what its settings raise; makes no files and no tables."""
    settings = settings or Settings.from_environment()
    app = Flask("resume", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=_web_secret(settings),
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        RESUME_SETTINGS=settings,
        RESUME_KEYS_FOLDER=str(settings.keys_folder),
    )
    init_db(app, settings)
    init_clock(app, settings)
    init_web(app, settings)
    init_sessions(app)
    init_access(app, load_actor)
    for slice_name in SLICES:
        app.register_blueprint(import_module(f"resume.{slice_name}.routes").bp)
    return app


def _web_secret(settings: Settings) -> str:
    """The key of cookies, made by `resume init`; a passing one where there is no home yet."""
    path = settings.keys_folder / "web-secret"
    return path.read_text() if path.exists() else secrets.token_hex(32)
