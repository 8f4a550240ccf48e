"""Pages of tokens: all of them, a new one (whose text is shown once), and revoking."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from resume import clock
from resume.api.forms import TokenForm
from resume.api.operations.tokens import create_token, revoke_token
from resume.api.queries import list_tokens
from resume.api.scopes import SCOPE_NAMES
from resume.places.districts import DISTRICT_NAMES
from resume.refusals import Refusal
from resume.roles import Role
from resume.web.access import current_actor, open_to
from resume.web.pages import page, saved

bp = Blueprint("tokens", __name__)


@bp.get("/api-tokens")
@open_to(Role.ADMINISTRATOR)
def index() -> Response:
    """All tokens, live ones first."""
    return page("tokens/index.html", tokens=list_tokens(), scope_names=SCOPE_NAMES, districts=DISTRICT_NAMES)


@bp.route("/api-tokens/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new() -> Response:
    """A new token. The answer to the form is the only page that shows it: no redirect could carry it."""
    form = TokenForm()
    if not form.validate_on_submit():
        return page("tokens/new.html", form=form, status=422 if form.errors else 200)
    try:
        token, text = create_token(form.token(), by=current_actor(), at=clock.now(), real_at=clock.real_now())
    except Refusal as refusal:
        form.name.errors = [*form.name.errors, f"{refusal.message}。{refusal.advice}"]
        return page("tokens/new.html", form=form, status=refusal.status)
    return page("tokens/made.html", token=token, text=text, scope_names=SCOPE_NAMES)


@bp.post("/api-tokens/<uuid:token_id>/revoked")
@open_to(Role.ADMINISTRATOR)
def revoke(token_id: UUID) -> Response:
    """Revoke a token for good."""
    revoke_token(token_id, by=current_actor(), at=clock.now(), real_at=clock.real_now())
    return saved(to=url_for("tokens.index"), message=_("令牌已撤销，不能再使用"))
