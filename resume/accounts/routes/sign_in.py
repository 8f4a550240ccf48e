"""Signing in: name and password, then the second factor; and out."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts import operations, sessions, totp
from resume.accounts.forms import CodeForm, SignInForm
from resume.accounts.models import Account
from resume.accounts.operations import factor_steps, factors
from resume.accounts.routes.blueprint import bp, device, explain, go_in, own_secret
from resume.web.access import current_actor, open_to_everybody, open_to_signed_in
from resume.web.language import own_path
from resume.web.pages import page, saved


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
            device=device(),
        )
    except operations.WrongSignIn as refusal:
        form.password.errors = [*form.password.errors, str(refusal.message)]
        return page("accounts/sign_in.html", form=form, status=422)
    return go_in(secret, account, to=own_path(request.args.get("to") or url_for("board.desk")))


@bp.route("/sign-in/code", methods=["GET", "POST"])
@open_to_everybody
def code() -> Response:
    """The second step: a code, or a recovery code."""
    form = CodeForm()
    secret, to = sessions.unfinished_secret(), sessions.wanted_target()
    if sessions.find_unfinished(secret, at=clock.real_now()) is None:
        return _over()
    if not form.validate_on_submit():
        return page("accounts/code.html", form=form, status=422 if form.errors else 200)
    try:
        fresh, account = operations.enter_code(
            secret, form.code.data or "", at=clock.now(), real_at=clock.real_now(), device=device()
        )
    except operations.WrongCode as refusal:
        explain(form.code, refusal)
        return page("accounts/code.html", form=form, status=422)
    except operations.SignInOver:
        return _over()
    sessions.remember(fresh, account)
    return saved(to=own_path(to or url_for("board.desk")))


@bp.route("/sign-in/second-factor", methods=["GET", "POST"])
@open_to_everybody
def enrol() -> Response:
    """The first sign-in of those who need a second factor: nothing else opens before it is set up."""
    form = CodeForm()
    secret, to = sessions.unfinished_secret(), sessions.wanted_target()
    try:
        account = factors.enrolling(secret, real_at=clock.real_now())
        if not form.validate_on_submit():
            return _enrol_page(form, account, status=422 if form.errors else 200)
        done = factors.finish_enrolment(
            secret, form.code.data or "", at=clock.now(), real_at=clock.real_now(), device=device()
        )
    except operations.WrongCode as refusal:
        explain(form.code, refusal)
        return _enrol_page(form, account, status=422)
    except operations.SignInOver:
        return _over()
    sessions.remember(done.secret, done.account)
    return page("accounts/recovery_codes.html", codes=done.codes, to=own_path(to or url_for("board.desk")))


@bp.get("/signed-in")
@open_to_signed_in
def signed_in() -> Response:
    """Where a sign-in beside a page that waits for it ends."""
    return page("accounts/signed_in.html")


@bp.post("/sign-out")
@open_to_signed_in
def sign_out() -> Response:
    """End the session; its cookie opens nothing any more."""
    operations.sign_out(own_secret(), by=current_actor(), at=clock.now(), real_at=clock.real_now())
    sessions.forget()
    return saved(to=url_for("accounts.sign_in"), message=_("您已退出"))


def _over() -> Response:
    return saved(
        to=url_for("accounts.sign_in"), message=_("这次登录已超时，请重新输入账号和密码"), category="notice"
    )


def _enrol_page(form: CodeForm, account: Account, *, status: int) -> Response:
    return page("accounts/enrol.html", form=form, status=status, **drawn_secret(account))


def drawn_secret(account: Account) -> dict[str, Any]:
    """The secret that waits for its first code: as a picture, as text in groups, as an address."""
    secret = factor_steps.pending_secret(account)
    if secret is None:
        return {"secret": None}
    uri = totp.enrolment_uri(secret, account.name)
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"secret": groups, "uri": uri, "picture": totp.qr_svg(uri, title=_("动态验证码的二维码"))}
