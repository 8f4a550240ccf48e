"""Pages of registrations: the firm's form, the reviewers' queue and one registration."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts.queries import names_of
from resume.firms.operations import FirmExists
from resume.firms.queries import find_by_credit_code
from resume.people.masking import mask_phone
from resume.places.districts import DISTRICT_NAMES
from resume.registrations import lifecycle, operations, queries
from resume.registrations.details import contact_of
from resume.registrations.forms import RefuseForm, SignUpForm
from resume.roles import Role
from resume.web.access import current_actor, open_to, open_to_everybody
from resume.web.language import choose_locale
from resume.web.pages import asked_page, page, saved

bp = Blueprint("registrations", __name__)


@bp.route("/sign-up", methods=["GET", "POST"])
@open_to_everybody
def sign_up() -> Response:
    """A firm registers itself. The answer is the same for a firm that is registered already."""
    form = SignUpForm(language=choose_locale())
    if not form.validate_on_submit():
        return page(
            "registrations/sign_up.html", form=form, hours=_hours(), status=422 if form.errors else 200
        )
    at = clock.now()
    operations.sign_up(
        form.registration(), address=request.remote_addr or "", at=at, real_at=clock.real_now()
    )
    return page("registrations/received.html", due=at + lifecycle.CLOCK, hours=_hours())


@bp.get("/registrations")
@open_to(Role.REVIEWER, Role.ADMINISTRATOR)
def queue() -> Response:
    """What waits to be decided, due first; with `decided`, what was."""
    actor, number = current_actor(), asked_page()
    is_waiting = "decided" not in request.args
    counts = queries.count_queue(by=actor)
    return page(
        "registrations/queue.html",
        items=queries.list_queue(by=actor, is_waiting=is_waiting, at=clock.now(), page=number),
        counts=counts,
        is_waiting=is_waiting,
        number=number,
        pages=-(-counts[0 if is_waiting else 1] // queries.PER_PAGE),
        hours=_hours(),
        districts=DISTRICT_NAMES,
        state_names=lifecycle.STATE_NAMES,
    )


@bp.get("/registrations/<uuid:registration_id>")
@open_to(Role.REVIEWER, Role.ADMINISTRATOR)
def show(registration_id: UUID) -> Response:
    """One registration, with what is known of its firm."""
    return _show(registration_id, RefuseForm(formdata=None))


@bp.post("/registrations/<uuid:registration_id>/confirmation")
@open_to(Role.REVIEWER, Role.ADMINISTRATOR)
def confirm(registration_id: UUID) -> Response:
    """Register the firm and invite its first HR."""
    try:
        operations.confirm(registration_id, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    except FirmExists as refusal:
        return saved(
            to=url_for("registrations.show", registration_id=registration_id),
            message=refusal.message,
            category="notice",
        )
    return saved(to=url_for("registrations.queue"), message=_("企业已登记，并已邀请联系人开通账号"))


@bp.post("/registrations/<uuid:registration_id>/refusal")
@open_to(Role.REVIEWER, Role.ADMINISTRATOR)
def refuse(registration_id: UUID) -> Response:
    """Refuse, with a reason."""
    form = RefuseForm()
    if not form.validate():
        return _show(registration_id, form)
    operations.refuse(
        registration_id,
        form.reason.data or "",
        by=current_actor(),
        at=clock.now(),
        real_at=clock.real_now(),
    )
    return saved(to=url_for("registrations.queue"), message=_("已退回，原因已发邮件告知联系人"))


def _show(registration_id: UUID, form: RefuseForm) -> Response:
    found = queries.get_registration(registration_id, by=current_actor())
    decided_by = names_of([found.decided_by]) if found.decided_by else {}
    return page(
        "registrations/show.html",
        status=422 if form.errors else 200,
        found=found,
        contact=contact_of(found),
        mask_phone=mask_phone,
        known=find_by_credit_code(found.credit_code),
        others=queries.list_others(found),
        due=queries.due_at(found),
        decided_by=decided_by.get(found.decided_by, "") if found.decided_by else "",
        is_administrator=current_actor().role is Role.ADMINISTRATOR,
        districts=DISTRICT_NAMES,
        state_names=lifecycle.STATE_NAMES,
        form=form,
    )


def _hours() -> int:
    return int(lifecycle.CLOCK.total_seconds() // 3600)
