"""Pages of this slice: the guard's, the one for anybody, the administrator's."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("gate", __name__)

from resume.gate.routes import (  # noqa: E402 - they put their views on `bp`
    contradictions,  # noqa: F401
    desk,  # noqa: F401
    document,  # noqa: F401
    papers,  # noqa: F401
    photo,  # noqa: F401
    places,  # noqa: F401
    public,  # noqa: F401
    uploads,  # noqa: F401
)
