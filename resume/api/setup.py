"""What the application is told of the machine interface when it is made."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from flask.json.provider import DefaultJSONProvider
from pydantic_core import from_json

from resume.api.problems import write_problem
from resume.api.routes import bp
from resume.api.routes.document import SETTINGS
from resume.web.errors import write_errors_under


class StrictJson(DefaultJSONProvider):
    """JSON as the standard has it: no NaN, and nesting without end is an error, not a crash."""

    ensure_ascii = False

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """The value; ValueError for what is no JSON."""
        return from_json(s, allow_inf_nan=False)


def init_api(app: APIFlask) -> None:
    """Put `/api/v1` into the application: no CSRF there (no cookie is read), errors as problems."""
    app.json = StrictJson(app)
    app.config.update(SETTINGS)
    app.extensions["csrf"].exempt(bp)
    write_errors_under(app, "/api/", write_problem)
    app.register_blueprint(bp)
