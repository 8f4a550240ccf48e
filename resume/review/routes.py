"""Pages of the review: the district's queue, the case, the decision, the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts.kept import drop_kept_here, kept_here
from resume.applications.changes import view_submitted
from resume.applications.lifecycle import ACTION_NAMES, STATE_NAMES
from resume.applications.queries import view_case
from resume.applications.returned import judge, list_last, part_title
from resume.passes.leaving import count_gone
from resume.plans.attached import get_of_version
from resume.plans.handing_out import send_attachment, send_plan
from resume.plans.queries import get_version
from resume.policy import REASONS, Answer
from resume.review import operations, queries
from resume.review.decided import get_decided
from resume.review.forms import RETURNABLE, RefusalForm, ReturnForm, StepForm
from resume.roles import Role
from resume.web.access import current_actor, keeps_typed, open_to, own_district
from resume.web.headers import sandboxed
from resume.web.pages import asked_page, page, saved

bp = Blueprint("review", __name__)
WORDS: Mapping[str, Any] = {"state_names": STATE_NAMES, "action_names": ACTION_NAMES, "reasons": REASONS}


@bp.get("/review")
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def queue() -> Response:
    """The cases of the district at one desk, what is due first first."""
    district, desk, search, number = own_district(), asked_desk(), asked_search(), asked_page()
    counts = queries.count_queue(district_code=district, search=search)
    return page(
        "review/queue.html",
        fragment="review/_queue.html",
        items=queries.list_queue(
            district_code=district, desk=desk, at=clock.now(), search=search, page=number
        ),
        counts=counts,
        desk=desk,
        desk_names=queries.DESK_NAMES,
        search=search,
        number=number,
        pages=-(-counts[desk] // queries.PER_PAGE),
        clock_hours=queries.CLOCK.total_seconds() / 3600,
        **WORDS,
    )


@bp.get("/review/<uuid:application_id>")
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def case(application_id: UUID) -> Response:
    """One case: its plan with failed checks on top, every worker's findings, and the decision."""
    return _case(application_id, StepForm())


def _case(application_id: UUID, form: StepForm, status: int = 200) -> Response:
    at, word = clock.now(), request.args.get("outcome", "")
    application = queries.get_case(application_id, district_code=own_district())
    outcome = Answer(word) if word in set(Answer) else None
    view, changes = view_case(application, at=at), view_submitted(application)
    return page(
        "review/case.html",
        fragment="review/_workers.html" if request.method == "GET" else None,
        status=status,
        application=application,
        case=view,
        plan=view.plan,
        gone=count_gone(application, at=at),
        judged=queries.judge_page(application, at=at, outcome=outcome, page=asked_page()),
        batches=queries.list_batches(application_id),
        changes=changes,
        returned=judge(list_last(application_id), changes.parts),
        role=current_actor().role,
        is_own_recommendation=application.recommended_by == current_actor().account_id,
        form=form,
        **WORDS,
    )


@bp.get("/review/<uuid:application_id>/plan.pdf")
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def plan_pdf(application_id: UUID) -> Response:
    """The case's plan as a printed paper, in the reader's language."""
    at = clock.now()
    application = queries.get_case(application_id, district_code=own_district())
    return send_plan(view_case(application, at=at).plan, at=at)


@bp.get("/review/<uuid:application_id>/attachments/<uuid:attachment_id>")
@open_to(Role.REVIEWER, Role.SIGN_OFF)
@sandboxed
def attachment(application_id: UUID, attachment_id: UUID) -> Response:
    """A file of the case's plan, to be saved."""
    application = queries.get_case(application_id, district_code=own_district())
    version = get_version(application.plan_version_id, firm_id=application.firm_id)
    return send_attachment(get_of_version(attachment_id, version))


@bp.post("/review/<uuid:application_id>/recommendation")
@open_to(Role.REVIEWER)
def recommend(application_id: UUID) -> Response:
    """Recommend the case for signature."""
    form = StepForm()
    if not form.validate_on_submit():
        return _case(application_id, form, status=422)
    operations.recommend(
        application_id,
        revision=_revision(form),
        note=form.note.data or "",
        by=current_actor(),
        at=clock.now(),
    )
    return saved(to=url_for("review.queue"), message=_("已推荐，等待签发"))


