"""Pages of this slice: the street's desk, refusals, gates that refuse often, medical exits; the guard's."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("escalations", __name__)

from resume.escalations.routes import at_gate, cases, desk  # noqa: E402, F401 - they put their views on `bp`
