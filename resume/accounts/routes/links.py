"""What links open: an invitation, a new password, an address; and where to ask for a new password.

The secret is posted in the body (static/links.js takes it from behind #), so it stands in no address.
"""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts import queries
from resume.accounts.forms import ForgottenForm, JoinForm, LinkForm, ResetForm, SecretForm
from resume.accounts.lifecycle import REQUIRED
from resume.accounts.links import BadLink, secret_in
from resume.accounts.operations import BadAccount, NameTaken, guesses, invitations, recovery
from resume.accounts.passwords import WeakPassword
from resume.accounts.routes.blueprint import bp, device, explain, go_in
from resume.roles import ROLE_NAMES, Role
from resume.web.access import open_to_everybody
from resume.web.pages import page, saved

HEADINGS = {
    "accounts.reset": lazy_gettext("设置新密码"),
    "accounts.confirm_email": lazy_gettext("确认电子邮箱"),
    "accounts.join": lazy_gettext("开通账号"),
}


@bp.route("/forgotten-password", methods=["GET", "POST"])
@open_to_everybody
def forgotten() -> Response:
    """Ask for a link to a new password. The answer is the same whether there is such an account or not."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return page("accounts/forgotten.html", form=form, status=422 if form.errors else 200)
    recovery.ask_reset(
        form.who.data or "", address=request.remote_addr or "", at=clock.now(), real_at=clock.real_now()
    )
    return page("accounts/forgotten_sent.html")


@bp.route("/reset", methods=["GET", "POST"])
@open_to_everybody
def reset() -> Response:
    """Set a new password by a link."""
    if request.method == "GET":
        return _ask("accounts.reset")
    form, secret = _form(ResetForm, filled="new"), _secret()
    try:
        account = queries.find_link(secret, recovery.PASSWORD_LINK, at=clock.real_now()).account
        if form.is_filled and form.validate():
            recovery.reset_password(secret, form.new.data or "", at=clock.now(), real_at=clock.real_now())
            return saved(to=url_for("accounts.sign_in"), message=_("密码已设置，请用新密码登录"))
    except BadLink as refusal:
        return _bad_link("accounts.reset", refusal)
    except WeakPassword as refusal:
        explain(form.new, refusal)
    form.secret.data = secret
    return page("accounts/reset.html", form=form, name=account.name, status=422 if form.errors else 200)


@bp.route("/email", methods=["GET", "POST"])
@open_to_everybody
def confirm_email() -> Response:
    """Confirm a new address by the link that was sent there."""
    if request.method == "GET":
        return _ask("accounts.confirm_email")
    try:
        recovery.confirm_email(_secret(), at=clock.now(), real_at=clock.real_now())
    except BadLink as refusal:
        return _bad_link("accounts.confirm_email", refusal)
    return saved(to=url_for("accounts.own"), message=_("电子邮箱已确认"))


@bp.route("/join", methods=["GET", "POST"])
@open_to_everybody
def join() -> Response:
    """Make the account that one was invited to."""
    if request.method == "GET":
        return _ask("accounts.join")
    form, secret = _form(JoinForm, filled="password"), _secret()
    try:
        invitation = queries.find_invitation(secret, at=clock.real_now())
        if form.is_filled and form.validate():
            session, account = invitations.accept(
                secret, form.answered(), at=clock.now(), real_at=clock.real_now(), device=device()
            )
            return go_in(session, account, to="")
    except BadLink as refusal:
        return _bad_link("accounts.join", refusal)
    except WeakPassword as refusal:
        explain(form.password, refusal)
    except (BadAccount, NameTaken) as refusal:
        explain(form.name, refusal)
    form.secret.data = secret
    return page(
        "accounts/join.html",
        form=form,
        status=422 if form.errors else 200,
        role=ROLE_NAMES[Role(invitation.role)],
        organisation=queries.organisation_of_scope(invitation),
        needs_factor=invitation.role in REQUIRED,
    )


def _secret() -> str:
    """The secret that was posted; an address that tried too many is refused."""
    guesses.refuse_guessing(request.remote_addr or "", real_at=clock.real_now())
    return secret_in(request.form.get("secret", "")[:300])


def _form(kind: type[SecretForm], *, filled: str) -> Any:
    """The form as it was posted, or empty where only the link was presented."""
    is_filled = filled in request.form
    form = kind() if is_filled else kind(formdata=None)
    form.is_filled = is_filled
    return form


def _ask(endpoint: str, form: LinkForm | None = None) -> Response:
    """The page a link leads to, before its secret was posted."""
    form = form or LinkForm(formdata=None)
    status = 422 if form.errors else 200
    return page(
        "accounts/link.html", form=form, heading=HEADINGS[endpoint], action=url_for(endpoint), status=status
    )


def _bad_link(endpoint: str, refusal: BadLink) -> Response:
    guesses.count_bad_link(request.remote_addr or "", real_at=clock.real_now())
    form = LinkForm(formdata=None)
    explain(form.secret, refusal)
    return _ask(endpoint, form)
