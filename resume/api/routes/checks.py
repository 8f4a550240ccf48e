"""`POST /api/v1/passes/check`: a gate device asks whether a pass is good."""

from __future__ import annotations

from flask import Response, jsonify

from resume import clock
from resume.api.answers import CheckAnswer
from resume.api.bodies import PassCheck
from resume.api.checks import check_pass
from resume.api.routes import bp
from resume.api.routes.admission import caller, scope
from resume.api.routes.document import ASKING
from resume.api.scopes import CHECKS


@bp.post("/passes/check")
@scope(CHECKS)
@bp.input(PassCheck)
@bp.output(CheckAnswer, description="The verdict, whatever it is.")
@bp.doc(operation_id="check_pass", **ASKING)
def check(json_data: PassCheck) -> Response:
    """Check a pass at this moment; nothing is logged and nobody goes through.

    A token bound to a gate checks at that gate. Without any gate the place is not asked.
    """
    return jsonify(
        check_pass(
            token=json_data.token or None,
            number=json_data.number or None,
            gate_id=json_data.gate or None,
            antigen=json_data.antigen,
            by=caller(),
            at=clock.now(),
        )
    )
