"""/gate/<nonce>/photo: the photograph of the document, beside the verdict it belongs to."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from resume.gate.operations.scans import get_result
from resume.gate.routes import bp
from resume.passes.queries import find_pass
from resume.portraits.queries import read_portrait
from resume.refusals import NotFound
from resume.roles import Role
from resume.web.access import current_actor, open_to


@bp.get("/gate/<uuid:nonce>/photo")
@open_to(Role.GUARD)
def photo(nonce: UUID) -> Response:
    """Of a scan of the guard's own gate, and only of a pass that was proven."""
    result = get_result(nonce, by=current_actor())
    found = None if result.scan.pass_id is None else find_pass(result.scan.pass_id)
    if found is None:
        raise NotFound
    media, data = read_portrait(found.person_key, firm_id=found.firm_id)
    return Response(data, mimetype=media)
