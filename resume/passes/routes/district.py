"""What happened to passes, for firm and district; the reviewer's releases and revocations."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from resume import clock
from resume.passes import changes, operations, queries, views
from resume.passes.forms import RevocationForm, chosen_passes
from resume.passes.routes.blueprint import bp
from resume.policy.codes import REASONS
from resume.roles import Role
from resume.web.access import current_actor, open_to, own_district, own_firm
from resume.web.pages import asked_page, page, saved


@bp.get("/passes/changes")
@open_to(Role.HR, Role.REVIEWER, Role.SIGN_OFF)
def changed() -> BaseResponse:
    """What happened to passes lately and why; who is under observation: of the firm, or of the district."""
    at = clock.now()
    if current_actor().role is Role.HR:
        firm_id = own_firm()
        found = changes.changes_of_firm(firm_id=firm_id, at=at)
        observed = changes.observed_of_firm(firm_id=firm_id, at=at)
    else:
        district = own_district()
        found = changes.changes_of_district(district_code=district, at=at)
        observed = changes.observed_of_district(district_code=district, at=at)
    is_hr = current_actor().role is Role.HR
    return page("passes/changes.html", changes=found, observed=observed, is_hr=is_hr)


@bp.get("/passes/releases")
@open_to(Role.REVIEWER)
def releases() -> BaseResponse:
    """Suspended passes of the district that a reviewer may release, each judged now."""
    district, at, number = own_district(), clock.now(), asked_page()
    return page(
        "passes/releases.html",
        reasons=REASONS,
        waiting=views.list_waiting(district_code=district, at=at, page=number),
        number=number,
        pages=-(-views.count_waiting(district_code=district, at=at) // views.PER_PAGE),
    )


@bp.post("/passes/releases")
@open_to(Role.REVIEWER)
def release() -> BaseResponse:
    """Release the ticked passes whose workers are eligible now."""
    chosen = chosen_passes(request.form.getlist("pass"))
    done = operations.release(chosen, by=current_actor(), at=clock.now())
    message = _("已恢复 %(released)s 张", released=len(done.released))
    if done.kept:
        message += _("；%(kept)s 张现在不符合条件，继续暂停", kept=len(done.kept))
    return saved(to=url_for("passes.releases"), message=message)


@bp.route("/passes/revocation", methods=["GET", "POST"])
@open_to(Role.REVIEWER)
def revocation() -> BaseResponse:
    """End a pass for good, by its number."""
    form = RevocationForm()
    if not form.validate_on_submit():
        return page("passes/revocation.html", form=form, status=422 if form.errors else 200)
    found = queries.get_pass(form.number.data or "")
    operations.revoke(found.id, reason=form.reason.data or "", by=current_actor(), at=clock.now())
    return saved(to=url_for("passes.releases"), message=_("通行证 %(number)s 已吊销", number=found.number))
