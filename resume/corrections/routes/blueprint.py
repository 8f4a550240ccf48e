"""The blueprint, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.corrections import operations, queries
from resume.corrections.forms import CorrectionForm
from resume.corrections.kinds import Correctable
from resume.places.search import find_place
from resume.web.access import current_actor
from resume.web.pages import page, saved

bp = Blueprint("corrections", __name__)


def asked_search() -> str:
    """What the reader looks for."""
    return request.args.get("q", "").replace("\x00", "").strip()[:120]


def buildings_at(search: str) -> list[int]:
    """The building that a place code or an address means, as a list of at most one."""
    found = find_place(search) if search else None
    return [found.building.id] if found is not None and found.building is not None else []


def ask(template: str, form: CorrectionForm, subject: str, **context: Any) -> Response:
    """The page of a correction's form; an open correction of the same thing is shown instead of the form."""
    return page(
        template,
        status=422 if form.errors else 200,
        form=form,
        open_one=queries.find_open(subject),
        **context,
    )


def propose(wanted: Correctable, form: CorrectionForm) -> Response:
    """Store the proposal and show it with its difference."""
    correction = operations.propose(
        wanted, reference=form.reference.data or "", by=current_actor(), at=clock.now()
    )
    message = _("已提出，等待另一位专员确认；确认前不生效")
    return saved(to=url_for("corrections.show", correction_id=correction.id), message=message)
