"""Who comes in: a bearer token with the scope of the endpoint, not too often, with JSON in hand.

Closed by default: a view of this blueprint without `@scope(...)` or `@without_token` is refused. Cookies are
never looked at here, so a browser's session opens nothing and no CSRF token is asked; and pages never look at
the Authorization header, so a token opens no page.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request
from flask_babel import lazy_gettext as _
from pydantic import BaseModel, ConfigDict, Field

from resume import clock
from resume.api.operations.keeping import Once
from resume.api.operations.tokens import note_use
from resume.api.problems import NotJson
from resume.api.queries import caller_of, find_live
from resume.api.routes import bp
from resume.api.scopes import Caller
from resume.gate.throttle import Window
from resume.refusals import NotAllowed, Refusal, TooMany
from resume.web.access import open_to_everybody

View = TypeVar("View", bound=Callable[..., Any])

LIMIT, SECONDS = 600, 60
_NOBODY: frozenset[str] = frozenset()


class NoToken(Refusal):
    """There is no token, or it is none of ours, or it was revoked: which one is not said."""

    status = 401
    code = "no_token"
    message = _("没有有效的令牌")
    advice = _("请在 Authorization: Bearer 中给出有效的令牌；令牌由系统管理员签发")


class OutOfScope(NotAllowed):
    """The token is good, but not for this."""

    code = "out_of_scope"
    message = _("此令牌没有这项权限")
    advice = _("如确需办理，请系统管理员签发带有该权限的令牌")


class TooManyRequests(TooMany):
    """This token asked too often."""

    code = "too_many_requests"
    message = _("此令牌的请求过于频繁")
    advice = _("请按 Retry-After 等待后重发；多条记录可合并为一批")


class KeyMissing(Refusal):
    """A request that writes came without a usable key."""

    status = 400
    code = "idempotency_key_missing"
    message = _("缺少可用的 Idempotency-Key，没有受理")
    advice = _("请给出 1 到 128 个可见 ASCII 字符的键；每个新请求一个新键，重发时用原来的键")


class IdempotencyHeader(BaseModel):
    """The key that makes a request one, however often it is sent: new for each new request."""

    model_config = ConfigDict(extra="ignore")

    idempotency_key: str = Field(pattern=r"^[!-~]{1,128}$", description="1 to 128 visible ASCII characters.")


def scope(*needed: str) -> Callable[[View], View]:
    """Open a view to tokens with one of these scopes, and to nobody else."""
    return lambda view: _marked(view, frozenset(needed))


def without_token(view: View) -> View:
    """Open a view to all, with a token or without."""
    return _marked(view, None)


def _marked(view: View, needed: frozenset[str] | None) -> View:
    view.needed_scopes = needed  # type: ignore[attr-defined]
    return open_to_everybody(view)  # of roles: there are none here, the token is asked below


def caller() -> Caller:
    """Who makes this request."""
    found: Caller = g.api_caller
    return found


def once(header: IdempotencyHeader) -> Once:
    """This request as its sender named it."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    digest.update(request.get_data())
    return Once(header.idempotency_key, digest.digest())


@bp.before_request
def admit() -> None:
    """Refuse whoever has no business here, before anything of the request is read."""
    needed = getattr(current_app.view_functions[request.endpoint or ""], "needed_scopes", _NOBODY)
    if needed is None:
        return
    given = request.authorization
    text = given.token if given is not None and given.type == "bearer" else None
    token = find_live(text) if text else None
    if token is None:
        raise NoToken
    g.api_caller = caller_of(token)
    _count(str(token.id))
    if needed.isdisjoint(g.api_caller.scopes):
        raise OutOfScope
    if request.method == "POST" and request.mimetype != "application/json":
        raise NotJson
    today = clock.shanghai_date(clock.real_now())
    if token.used_on is None or token.used_on < today:
        note_use(token.id, day=today)


def _count(token_id: str) -> None:
    limit = current_app.config.get("API_REQUESTS_A_MINUTE", LIMIT)
    window: Window = current_app.extensions.setdefault(
        "resume-api-window", Window(limit=limit, seconds=SECONDS)
    )
    try:
        window.count(token_id, at=time.monotonic())
    except TooMany as refused:
        raise TooManyRequests(retry_after=refused.retry_after) from None
