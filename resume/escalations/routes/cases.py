"""/refusals: refusals of good passes, as the desk, the district and the firm see them; the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.escalations import operations, queries
from resume.escalations.forms import AnswerForm
from resume.escalations.lifecycle import GROUND_NAMES, OUTCOME_NAMES, Outcome, reason_name, told_to_firm
from resume.escalations.routes import bp
from resume.passes.press import HOTLINE
from resume.policy import policy_at
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import asked_page, page, saved

_READERS = (Role.STREET, Role.REVIEWER, Role.SIGN_OFF, Role.HR)


@bp.get("/refusals")
@open_to(*_READERS)
def index() -> Response:
    """Refusals of good passes: open ones by their clock, answered ones by outcome."""
    at, number, word = clock.now(), asked_page(), request.args.get("state", "")
    outcome = Outcome(word) if word in set(Outcome) else None
    scope = queries.scope_of(current_actor())
    counts = queries.count_by_outcome(scope=scope)
    total = counts[outcome.value if outcome else ""]
    return page(
        "escalations/index.html",
        cases=queries.list_answered(scope=scope, outcome=outcome, page=number)
        if outcome
        else queries.list_open(scope=scope, page=number),
        state=outcome.value if outcome else "",
        counts=counts,
        number=number,
        pages=max(1, -(-total // queries.PER_PAGE)),
        minutes=policy_at(at).duties.refusal_minutes.value,
        at=at,
        is_firm=current_actor().role is Role.HR,
        hotline=HOTLINE,
        **_words(),
    )


@bp.get("/refusals/<uuid:nonce>")
@open_to(*_READERS)
def show(nonce: UUID) -> Response:
    """One refusal: where, when, why, by when it is answered; the answer."""
    return _show(nonce)


@bp.post("/refusals/<uuid:nonce>/answer")
@open_to(Role.STREET, Role.REVIEWER)
def answer(nonce: UUID) -> Response:
    """Release or uphold. Who comes second is told who was first."""
    actor, form = current_actor(), AnswerForm()
    queries.get_escalation(nonce, scope=queries.scope_of(actor))
    if not form.validate_on_submit():
        return _show(nonce, form)
    try:
        operations.answer(
            nonce,
            Outcome(form.outcome.data),
            ground=form.ground.data or "",
            note=form.note.data or "",
            by=actor,
            at=clock.now(),
        )
    except operations.GroundMissing as refusal:
        form.ground.errors = [refusal.message]
        return _show(nonce, form)
    return saved(to=url_for("escalations.index"), message=_("已答复，门岗再次查验时可见，企业已收到通知"))


def _show(nonce: UUID, form: AnswerForm | None = None) -> Response:
    at, actor = clock.now(), current_actor()
    view = queries.view_case(nonce, scope=queries.scope_of(actor))
    answers = actor.role is Role.STREET or (actor.role is Role.REVIEWER and view.is_overdue(at))
    return page(
        "escalations/show.html",
        status=422 if form is not None and form.errors else 200,
        view=view,
        form=form or AnswerForm(formdata=None),
        can_answer=view.outcome is None and answers,
        is_firm=actor.role is Role.HR,
        hotline=HOTLINE,
        at=at,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "outcome_names": OUTCOME_NAMES,
        "ground_names": GROUND_NAMES,
        "reason_name": reason_name,
        "told_to_firm": told_to_firm,
    }
