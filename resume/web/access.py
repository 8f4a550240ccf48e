"""Who may open which door: default deny, one decorator, one check before every request.

An endpoint without `@open_to(...)` is closed to all. The whole table of endpoints and roles is a test
(tests/test_access.py). How a browser's session becomes an actor is the accounts slice's business; it
registers a loader here, so that this floor stays below it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from resume.refusals import NotAllowed, NotFound, Refusal
from resume.roles import PUBLIC, Actor, Role

View = TypeVar("View", bound=Callable[..., Any])

EVERYBODY: frozenset[Role | None] = frozenset([None, *Role])
ANYONE_SIGNED_IN: frozenset[Role | None] = frozenset(Role)
OPEN_ATTRIBUTE = "open_to_roles"
KEEPS_ATTRIBUTE = "keeps_typed"
ACCOUNT_ATTRIBUTE = "needs_account"
_KEEPER = "resume-typed-keeper"
_EXPLAINER = "resume-nobody-explainer"


class NeedsAccount(NotAllowed):
    """The page is of an account, and an enrolled phone has none, although it acts as a guard."""

    code = "needs_account"
    message = lazy_gettext("这部手机是门岗设备，没有账号，不能打开这一页")
    advice = lazy_gettext("查验请回到首页；这一页属于个人账号，请先用账号登录")


def open_to(*roles: Role) -> Callable[[View], View]:
    """Open an endpoint to these roles and to nobody else."""
    return _open(frozenset(roles))


def open_to_everybody(view: View) -> View:
    """Open an endpoint to all, signed in or not."""
    return _open(EVERYBODY)(view)


def open_to_signed_in(view: View) -> View:
    """Open an endpoint to every role, but to nobody who is not signed in with an account.

    Such pages are about the reader's account; an enrolled phone is a guard of its gate and has none.
    """
    return with_account(_open(ANYONE_SIGNED_IN)(view))


def with_account(view: View) -> View:
    """Close an endpoint to enrolled phones: it shows more of people than a scan does."""
    setattr(view, ACCOUNT_ATTRIBUTE, True)
    return view


def _open(roles: frozenset[Role | None]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, OPEN_ATTRIBUTE, roles)
        return view

    return mark


def keeps_typed(view: View) -> View:
    """What is posted here is kept where the session has expired, to be offered after sign-in on the page
    of the same address, which asks for it (docs/adr/0015-typed-text-is-kept.md)."""
    setattr(view, KEEPS_ATTRIBUTE, True)
    return view


def needs_account(app: Flask, endpoint: str) -> bool:
    """Whether an endpoint is closed to an enrolled phone, whatever its role."""
    return hasattr(app.view_functions[endpoint], ACCOUNT_ATTRIBUTE)


def roles_of(app: Flask, endpoint: str) -> frozenset[Role | None]:
    """To whom an endpoint is open; nobody where nothing was said."""
    if endpoint == "static":
        return EVERYBODY
    return getattr(app.view_functions[endpoint], OPEN_ATTRIBUTE, frozenset())


def current_actor() -> Actor:
    """Who makes this request: the signed-in account's actor, or PUBLIC."""
    actor = g.get("actor")
    if actor is None:
        actor = current_app.extensions["resume-actor-loader"]()
        g.actor = actor
    return actor  # type: ignore[no-any-return]


def own_firm() -> int:
    """The firm of the HR person who asks; NotFound for an account without one."""
    firm_id = current_actor().firm_id
    if firm_id is None:
        raise NotFound
    return firm_id


def own_district() -> str:
    """The district of the reviewer who asks; NotFound for an account without one."""
    district = current_actor().district_code
    if district is None:
        raise NotFound
    return district


def own_desk() -> tuple[str, str]:
    """District and street of the street's desk that asks; NotFound for an account without them."""
    actor = current_actor()
    if actor.district_code is None or actor.street is None:
        raise NotFound
    return actor.district_code, actor.street


def init_access(
    app: Flask,
    load_actor: Callable[[], Actor | None],
    find_waiting_page: Callable[[], str | None] = lambda: None,
) -> None:
    """Close every endpoint that is not opened; `load_actor` tells who is signed in.

    Whose sign-in is not finished is nobody yet; `find_waiting_page` says where it goes on.
    """

    @wraps(load_actor)
    def loader() -> Actor:
        return load_actor() or PUBLIC

    app.extensions["resume-actor-loader"] = loader
    app.extensions["resume-waiting-page"] = find_waiting_page
    app.before_request(_check)


def keep_typed_by(app: Flask, keeper: Callable[[frozenset[Role | None]], bool]) -> None:
    """Let `keeper(roles)` keep the form of a request that its expired session sent, for an account of
    `roles`; True where it was kept."""
    app.extensions[_KEEPER] = keeper


def explain_nobody_by(app: Flask, find_refusal: Callable[[], Refusal | None]) -> None:
    """Let `find_refusal()` say why a visitor who was somebody is nobody now; None: he is to sign in.

    Asked where guards may enter: a phone whose enrolment ended has nobody's password to sign in with.
    """
    app.extensions[_EXPLAINER] = find_refusal


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no such page: 404 says it
    allowed = roles_of(current_app, request.endpoint)
    if None in allowed:
        return None
    actor = current_actor()
    if actor.role in allowed:
        if actor.device_id is not None and needs_account(current_app, request.endpoint):
            raise NeedsAccount
        return None
    if actor.role is None and allowed:
        if Role.GUARD in allowed and not needs_account(current_app, request.endpoint):
            _refuse_ended()
        return _to_sign_in(is_kept=_keep(request.endpoint, allowed))
    raise NotAllowed


def _refuse_ended() -> None:
    find_refusal = current_app.extensions.get(_EXPLAINER)
    refusal = None if find_refusal is None else find_refusal()
    if refusal is not None:
        raise refusal


def _keep(endpoint: str, allowed: frozenset[Role | None]) -> bool:
    keeper = current_app.extensions.get(_KEEPER)
    wanted = request.method == "POST" and hasattr(current_app.view_functions[endpoint], KEEPS_ATTRIBUTE)
    return bool(wanted and keeper is not None and keeper(allowed))


def _to_sign_in(*, is_kept: bool) -> Response:
    """Send a visitor to the sign-in page or to its second step, and back to where a GET wanted to go or to
    what was kept of a POST.

    What htmx posts stays on its page: the answer is a notice there, so that nothing typed is lost.
    """
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path if is_kept else None
    waiting_page = current_app.extensions["resume-waiting-page"]()
    target = waiting_page or url_for("accounts.sign_in", to=back)
    if not request.headers.get("HX-Request"):
        if is_kept:
            flash(_("登录已过期，刚才填写的内容已为您保留；登录后回到那一页继续"), "kept")
        return redirect(target, 303)
    if request.method == "GET":
        # A redirect would be followed by the browser's request object and its page swapped into a fragment.
        return Response(status=204, headers={"HX-Redirect": target})
    html = render_template("errors/_expired.html", is_kept=is_kept)
    headers = {"HX-Retarget": "#notice", "HX-Reswap": "outerHTML", "Vary": "HX-Request"}
    return Response(html, status=401, headers=headers, mimetype="text/html")
