"""HTTP that is no slice's own: pages and fragments, language, headers, errors, the request log."""

from __future__ import annotations

from flask import Flask

from resume.settings import ROOT, Settings
from resume.web.control_text import init_control_text
from resume.web.dates import init_dates
from resume.web.errors import init_errors
from resume.web.fields import init_forms
from resume.web.headers import configure_cookies, init_headers
from resume.web.language import init_language
from resume.web.layout import init_layout
from resume.web.pages import init_pages
from resume.web.request_log import init_request_log


def init_web(app: Flask, settings: Settings) -> None:
    """The web floor on an application. after_request runs backwards: the log, first here, sees the end."""
    configure_cookies(app, https=settings.is_https)
    init_request_log(app)
    init_headers(app)
    init_language(app, ROOT / "translations")
    init_control_text(app)
    init_forms(app)
    init_pages(app)
    init_dates(app)
    init_layout(app)
    init_errors(app)
