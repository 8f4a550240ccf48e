"""POST /gate/scans: what a device reports of the time without network; and taking a scan back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import jsonify, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from resume import clock
from resume.gate.display import shown
from resume.gate.lifecycle import LANES
from resume.gate.operations.scans import annul
from resume.gate.operations.uploads import UploadResult, take_scans
from resume.gate.routes import bp
from resume.gate.uploaded import MOST_AT_ONCE, read_uploads
from resume.gate.wording import guard_code, language_of, refusal_words
from resume.places.queries import get_gate
from resume.refusals import Unprocessable
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.headers import allow_wasm
from resume.web.language import current_language
from resume.web.pages import page, saved, wants_fragment


class UnreadableBatch(Unprocessable):
    """Not a batch at all; nothing of it was stored."""

    code = "unreadable_batch"
    message = lazy_gettext("上传的内容不是一批查验记录，没有登记")
    advice = lazy_gettext("每次最多 100 条；请保留未上传的记录，更新页面后再上传")


@bp.post("/gate/scans")
@open_to(Role.GUARD)
def upload() -> Response:
    """Take in a batch: one transaction, each event once, a result for each entry in its order."""
    body = request.get_json(silent=True)
    entries = body.get("scans") if isinstance(body, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_AT_ONCE:
        raise UnreadableBatch
    actor, at = current_actor(), clock.now()
    assert actor.gate_id is not None
    lane = LANES[get_gate(actor.gate_id).kind]
    results = take_scans(read_uploads(entries, lane=lane, at=at), by=actor, at=at)
    return jsonify(results=[_said(result) for result in results], server_time=clock.iso(at))


@bp.post("/gate/<uuid:nonce>/annul")
@open_to(Role.GUARD)
@allow_wasm
def annulled(nonce: UUID) -> Response:
    """Take back that somebody was let through."""
    result = annul(nonce, by=current_actor(), at=clock.now())
    if not wants_fragment():
        return saved(to=url_for("gate.check"), message=_("已撤销刚才的放行"))
    seen = shown(result, language=language_of(current_language()))
    return page("gate/check.html", fragment="gate/_desk.html", shown=seen)


def _said(result: UploadResult) -> dict[str, Any]:
    """A result as the device reads it; what is medical is one code."""
    code = guard_code(result.code) if result.code else ""
    why = str(result.why)
    if not why and result.is_forced:
        why = refusal_words(code, language=language_of(current_language()))
    return {
        "place": result.place,
        "nonce": result.nonce,
        "state": result.state,
        "forced": result.is_forced,
        "code": code,
        "why": why,
    }
