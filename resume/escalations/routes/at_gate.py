"""/gate/refusals: what this gate refused of good passes, the desk's answers, and taking one back."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.escalations import operations, queries
from resume.escalations.lifecycle import GROUND_NAMES, OUTCOME_NAMES, reason_name
from resume.escalations.routes import bp
from resume.passes.press import HOTLINE
from resume.refusals import NotFound
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved


@bp.get("/gate/refusals")
@open_to(Role.GUARD)
def at_gate() -> Response:
    """Refusals of good passes at the guard's gate within a day."""
    gate_id = current_actor().gate_id
    if gate_id is None:
        raise NotFound
    at = clock.now()
    return page(
        "escalations/at_gate.html",
        cases=queries.list_at_gate(gate_id, at=at),
        outcome_names=OUTCOME_NAMES,
        ground_names=GROUND_NAMES,
        reason_name=reason_name,
        hotline=HOTLINE,
        at=at,
    )


@bp.post("/gate/refusals/<uuid:nonce>/withdraw")
@open_to(Role.GUARD)
def withdraw(nonce: UUID) -> Response:
    """Refused by mistake: the bearer can be scanned again."""
    operations.withdraw(nonce, by=current_actor(), at=clock.now())
    return saved(to=url_for("escalations.at_gate"), message=_("已撤回，请重新扫码查验"))
