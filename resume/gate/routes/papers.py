"""/verify: anybody hands in the PDF of a pass and is told which of its layers is genuine and which is not."""

from __future__ import annotations

import time

from flask import current_app, request
from werkzeug.wrappers import Response

from resume import clock
from resume.gate.answer import ANYWHERE
from resume.gate.forms import SheetForm
from resume.gate.routes import bp
from resume.gate.sheet_check import check_sheet
from resume.gate.sheet_words import shown_layers
from resume.gate.throttle import Window
from resume.gate.wording import for_anybody, language_of
from resume.passes.sheet.reading_child import read_in_child
from resume.people.masking import mask_name
from resume.web.access import open_to_everybody
from resume.web.language import current_language
from resume.web.pages import page

#: A file costs about a second of a process of its own: fewer than codes.
LIMIT, SECONDS = 6, 60


@bp.get("/verify")
@open_to_everybody
def verify_sheet() -> Response:
    """The form for a file."""
    return page("gate/verify_sheet.html", form=SheetForm(formdata=None), words=None)


@bp.post("/verify")
@open_to_everybody
def verified_sheet() -> Response:
    """Layer by layer what the file is, then whether the pass it shows is good. Nothing of it is kept."""
    form = SheetForm()
    if not form.validate():
        return page("gate/verify_sheet.html", status=422, form=form, words=None)
    _window().count(request.remote_addr or "", at=time.monotonic())
    at = clock.now()
    checked = check_sheet(form.file.data.read(), gate=ANYWHERE, at=at, read=read_in_child)
    return page(
        "gate/verify_sheet.html",
        form=SheetForm(formdata=None),
        words=for_anybody(checked.answer, language=language_of(current_language())),
        layers=shown_layers(checked.layers),
        claims=checked.claims,
        name="" if checked.claims is None else mask_name(checked.claims.payload.name),
        at=at,
    )


def _window() -> Window:
    window: Window = current_app.extensions.setdefault(
        "resume-sheet-window", Window(limit=LIMIT, seconds=SECONDS)
    )
    return window
