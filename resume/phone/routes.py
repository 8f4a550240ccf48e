"""`/p`: the pass on its bearer's phone, for whoever has his own link. No address of it names anybody.

What is posted here brings its own secret, and no cookie counts: neither session nor CSRF token is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from resume import clock
from resume.credential.base32 import to_base32
from resume.disclosure.ticket import key_of_ticket
from resume.gate.throttle import Window
from resume.phone.forms import BadRequest, read_token, read_wish
from resume.phone.operations import put_on_phone
from resume.phone.queries import NotOfHere, PhonePass, PhoneState, carried, get_by_token, state_of
from resume.phone.shell import worker_script
from resume.refusals import Refusal, TooMany
from resume.settings import Settings
from resume.web.access import open_to_everybody
from resume.web.pages import page

bp = Blueprint("phone", __name__)
#: Tokens that are none of ours, from one address.
_WRONG, _SECONDS = 30, 60


@bp.record_once
def _exempt(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(bp)


def _explained(view: Callable[[], Response]) -> Callable[[], Response]:
    """A refusal as JSON: the page shows its words where the person is."""

    @wraps(view)
    def answer() -> Response:
        try:
            return view()
        except Refusal as refusal:
            said = {"code": refusal.code, "message": str(refusal.message), "advice": str(refusal.advice)}
            response = jsonify(refused=said, server_time=_seconds(clock.now()))
            response.status_code = refusal.status
            if isinstance(refusal, TooMany):
                response.headers["Retry-After"] = str(refusal.retry_after)
            return response

    return answer


@bp.get("/p")
@open_to_everybody
def show() -> Response:
    """The page: the same for everybody; what it shows is on the phone alone."""
    return page("phone/show.html")


@bp.post("/p")
@open_to_everybody
@_explained
def put() -> Response:
    """Put the pass on this phone."""
    wish, at, real_at = read_wish(_body()), clock.now(), clock.real_now()
    found = put_on_phone(
        key_of_ticket(wish.typed, real_at=real_at) or wish.typed,
        wish.last_four,
        wish.phone_key,
        address=request.remote_addr or "",
        at=at,
        real_at=real_at,
    )
    return jsonify(**_pass(carried(found)), state=_state(state_of(found, at=at)), server_time=_seconds(at))


@bp.post("/p/state")
@open_to_everybody
@_explained
def state() -> Response:
    """Where the pass stands now, and what time it is."""
    at = clock.now()
    try:
        found = get_by_token(read_token(_body()))
    except NotOfHere:
        _window().count(request.remote_addr or "", at=time.monotonic())
        raise
    return jsonify(state=_state(state_of(found, at=at)), server_time=_seconds(at))


@bp.get("/p/worker.js")
@open_to_everybody
def worker() -> Response:
    """The service worker: it may keep `/p`, which is above its own address."""
    response = Response(worker_script(), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/p"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _body() -> object:
    """Only JSON as such: no form of another site can send it."""
    if request.mimetype != "application/json":
        raise BadRequest
    return request.get_json(silent=True)


def _pass(carried_one: PhonePass) -> dict[str, Any]:
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    claims, payload = carried_one.claims, carried_one.claims.payload
    return {
        "prefix": f"{settings.public_url.rstrip('/')}/v#",
        "token": to_base32(carried_one.token),
        "cti": claims.cti.hex(),
        "facts": {
            "number": payload.number,
            "name": payload.name,
            "last_four": payload.last_four,
            "firm": payload.firm,
            "origin": payload.origin_name,
            "destination": payload.destination_name,
            "good_until": _seconds(payload.good_until),
            "expires_at": _seconds(claims.exp),
        },
    }


def _state(found: PhoneState) -> dict[str, Any]:
    return {
        "word": found.word,
        "now_on": found.now_on,
        "out_at": None if found.out_at is None else _seconds(found.out_at),
        "in_at": None if found.in_at is None else _seconds(found.in_at),
    }


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _window() -> Window:
    window: Window = current_app.extensions.setdefault(
        "resume-phone-window", Window(limit=_WRONG, seconds=_SECONDS)
    )
    return window
