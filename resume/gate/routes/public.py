"""/v: what a pass says and whether it is good, for anybody with a phone."""

from __future__ import annotations

import time

from flask import current_app, request
from werkzeug.wrappers import Response

from resume import clock
from resume.gate.answer import ANYWHERE, answer_for
from resume.gate.routes import bp
from resume.gate.throttle import Window
from resume.gate.wording import for_anybody, language_of
from resume.people.masking import mask_name
from resume.web.access import open_to_everybody
from resume.web.language import current_language
from resume.web.pages import page

LIMIT, SECONDS = 30, 60


@bp.get("/v")
@open_to_everybody
def verify() -> Response:
    """The page a QR opens. What follows # never reaches the server's address: the page posts it."""
    return page("gate/verify.html", words=None)


@bp.post("/v")
@open_to_everybody
def verified() -> Response:
    """The answer. Numbers are not taken here: they could be counted through."""
    # remote_addr is the connection's own: a header that anybody can write is not asked.
    _window().count(request.remote_addr or "", at=time.monotonic())
    at = clock.now()
    checked = answer_for(request.form.get("token", ""), gate=ANYWHERE, at=at, by_number=False)
    claims = checked.answer.claims
    return page(
        "gate/verify.html",
        fragment="gate/_answer.html",
        words=for_anybody(checked.answer, language=language_of(current_language())),
        claims=claims,
        name="" if claims is None else mask_name(claims.payload.name),
        at=at,
    )


def _window() -> Window:
    window: Window = current_app.extensions.setdefault(
        "resume-verify-window", Window(limit=LIMIT, seconds=SECONDS)
    )
    return window