@bp.route("/review/<uuid:application_id>/return", methods=["GET", "POST"])
@open_to(Role.REVIEWER, Role.SIGN_OFF)
@keeps_typed
def send_back(application_id: UUID) -> Response:
    """Return the case with what to change, section by section."""
    application = queries.get_case(application_id, district_code=own_district())
    form = ReturnForm(revision=application.revision)
    if form.validate_on_submit() and form.reasons():
        operations.send_back(
            application_id,
            revision=_revision(form),
            reasons=form.reasons(),
            by=current_actor(),
            at=clock.now(),
        )
        drop_kept_here()
        return saved(to=url_for("review.queue"), message=_("已退回企业修改"))
    plan = view_case(application, at=clock.now()).plan
    return page(
        "review/return.html",
        status=422 if request.method == "POST" else 200,
        application=application,
        plan=plan,
        failed={view.section.key: view.failed for view in plan.sections},
        parts=[(part, part_title(part)) for part in RETURNABLE],
        changes=view_submitted(application),
        written=_written(),
        form=form,
    )


@bp.route("/review/<uuid:application_id>/refusal", methods=["GET", "POST"])
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def refuse(application_id: UUID) -> Response:
    """Refuse the case for good."""
    application = queries.get_case(application_id, district_code=own_district())
    form = RefusalForm(revision=application.revision)
    if form.validate_on_submit():
        reason = form.reason.data or ""
        operations.refuse(
            application_id, revision=_revision(form), reason=reason, by=current_actor(), at=clock.now()
        )
        return saved(to=url_for("review.queue"), message=_("已决定不予批准，企业可以看到原因"))
    view = view_case(application, at=clock.now())
    return page(
        "review/refuse.html",
        status=422 if form.errors else 200,
        application=application,
        plan=view.plan,
        form=form,
    )


@bp.post("/review/<uuid:application_id>/signature")
@open_to(Role.SIGN_OFF)
def sign_off(application_id: UUID) -> Response:
    """Sign the recommended case: passes for all who are eligible at this second."""
    form = StepForm()
    if not form.validate_on_submit():
        return _case(application_id, form, status=422)
    batch = operations.sign_off(application_id, revision=_revision(form), by=current_actor(), at=clock.now())
    return saved(to=url_for("review.result", application_id=application_id, batch_id=batch.id))


@bp.post("/review/<uuid:application_id>/batches")
@open_to(Role.SIGN_OFF)
def approve_withheld(application_id: UUID) -> Response:
    """A later batch for those kept back."""
    batch = operations.approve_withheld(application_id, by=current_actor(), at=clock.now())
    return saved(to=url_for("review.result", application_id=application_id, batch_id=batch.id))


@bp.get("/review/<uuid:application_id>/batches/<uuid:batch_id>")
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def result(application_id: UUID, batch_id: UUID) -> Response:
    """What a batch did, in plain numbers with its list."""
    application = queries.get_case(application_id, district_code=own_district())
    found = queries.get_result(
        batch_id,
        application=application,
        is_approved={"approved": True, "withheld": False}.get(request.args.get("shown", "")),
        page=asked_page(),
    )
    view = view_case(application, at=clock.now())
    return page(
        "review/result.html",
        application=application,
        plan=view.plan,
        result=found,
        role=current_actor().role,
        **WORDS,
    )


@bp.get("/review/<uuid:application_id>/decisions/<uuid:decision_id>")
@open_to(Role.REVIEWER, Role.SIGN_OFF)
def decision(application_id: UUID, decision_id: UUID) -> Response:
    """One decision of a batch: what was known then, and why it came out so."""
    application = queries.get_case(application_id, district_code=own_district())
    return page(
        "review/decision.html",
        application=application,
        plan=view_case(application, at=clock.now()).plan,
        decided=get_decided(decision_id, application=application),
        **WORDS,
    )


def _written() -> Mapping[str, str]:
    """What this request wrote, or what was written when the session had expired."""
    kept = kept_here() if request.method == "GET" else None
    return request.form if kept is None else {name: kept.first(name) for name in kept.typed}


def _revision(form: StepForm | ReturnForm | RefusalForm) -> int:
    assert form.revision.data is not None  # InputRequired
    return int(form.revision.data)


def asked_search() -> str:
    return request.args.get("q", "").strip()[:60]


def asked_desk() -> queries.Desk:
    """The desk of the address; else the one of the reader's role."""
    word = request.args.get("desk", "")
    if word in set(queries.Desk):
        return queries.Desk(word)
    is_signer = current_actor().role is Role.SIGN_OFF
    return queries.Desk.TO_SIGN if is_signer else queries.Desk.TO_REVIEW
