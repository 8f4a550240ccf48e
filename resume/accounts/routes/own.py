"""One's own account: password, address, language, second factor, where one is signed in."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts import lifecycle, operations, queries, sessions
from resume.accounts.emails import email_of
from resume.accounts.forms import EmailForm, LanguageForm, PasswordForm
from resume.accounts.links import hash_of
from resume.accounts.operations import recovery
from resume.accounts.routes.blueprint import bp, own_account, own_id, own_secret
from resume.people.emails import mask_email
from resume.refusals import Refusal
from resume.web.access import current_actor, open_to_signed_in
from resume.web.pages import page, saved


@bp.route("/account", methods=["GET", "POST"])
@open_to_signed_in
def own() -> Response:
    """One's own account; POST sets a new password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _own_page(form, status=422 if form.errors else 200)
    try:
        recovery.change_password(
            own_id(),
            form.current.data or "",
            form.new.data or "",
            by=current_actor(),
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except operations.WrongSignIn as refusal:
        form.current.errors = [str(refusal.message)]
        return _own_page(form, status=422)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        form.new.errors = [str(refusal.message)]
        return _own_page(form, status=422)
    sessions.forget()
    return saved(to=url_for("accounts.sign_in"), message=_("密码已修改，请用新密码登录"))


def _own_page(form: PasswordForm, *, status: int) -> Response:
    account = own_account()
    email = email_of(account)
    return page(
        "accounts/own.html",
        status=status,
        form=form,
        language_form=LanguageForm(language=account.language, formdata=None),
        account=account,
        email=None if email is None else mask_email(email),
        has_choice=account.role in lifecycle.OFFERED | lifecycle.REQUIRED,
        codes_left=queries.count_recovery_codes(account.id),
        live=sessions.list_live(account.id, at=clock.real_now()),
        this=hash_of(own_secret()),
        real_now=clock.real_now(),
    )


@bp.post("/account/language")
@open_to_signed_in
def set_language() -> Response:
    """The language of letters."""
    form = LanguageForm()
    if form.validate():
        recovery.set_language(own_id(), form.language.data, by=current_actor(), at=clock.now())
    return saved(to=url_for("accounts.own"), message=_("已更新"))


@bp.route("/account/email", methods=["GET", "POST"])
@open_to_signed_in
def email() -> Response:
    """A new address: it counts once the link that is sent there was opened."""
    form = EmailForm()
    if not form.validate_on_submit():
        return page("accounts/email.html", form=form, status=422 if form.errors else 200)
    try:
        recovery.ask_new_email(
            own_id(),
            form.password.data or "",
            form.address,
            by=current_actor(),
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except operations.WrongSignIn as refusal:
        form.password.errors = [str(refusal.message)]
        return page("accounts/email.html", form=form, status=422)
    return saved(to=url_for("accounts.own"), message=_("已发出确认邮件；打开其中的链接后，新邮箱生效"))


@bp.post("/account/sessions")
@open_to_signed_in
def end_others() -> Response:
    """Sign out everywhere else."""
    operations.end_others(
        own_id(), own_secret(), by=current_actor(), at=clock.now(), real_at=clock.real_now()
    )
    return saved(to=url_for("accounts.own"), message=_("其他设备都已退出"))
