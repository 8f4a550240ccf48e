"""The OpenAPI 3.1 document: made from the views and shapes, open to everybody, since it holds no data."""

from __future__ import annotations

from typing import Any, cast

from apiflask import APIFlask
from flask import Response, current_app, jsonify

from resume.api.answers import Problem
from resume.api.problems import PROBLEM
from resume.api.routes import bp
from resume.api.routes.admission import without_token

ABOUT = (
    "Laboratories, firms' HR systems and gate devices send and ask here with a bearer token. "
    "Columns and values are those of the published formats; times carry an offset. "
    "Every error is application/problem+json."
)
SETTINGS = {
    "OPENAPI_VERSION": "3.1.0",
    "SERVERS": [{"url": "/"}],
    "DESCRIPTION": ABOUT,
    "SECURITY_SCHEMES": {"token": {"type": "http", "scheme": "bearer"}},
    # Our own problems are documented instead of APIFlask's errors.
    "AUTO_VALIDATION_ERROR_RESPONSE": False,
    "AUTO_AUTH_ERROR_RESPONSE": False,
    "AUTO_404_RESPONSE": False,
}

_RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}, "required": True}}
_REPLAYED = {
    "Idempotent-Replayed": {"schema": {"const": "true"}, "description": "There where the answer was kept."}
}
_IDS = {"intake_id": {"minimum": 1, "maximum": 2**31 - 1}, "list_id": {"format": "uuid"}}
_SAID = {
    400: "Not JSON, or no usable Idempotency-Key.",
    401: "No live token.",
    403: "The token has no such scope.",
    404: "There is no such record, or it is not this token's.",
    409: "The key was given to another request, or something changed meanwhile.",
    413: "Larger than 20 MB.",
    415: "Not application/json.",
    422: "JSON of another shape than asked for; `errors` says where.",
    429: "Too many requests of this token.",
    503: "Not now; nothing was changed.",
}


def _problems(*statuses: int) -> dict[int, dict[str, Any]]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _SAID[status], "content": content}
        | ({"headers": _RETRY_AFTER} if status == 429 else {})
        for status in statuses
    }


#: What `bp.doc` is told of views that write, ask with a body, and read.
WRITING: dict[str, Any] = {
    "security": "token",
    "responses": _problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
}
ASKING: dict[str, Any] = {
    "security": "token",
    "responses": _problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
}
READING: dict[str, Any] = {"security": "token", "responses": _problems(401, 403, 404, 429, 503)}


@bp.get("/openapi.json")
@without_token
@bp.doc(hide=True)
def openapi() -> Response:
    """This interface, described."""
    kept: dict[str, Any] = current_app.extensions.setdefault("resume-openapi", {})
    if not kept:
        kept |= described(cast(APIFlask, current_app))
    return jsonify(kept)


def described(app: APIFlask) -> dict[str, Any]:
    """The document of the machine interface alone."""
    spec = cast("dict[str, Any]", app.spec)
    spec["paths"] = {path: methods for path, methods in spec["paths"].items() if path.startswith("/api/")}
    template = "#/components/schemas/{model}"
    problem = Problem.model_json_schema(ref_template=template)
    spec["components"]["schemas"] |= problem.pop("$defs", {}) | {"Problem": problem}
    for methods in spec["paths"].values():
        for operation in methods.values():
            _complete(operation)
    return spec


def _complete(operation: dict[str, Any]) -> None:
    """Say what APIFlask leaves out: a body must be there; how the key is spelled; what an id looks like."""
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    for parameter in operation["parameters"]:
        if parameter["in"] == "header":
            parameter["name"] = "Idempotency-Key"
            operation["responses"]["200"]["headers"] = _REPLAYED
        parameter["schema"] |= _IDS.get(parameter["name"], {})
