"""One's own second factor: set up, moved to another telephone, new recovery codes, turned off."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.accounts import lifecycle, operations, queries, sessions
from resume.accounts.forms import CodeForm, ProofForm
from resume.accounts.operations import factor_steps, factors
from resume.accounts.routes.blueprint import bp, device, explain, own_account, own_id
from resume.accounts.routes.sign_in import drawn_secret
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved

_WITH_FACTOR = sorted(lifecycle.REQUIRED | lifecycle.OFFERED)


@bp.get("/account/second-factor")
@open_to(*_WITH_FACTOR)
def factor() -> Response:
    """Whether a second factor is in use, and what can be done."""
    return _factor_page(_proof_form())


@bp.post("/account/second-factor")
@open_to(*_WITH_FACTOR)
def confirm_factor() -> Response:
    """The first code of a new secret; the recovery codes are shown this once."""
    if factor_steps.pending_secret(own_account()) is None:
        return saved(to=url_for("accounts.factor"))  # nothing was begun, or it is in use by now
    form = CodeForm()
    if not form.validate():
        return _factor_page(_proof_form(), code_form=form, status=422)
    try:
        done = factors.confirm_factor(
            own_id(), form.code.data or "", at=clock.now(), real_at=clock.real_now(), device=device()
        )
    except operations.WrongCode as refusal:
        explain(form.code, refusal)
        return _factor_page(_proof_form(), code_form=form, status=422)
    sessions.remember(done.secret, done.account)
    return page("accounts/recovery_codes.html", codes=done.codes, to=url_for("accounts.own"))


@bp.post("/account/second-factor/begin")
@open_to(*_WITH_FACTOR)
def begin_factor() -> Response:
    """Begin: a new secret is shown on the page one comes back to."""
    return _proved(factors.begin_factor, lambda _none: saved(to=url_for("accounts.factor")))


@bp.post("/account/second-factor/drop")
@open_to(*_WITH_FACTOR)
def drop_factor() -> Response:
    """Give up what was begun: a factor in use stays in use."""
    factors.drop_begun(own_id(), by=current_actor(), at=clock.now())
    return saved(to=url_for("accounts.factor"))


@bp.post("/account/second-factor/codes")
@open_to(*_WITH_FACTOR)
def renew_codes() -> Response:
    """New recovery codes in place of the old ones."""

    def show(codes: object) -> Response:
        return page("accounts/recovery_codes.html", codes=codes, to=url_for("accounts.own"))

    return _proved(factors.renew_codes, show)


@bp.post("/account/second-factor/off")
@open_to(*_WITH_FACTOR)
def turn_off() -> Response:
    """Do without it again, where the role allows that."""
    message = _("动态验证码已停用")
    return _proved(factors.turn_off, lambda _none: saved(to=url_for("accounts.own"), message=message))


def _proved(door: Callable[..., object], then: Callable[[object], Response]) -> Response:
    """Open a door that asks who one is, and go on; or the page with what was wrong."""
    form = _proof_form()
    if not form.validate():
        return _factor_page(form, status=422)
    account_id: UUID = own_id()
    try:
        done = door(
            account_id,
            form.password.data or "",
            form.typed_code,
            by=current_actor(),
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except operations.WrongSignIn as refusal:
        form.password.errors = [str(refusal.message)]
    except operations.WrongCode as refusal:
        explain(form.code, refusal)
    else:
        return then(done)
    return _factor_page(form, status=422)


def _proof_form() -> ProofForm:
    form = ProofForm()
    if not own_account().has_second_factor:
        form.need_no_code()
    return form


def _factor_page(form: ProofForm, *, code_form: CodeForm | None = None, status: int = 200) -> Response:
    account = own_account()
    return page(
        "accounts/factor.html",
        status=status,
        form=form,
        code_form=code_form or CodeForm(formdata=None),
        account=account,
        is_required=account.role in lifecycle.REQUIRED,
        codes_left=queries.count_recovery_codes(account.id),
        **drawn_secret(account),
    )
