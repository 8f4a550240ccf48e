"""/gate: the guard's page. Scan or type, read the verdict, let through or refuse; medical exit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.credential.number import BadNumber
from resume.credential.views import Antigen
from resume.db import new_id
from resume.gate.display import shown
from resume.gate.forms import PresentedForm, read_nonce
from resume.gate.lane_cookie import asked_lane, keep_lane
from resume.gate.lanes import lanes_of
from resume.gate.operations.medical import medical_exit
from resume.gate.operations.scans import (
    AntigenMissing,
    ScanResult,
    check_scan,
    get_result,
    let_through,
    refuse,
)
from resume.gate.routes import bp
from resume.gate.wording import language_of
from resume.places.queries import get_gate
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.headers import allow_wasm
from resume.web.language import current_language
from resume.web.pages import page, saved


@bp.get("/gate")
@open_to(Role.GUARD)
@allow_wasm
def check() -> Response:
    """Waiting for the next pass: the camera, a typed number, the medical exit."""
    response = _idle(PresentedForm(formdata=None), nonce=new_id())
    return keep_lane(response, asked_lane()) if "lane" in request.args else response


@bp.post("/gate")
@open_to(Role.GUARD)
@allow_wasm
def checked() -> Response:
    """The verdict on what was scanned or typed."""
    form, nonce = PresentedForm(), read_nonce(request.form)
    if not form.validate():
        return _idle(form, nonce=nonce, status=422)
    try:
        result = check_scan(
            form.presented.data or "", nonce=nonce, lane=asked_lane(), by=current_actor(), at=clock.now()
        )
    except BadNumber:
        form.presented.errors = [_("编号不对：应为 12 位数字和 1 位校验字符，请对照证件再输入一次")]
        return _idle(form, nonce=nonce, status=422)
    return keep_lane(_verdict(result), result.scan.lane)


@bp.post("/gate/<uuid:nonce>/let-through")
@open_to(Role.GUARD)
@allow_wasm
def release(nonce: UUID) -> Response:
    """Let the bearer of a scanned pass through; judged once more at this second."""
    actor = current_actor()
    antigen: Antigen | None = "negative" if request.form.get("antigen") == "negative" else None
    try:
        result = let_through(nonce, antigen=antigen, by=actor, at=clock.now())
    except AntigenMissing as refusal:
        return _verdict(get_result(nonce, by=actor), error=refusal, status=422)
    return _verdict(result)


@bp.post("/gate/<uuid:nonce>/refuse")
@open_to(Role.GUARD)
@allow_wasm
def refused(nonce: UUID) -> Response:
    """Send the bearer away, for a coded reason."""
    reason = request.form.get("reason", "")
    return _verdict(refuse(nonce, reason=reason, by=current_actor(), at=clock.now()))


@bp.route("/gate/medical", methods=["GET", "POST"])
@open_to(Role.GUARD)
@allow_wasm
def medical() -> Response:
    """A medical exit: the second of two taps records it and asks nothing."""
    if request.method == "GET":
        return page("gate/check.html", fragment="gate/_medical.html", medical=new_id())
    medical_exit(read_nonce(request.form), by=current_actor(), at=clock.now())
    return saved(to=url_for("gate.check"), message=_("紧急就医放行已登记"))


def _idle(form: PresentedForm, *, nonce: UUID, status: int = 200) -> Response:
    gate_id = current_actor().gate_id
    assert gate_id is not None
    gate = get_gate(gate_id)
    lanes = lanes_of(gate, at=clock.now())
    chosen = asked_lane() or lanes[0].direction
    return _desk(status=status, form=form, nonce=nonce, gate=gate, lanes=lanes, chosen_lane=chosen)


def _verdict(result: ScanResult, *, error: AntigenMissing | None = None, status: int = 200) -> Response:
    return _desk(status=status, shown=shown(result, language=language_of(current_language())), error=error)


def _desk(*, status: int, **context: Any) -> Response:
    return page("gate/check.html", fragment="gate/_desk.html", status=status, **context)
