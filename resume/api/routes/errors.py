"""Errors of shape, which APIFlask finds, as problems of ours."""

from __future__ import annotations

from apiflask.exceptions import HTTPError
from pydantic import ValidationError
from werkzeug.wrappers import Response

from resume.api.problems import BadShape, write_bad_shape
from resume.api.routes import bp
from resume.api.routes.admission import KeyMissing
from resume.web.errors import refused
from resume.web.request_log import log


@bp.errorhandler(HTTPError)
def bad_shape(error: HTTPError) -> Response:
    """A body or a header that is not as its shape says."""
    if "headers" in error.detail:
        return refused(KeyMissing())
    cause = error.__cause__
    assert isinstance(cause, ValidationError)  # nothing else of APIFlask raises here
    found = cause.errors(include_url=False, include_context=False, include_input=False)
    refusal = BadShape(found)
    log.info("refused", code=refusal.code, status=refusal.status)
    return write_bad_shape(refusal)
