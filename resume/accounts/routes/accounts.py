"""Accounts, as the administrator keeps them."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts import operations, queries, sessions
from resume.accounts.emails import email_of
from resume.accounts.forms import AccountForm
from resume.accounts.lifecycle import BY_HAND
from resume.accounts.operations import factors, recovery
from resume.accounts.routes.blueprint import bp
from resume.accounts.routes.invitations import link_to
from resume.accounts.scopes import ScopeOfNew, read_scope
from resume.people.emails import mask_email
from resume.refusals import Refusal
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved


@bp.get("/accounts")
@open_to(Role.ADMINISTRATOR)
def index() -> Response:
    """All accounts."""
    return page("accounts/index.html", accounts=queries.list_accounts())


@bp.route("/accounts/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new() -> Response:
    """A new account: of a district or the city, or of the firm or gate named in the address."""
    scope = read_scope(request.args)
    form = AccountForm()
    if scope.is_settled:
        form.fix_scope()
    if not form.validate_on_submit():
        return _new_page(form, scope, status=422 if form.errors else 200)
    account = scope.account(form)
    try:
        operations.create_account(account, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    except Refusal as refusal:
        form.name.errors = [*form.name.errors, f"{refusal.message}。{refusal.advice}"]
        return _new_page(form, scope, status=refusal.status)
    return saved(to=url_for("accounts.index"), message=_("账号已建立：%(name)s", name=account.name))


def _new_page(form: AccountForm, scope: ScopeOfNew, *, status: int) -> Response:
    return page("accounts/new.html", form=form, scope=scope, status=status)


@bp.post("/accounts/<uuid:account_id>/disabled")
@open_to(Role.ADMINISTRATOR)
def disable(account_id: UUID) -> Response:
    """Disable an account, or open it again."""
    operations.set_disabled(
        account_id,
        request.form.get("disabled") == "1",
        by=current_actor(),
        at=clock.now(),
        real_at=clock.real_now(),
    )
    return saved(to=url_for("accounts.detail", account_id=account_id), message=_("已更新"))


@bp.get("/accounts/<uuid:account_id>")
@open_to(Role.ADMINISTRATOR)
def detail(account_id: UUID) -> Response:
    """One account, and what an administrator does for its owner."""
    account = queries.get_account(account_id)
    email = email_of(account)
    return page(
        "accounts/detail.html",
        account=account,
        organisation=queries.organisation_of_scope(account),
        email=None if email is None else mask_email(email),
        live=sessions.list_live(account_id, at=clock.real_now()),
        is_own=account_id == current_actor().account_id,
    )


@bp.post("/accounts/<uuid:account_id>/second-factor")
@open_to(Role.ADMINISTRATOR)
def reset_factor(account_id: UUID) -> Response:
    """Clear the second factor of somebody whose telephone is lost."""
    factors.reset_factor(account_id, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    message = _("动态验证码已清除；本人下次登录时重新设置")
    return saved(to=url_for("accounts.detail", account_id=account_id), message=message)


@bp.post("/accounts/<uuid:account_id>/password-link")
@open_to(Role.ADMINISTRATOR)
def password_link(account_id: UUID) -> Response:
    """A link to a new password: by mail, or shown once where the account has no address."""
    _account, secret = recovery.make_password_link(
        account_id, by=current_actor(), at=clock.now(), real_at=clock.real_now()
    )
    back = url_for("accounts.detail", account_id=account_id)
    if secret is None:
        return saved(to=back, message=_("设置密码的链接已发到本人邮箱"))
    until = clock.real_now() + BY_HAND
    return page("accounts/link_made.html", link=link_to("accounts.reset", secret), until=until, back=back)
