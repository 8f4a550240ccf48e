"""Pages of sign-in and of accounts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts import operations, queries, sessions
from resume.accounts.forms import AccountForm, PasswordForm, SignInForm
from resume.accounts.scopes import ScopeOfNew, read_scope
from resume.refusals import Refusal
from resume.roles import Role
from resume.web.access import current_actor, open_to, open_to_everybody, open_to_signed_in
from resume.web.language import own_path
from resume.web.pages import page, saved

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_everybody
def sign_in() -> Response:
    """Sign in, and go on to where the visitor wanted to go."""
    form = SignInForm()
    if not form.validate_on_submit():
        return page("accounts/sign_in.html", form=form, status=422 if form.errors else 200)
    try:
        secret, account = operations.sign_in(
            form.name.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except operations.WrongSignIn as refusal:
        form.password.errors = [*form.password.errors, str(refusal.message)]
        return page("accounts/sign_in.html", form=form, status=422)
    sessions.remember(secret, account)
    return saved(to=own_path(request.args.get("to") or url_for("board.desk")))


@bp.get("/signed-in")
@open_to_signed_in
def signed_in() -> Response:
    """Where a sign-in beside a page that waits for it ends."""
    return page("accounts/signed_in.html")


@bp.post("/sign-out")
@open_to_signed_in
def sign_out() -> Response:
    """End the session; its cookie opens nothing any more."""
    operations.sign_out(current_user.secret, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    sessions.forget()
    return saved(to=url_for("accounts.sign_in"), message=_("您已退出"))


@bp.route("/account", methods=["GET", "POST"])
@open_to_signed_in
def own() -> Response:
    """One's own account: a new password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return page("accounts/own.html", form=form, status=422 if form.errors else 200)
    actor = current_actor()
    assert actor.account_id is not None
    try:
        operations.change_password(
            actor.account_id,
            form.current.data or "",
            form.new.data or "",
            by=actor,
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except Refusal as refusal:
        form.new.errors = [*form.new.errors, str(refusal.message)]
        return page("accounts/own.html", form=form, status=422)
    sessions.forget()
    return saved(to=url_for("accounts.sign_in"), message=_("密码已修改，请用新密码登录"))


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
    return saved(to=url_for("accounts.index"), message=_("已更新"))
