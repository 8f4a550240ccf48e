"""The lane that this browser stands at: sent with each form, and remembered for the next page.

A guard stands at one lane for a shift. The cookie says out or in and nothing else, and goes to /gate alone.
"""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response

PATH = "/gate"
_SHIFT = 12 * 3600  # seconds


def asked_lane() -> str:
    """The direction that the form or the address names, else the one remembered; empty: the usual one."""
    asked = request.values.get("lane") or request.cookies.get(_name(), "")
    return asked if asked in ("out", "in") else ""


def keep_lane(response: Response, direction: str) -> Response:
    """Remember the lane for a shift."""
    response.set_cookie(
        _name(),
        direction,
        max_age=_SHIFT,
        path=PATH,
        secure=bool(current_app.config.get("IS_HTTPS")),
        httponly=True,
        samesite="Strict",
    )
    return response


def _name() -> str:
    return "__Secure-lane" if current_app.config.get("IS_HTTPS") else "lane"
