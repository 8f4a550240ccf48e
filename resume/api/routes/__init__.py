"""`/api/v1`, its OpenAPI document, and the administrator's pages of tokens."""

from __future__ import annotations

from apiflask import APIBlueprint

bp = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="resume")

from resume.api.routes import (  # noqa: E402, F401 - they put their views on `bp`
    admission,
    checks,
    document,
    errors,
    lists,
    records,
)
