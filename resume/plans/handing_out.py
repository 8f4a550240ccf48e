"""A plan as a printed paper and its attachments, handed out to its firm and to its reviewers."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO

from flask import render_template, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume.plans.attached import content_of
from resume.plans.models import Attachment
from resume.plans.queries import PlanView
from resume.plans.sections.sources import source_titles
from resume.printing import printer
from resume.settings import ROOT

_CSS = ROOT / "static/plan.css"


def print_plan(plan: PlanView, *, at: datetime) -> bytes:
    """The PDF of a version: every section, its checks, the loop, the attachments with their SHA-256.

    In the reader's language; `at` is printed as the moment of printing.
    """
    html = render_template("plans/paper.html", plan=plan, printed_at=at, source_titles=source_titles)
    return printer(_CSS).pdf(html, identifier=hashlib.sha256(html.encode()).digest()[:16])


def send_plan(plan: PlanView, *, at: datetime) -> Response:
    """The printed plan, to be saved under a name that says its version and nothing more."""
    number = plan.version.number if plan.version else 0
    name = _("复工方案第%(number)s版", number=number) + ".pdf"
    return _sent(print_plan(plan, at=at), "application/pdf", name)


def send_attachment(found: Attachment) -> Response:
    """A file as it is kept, to be saved: never shown as a page of ours."""
    return _sent(content_of(found), found.media_type, found.file_name)


def _sent(data: bytes, media_type: str, name: str) -> Response:
    response = send_file(BytesIO(data), mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"  # send_file says no-cache
    return response
