"""Pages of this slice: the guard's, the one for anybody, the administrator's."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("gate", __name__)

from resume.gate.routes import desk, package, places, public, worker_script  # noqa: E402, F401 - views of `bp`
