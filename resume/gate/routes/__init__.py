"""Pages of this slice: the guard's, the one for anybody, the administrator's."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("gate", __name__)

from resume.gate import duties  # noqa: E402, F401 - says what waits at the street's desk
from resume.gate.routes import (  # noqa: E402, F401 - they put their views on `bp`
    contradictions,
    desk,
    document,
    package,
    papers,
    photo,
    places,
    public,
    uploads,
    worker_script,
)
