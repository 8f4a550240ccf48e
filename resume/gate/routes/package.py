"""/gate/package: what a gate's device carries. Its ETag covers what does not change with each call."""

from __future__ import annotations

from flask import jsonify, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from resume import clock
from resume.gate.package import etag_of, package_of
from resume.gate.routes import bp
from resume.gate.wording import language_of
from resume.places.queries import get_gate
from resume.refusals import NotFound
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.language import current_language


@bp.get("/gate/package")
@open_to(Role.GUARD)
def package() -> Response:
    """The package of the reader's gate. The time and the token for posting are in headers too, since a device
    that has the package already is answered 304, without a body."""
    gate_id = current_actor().gate_id
    if gate_id is None:
        raise NotFound
    at = clock.now()
    found = package_of(get_gate(gate_id), language=language_of(current_language()), at=at)
    response: Response = jsonify(found | {"server_time": clock.iso(at), "csrf": generate_csrf()})
    response.headers["Resume-Time"] = clock.iso(at)
    response.headers["Resume-Token"] = generate_csrf()
    response.headers["Cache-Control"] = "no-store"
    response.set_etag(etag_of(found))
    return response.make_conditional(request)
