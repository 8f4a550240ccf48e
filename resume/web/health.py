"""Is the service well? For the balancer and for `resume run`: the database answers, and in how long."""

from __future__ import annotations

from time import perf_counter

from flask import Blueprint, Response, jsonify
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from resume.db import reading
from resume.web.access import open_to_everybody

bp = Blueprint("health", __name__)


@bp.get("/health")
@open_to_everybody
def health() -> Response:
    """200 and the database's answer time in milliseconds, or 503."""
    started = perf_counter()
    try:
        reading().execute(select(1))
    except SQLAlchemyError:
        response = jsonify(status="unavailable", database=None)
        response.status_code = 503
        return response
    return jsonify(status="ok", database_ms=round((perf_counter() - started) * 1000, 1))
