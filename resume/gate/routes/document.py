"""/gate/document: who has no pass at hand, or needs none, is looked up by his document; on line only."""

from __future__ import annotations

import time

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.credential.views import Verdict
from resume.db import new_id
from resume.gate.display import shown
from resume.gate.forms import DocumentForm, read_nonce
from resume.gate.lane_cookie import asked_lane, keep_lane
from resume.gate.lanes import LEAVE, lanes_of
from resume.gate.operations.lookups import look_up
from resume.gate.routes import bp
from resume.gate.throttle import Window, subject_of
from resume.gate.wording import language_of
from resume.places.queries import get_gate
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.headers import allow_wasm
from resume.web.language import current_language
from resume.web.pages import page

#: Of one gate and address; a look-up that found nothing good counts as many as FAILURE more.
LIMIT, SECONDS, FAILURE = 20, 60, 3


@bp.get("/gate/document")
@open_to(Role.GUARD)
def document() -> Response:
    """The form: type and number of the document, the lane, and what the guard saw on paper."""
    return _form(DocumentForm(formdata=None))


@bp.post("/gate/document")
@open_to(Role.GUARD)
@allow_wasm
def looked_up() -> Response:
    """The verdict. The number is in the body alone, and no answer repeats it."""
    actor = current_actor()
    subject, now = f"{actor.gate_id} {subject_of(request.remote_addr or '')}", time.monotonic()
    _window().count(subject, at=now)
    at, form = clock.now(), DocumentForm()
    found = form.read(at=at) if form.validate() else None
    if found is None:
        return _form(form, status=422)
    result = look_up(
        found,
        lane=asked_lane(),
        has_consent=bool(form.has_consent.data),
        nonce=read_nonce(request.form),
        by=actor,
        at=at,
    )
    if result.answer.verdict is not Verdict.GREEN:
        _window().charge(subject, FAILURE, at=now)
    screen = shown(result, language=language_of(current_language()))
    return keep_lane(page("gate/check.html", fragment="gate/_desk.html", shown=screen), screen.direction)


def _form(form: DocumentForm, *, status: int = 200) -> Response:
    gate_id = current_actor().gate_id
    assert gate_id is not None
    lanes = lanes_of(get_gate(gate_id), at=clock.now())
    return page(
        "gate/document.html",
        status=status,
        form=form,
        nonce=new_id(),
        lanes=lanes,
        chosen_lane=asked_lane() or lanes[0].direction,
        wants_consent=any(lane.profile == LEAVE for lane in lanes),
        title=_("证件查验"),
    )


def _window() -> Window:
    window: Window = current_app.extensions.setdefault(
        "resume-document-window", Window(limit=LIMIT, seconds=SECONDS)
    )
    return window
