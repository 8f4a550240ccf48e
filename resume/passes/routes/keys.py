"""/keys: the administrator's list of keys; a new one, one whose time is over, one that leaked."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.passes import rotation
from resume.passes.forms import EndKeyForm, NewKeyForm
from resume.passes.key_words import PURPOSE_NAMES, ROLE_NAMES
from resume.passes.routes.blueprint import bp
from resume.refusals import Refusal
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved


@bp.get("/keys")
@open_to(Role.ADMINISTRATOR)
def key_list() -> Response:
    """Every key with its state, since when, and how many passes in force it signed."""
    found = rotation.list_keys(at=clock.now())
    return page("passes/keys.html", keys=found, purposes=PURPOSE_NAMES, roles=ROLE_NAMES)


@bp.get("/keys/<kid>")
@open_to(Role.ADMINISTRATOR)
def key(kid: str) -> Response:
    """One key: what it signed, for which firms, and the ways to end its time."""
    at = clock.now()
    return page(
        "passes/key.html",
        key=rotation.get_key(kid, at=at),
        firms=rotation.live_by_firm(kid, at=at),
        purposes=PURPOSE_NAMES,
        roles=ROLE_NAMES,
    )


@bp.route("/keys/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new_key() -> Response:
    """A new key of a purpose."""
    form, status = NewKeyForm(), 200
    if form.validate_on_submit():
        try:
            made = rotation.rotate(
                form.purpose.data,
                reason=form.reason.data or "",
                at_once=form.at_once.data,
                by=current_actor(),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.purpose.errors = [f"{refusal.message}。{refusal.advice}"]
            status = refusal.status
        else:
            return saved(to=url_for("passes.key", kid=made.kid), message=_("新密钥已启用并公布"))
    elif form.errors:
        status = 422
    return page("passes/new_key.html", status=status, form=form)


@bp.route("/keys/<kid>/retire", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def retire_key(kid: str) -> Response:
    """End a key's time: what it signed stays good."""
    return _end(kid, rotation.retire, "passes/retire_key.html", _("密钥已停用；它签发过的通行证继续有效"))


@bp.route("/keys/<kid>/distrust", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def distrust_key(kid: str) -> Response:
    """Trust nothing that a key signed, from this second on."""
    said = _("密钥已宣布不可信；它签发的通行证从现在起一律不予放行")
    return _end(kid, rotation.distrust, "passes/distrust_key.html", said)


def _end(kid: str, door: Callable[..., rotation.KeyView], template: str, message: str) -> Response:
    at = clock.now()
    found = rotation.get_key(kid, at=at)
    form, status = EndKeyForm.of(kid), 200
    if form.validate_on_submit():
        try:
            door(kid, reason=form.reason.data or "", by=current_actor(), at=at)
        except Refusal as refusal:
            form.typed.errors = [f"{refusal.message}。{refusal.advice}"]
            status = refusal.status
        else:
            return saved(to=url_for("passes.key", kid=kid), message=message)
    elif form.errors:
        status = 422
    firms = rotation.live_by_firm(kid, at=at)
    return page(template, status=status, form=form, key=found, firms=firms, purposes=PURPOSE_NAMES)
