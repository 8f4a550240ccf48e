"""The desk of objections: the district's reviewers answer, the steward looks at what was handed to him."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.firms.queries import get_firm
from resume.objections import operations, queries
from resume.objections.forms import AnswerForm, NoteForm
from resume.objections.lifecycle import CATEGORY_NAMES, OUTCOME_NAMES, STATE_NAMES, STEP_NAMES, Outcome, State
from resume.objections.models import Objection
from resume.passes.lifecycle import STATUS_NAMES
from resume.passes.queries import list_of_person
from resume.places.queries import buildings_by_id
from resume.policy import policy_at
from resume.refusals import NotFound
from resume.roles import Role
from resume.roster.details import open_details
from resume.roster.eligibility import in_the_way, plan_for_preview, verdicts_of
from resume.roster.queries import workers_by_id
from resume.web.access import current_actor, open_to
from resume.web.pages import asked_page, page, saved

bp = Blueprint("objections", __name__)


@bp.get("/objections")
@open_to(Role.REVIEWER, Role.SIGN_OFF, Role.STEWARD)
def index() -> Response:
    """The district's objections (the steward's: those handed over), what is due first first."""
    at, word, number = (
        clock.now(),
        request.args.get("state", ""),
        asked_page(),
    )
    state = State(word) if word in set(State) else State.OPEN
    counts = queries.count_desk(district_code=_scope())
    return page(
        "objections/index.html",
        items=queries.list_desk(district_code=_scope(), state=state, page=number),
        state=state,
        counts=counts,
        overdue=queries.count_overdue(district_code=_scope(), at=at),
        number=number,
        pages=max(1, -(-counts[state] // queries.PER_PAGE)),
        at=at,
        hours=policy_at(at).duties.objection_hours,
        **_words(),
    )


@bp.get("/objections/<uuid:objection_id>")
@open_to(Role.REVIEWER, Role.SIGN_OFF, Role.STEWARD)
def show(objection_id: UUID) -> Response:
    """One objection: what is said, what is known, where it could be corrected, and the answer."""
    return _show(objection_id)


@bp.post("/objections/<uuid:objection_id>/answer")
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def answer(objection_id: UUID) -> Response:
    """Answer the person."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _show(objection_id, answering=form)
    operations.answer(
        objection_id, Outcome(form.outcome.data), form.text.data or "", by=current_actor(), at=clock.now()
    )
    return saved(to=url_for("objections.index"), message=_("已答复本人"))


@bp.post("/objections/<uuid:objection_id>/handover")
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def hand_over(objection_id: UUID) -> Response:
    """Ask the steward to look at the records and to begin a correction where one is due."""
    form = NoteForm()
    if not form.validate_on_submit():
        return _show(objection_id, noting=form)
    operations.hand_over(objection_id, form.text.data or "", by=current_actor(), at=clock.now())
    return saved(
        to=url_for("objections.show", objection_id=objection_id), message=_("已转疫情数据专员，时限不变")
    )


@bp.post("/objections/<uuid:objection_id>/report")
@open_to(Role.STEWARD)
def report(objection_id: UUID) -> Response:
    """As the steward: what was found, which correction was begun."""
    form = NoteForm()
    if not form.validate_on_submit():
        return _show(objection_id, noting=form)
    operations.report(objection_id, form.text.data or "", by=current_actor(), at=clock.now())
    return saved(to=url_for("objections.index"), message=_("核查结果已交审核员"))


def _show(
    objection_id: UUID, *, answering: AnswerForm | None = None, noting: NoteForm | None = None
) -> Response:
    at = clock.now()
    objection = queries.get_objection(objection_id, district_code=_scope())
    wrong = [form for form in (answering, noting) if form is not None and form.errors]
    return page(
        "objections/show.html",
        status=422 if wrong else 200,
        view=queries.view_all([objection])[0],
        answering=answering or AnswerForm(formdata=None),
        noting=noting or NoteForm(formdata=None),
        wrong=wrong[0] if wrong else None,
        is_steward=_scope() is None,
        is_second=objection.rounds > 1 and objection.answered_by == current_actor().account_id,
        at=at,
        **_known(objection, at),
        **_words(),
    )


def _known(objection: Objection, at: datetime) -> dict[str, Any]:
    """What is known of the person now, with its codes: reviewers and stewards read them. Fourteen queries."""
    worker = workers_by_id({objection.worker_id})[objection.worker_id]
    (verdict,) = verdicts_of([worker], at=at, plan=plan_for_preview(firm_id=objection.firm_id))
    homes = buildings_by_id({worker.building_id} if worker.building_id is not None else ())
    return {
        "worker": worker,
        "person": open_details(worker),
        "firm": get_firm(objection.firm_id),
        "home": homes.get(worker.building_id or 0),
        "verdict_now": verdict,
        "in_the_way": in_the_way(verdict),
        "passes": list_of_person(worker.person_key, firm_id=objection.firm_id, at=at),
    }


def _words() -> dict[str, Any]:
    return {
        "status_names": STATUS_NAMES,
        "state_names": STATE_NAMES,
        "step_names": STEP_NAMES,
        "category_names": CATEGORY_NAMES,
        "outcome_names": OUTCOME_NAMES,
    }


def _scope() -> str | None:
    """The reader's district; None for the steward, who reads what was handed to him."""
    actor = current_actor()
    if actor.role is Role.STEWARD:
        return None
    if actor.district_code is None:
        raise NotFound
    return actor.district_code
