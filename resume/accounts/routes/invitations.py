"""Invitations: the administrator's to any role, HR's to colleagues; and HR's list of its own accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts import operations, queries
from resume.accounts.emails import email_of
from resume.accounts.forms import InviteForm
from resume.accounts.models import Invitation
from resume.accounts.operations import invitations
from resume.accounts.operations.invitations import NewInvitation
from resume.accounts.routes.blueprint import bp, explain, own_id
from resume.accounts.scopes import read_scope
from resume.people.emails import mask_email
from resume.refusals import NotAllowed
from resume.roles import Role
from resume.settings import Settings
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved


@bp.get("/invitations")
@open_to(Role.ADMINISTRATOR)
def open_invitations() -> Response:
    """Invitations that nobody has accepted yet."""
    return page("accounts/invitations.html", **_listed(queries.list_invitations()))


@bp.route("/invitations/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def invite() -> Response:
    """Invite somebody to a role of the city or a district, or of the firm or gate named in the address."""
    scope = read_scope(request.args)
    form = InviteForm()
    if scope.is_settled:
        form.fix_scope()
    status = 200
    if form.validate_on_submit():
        try:
            return _sent(*_invite(scope.invitation(form)))
        except operations.BadAccount as refusal:
            explain(form.email if scope.is_settled else form.role, refusal)
    if form.errors:
        status = 422
    return page("accounts/invite.html", form=form, scope=scope, status=status)


@bp.get("/colleagues")
@open_to(Role.HR)
def colleagues() -> Response:
    """The accounts of HR's own firm, and who is invited."""
    firm_id = _own_firm_id()
    return page(
        "accounts/colleagues.html",
        accounts=queries.list_accounts(firm_id=firm_id),
        me=own_id(),
        **_listed(queries.list_invitations(firm_id=firm_id)),
    )


@bp.route("/colleagues/new", methods=["GET", "POST"])
@open_to(Role.HR)
def invite_colleague() -> Response:
    """Invite a colleague to an account of HR's own firm."""
    form = InviteForm()
    form.fix_scope()
    form.require_email()
    if not form.validate_on_submit():
        return page("accounts/invite_colleague.html", form=form, status=422 if form.errors else 200)
    return _sent(*_invite(form.scoped_invitation(Role.HR, firm_id=_own_firm_id())))


@bp.post("/colleagues/<uuid:account_id>/disabled")
@open_to(Role.HR)
def disable_colleague(account_id: UUID) -> Response:
    """Disable a colleague's account, or open it again."""
    operations.set_disabled(
        account_id,
        request.form.get("disabled") == "1",
        by=current_actor(),
        at=clock.now(),
        real_at=clock.real_now(),
    )
    return saved(to=url_for("accounts.colleagues"), message=_("已更新"))


@bp.post("/invitations/<uuid:invitation_id>/again")
@open_to(Role.ADMINISTRATOR, Role.HR)
def invite_again(invitation_id: UUID) -> Response:
    """Send an invitation again, with a new link."""
    return _sent(
        *invitations.invite_again(invitation_id, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    )


@bp.post("/invitations/<uuid:invitation_id>/withdrawn")
@open_to(Role.ADMINISTRATOR, Role.HR)
def withdraw_invitation(invitation_id: UUID) -> Response:
    """Take an invitation back."""
    invitations.withdraw(invitation_id, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    return saved(to=_list_page(), message=_("邀请已撤回，链接不再有效"))


def _invite(new: NewInvitation) -> tuple[Invitation, str]:
    return invitations.invite(new, by=current_actor(), at=clock.now(), real_at=clock.real_now())


def _sent(invitation: Invitation, secret: str) -> Response:
    """Sent by mail; else the link is shown once, to be handed over."""
    email = email_of(invitation)
    if email is not None:
        return saved(to=_list_page(), message=_("邀请已发往 %(email)s", email=mask_email(email)))
    return page(
        "accounts/link_made.html",
        link=link_to("accounts.join", secret),
        until=invitation.expires_at,
        back=_list_page(),
    )


def link_to(endpoint: str, secret: str) -> str:
    """The whole link, for him who hands it over."""
    settings: Settings = current_app.config["RESUME_SETTINGS"]
    return f"{settings.public_url}{url_for(endpoint)}#{secret}"


def _listed(rows: Sequence[Invitation]) -> dict[str, Any]:
    masked = {row.id: mask_email(email) if (email := email_of(row)) else "" for row in rows}
    return {
        "invitations": rows,
        "masked": masked,
        "organisations": queries.organisations_of(rows),
        "real_now": clock.real_now(),
    }


def _list_page() -> str:
    is_hr = current_actor().role is Role.HR
    return url_for("accounts.colleagues" if is_hr else "accounts.open_invitations")


def _own_firm_id() -> int:
    firm_id = current_actor().firm_id
    if firm_id is None:
        raise NotAllowed
    return firm_id
