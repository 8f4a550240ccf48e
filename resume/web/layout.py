"""The frame around every page: who reads it, the navigation by the reader's nouns, the clock's notice.

The application sets `app.config["NAVIGATION"]` (a list of NavItem) and may call `name_organisations` and
`count_notices`; the header links to `accounts.sign_in` and posts to `accounts.sign_out` where these exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext

from resume import clock
from resume.refusals import Text
from resume.roles import ROLE_NAMES, Actor, Role
from resume.web.access import current_actor

T = TypeVar("T")

SIGN_IN, SIGN_OUT = "accounts.sign_in", "accounts.sign_out"
INBOX = "notices.index"
#: Domain time this far from the real time is a demo home's, or one that RESUME_CLOCK fixed.
_SHIFTED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NavItem:
    """One noun of the navigation: shown to `roles` (none given: to everybody signed in with an account).

    It is marked as current on its own page, on pages whose address lies below its own, and, where no item is
    marked by that, on every page of its endpoint's blueprint.
    """

    endpoint: str
    label: Text
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class NavLink:
    """A navigation item as the template writes it."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """The way to the reader's notices, and how many of them are unread."""

    url: str
    unread: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page, as the header says it: 新源电驱动（企业人事）; the organisation may be empty."""

    role: Role
    role_name: str
    organisation: str


def init_layout(app: Flask) -> None:
    """Globals of every template: reader(), navigation(), now(), demo_now(), frame_link(endpoint), ..."""
    app.config.setdefault("NAVIGATION", [])
    app.jinja_env.globals.update(
        reader=reader,
        navigation=navigation,
        now=now,
        demo_now=demo_now,
        is_bare=is_bare,
        sign_in_url=lambda: _url_if_any(SIGN_IN),
        sign_out_url=sign_out_url,
        language_return=language_return,
        inbox=inbox,
    )


def name_organisations(app: Flask, name_of: Callable[[Actor], str]) -> None:
    """Let `name_of` say what an actor belongs to: the firm's, district's or gate's name. Once a request."""
    app.extensions["resume-organisation"] = name_of


def count_notices(app: Flask, unread_of: Callable[[Actor], int | None]) -> None:
    """Let `unread_of` say how many notices an actor has not read; None for those who have no inbox."""
    app.extensions["resume-unread"] = unread_of


def write_bare() -> None:
    """Write this request's page without asking the database who reads it: for 500 and 503."""
    g.frame_bare = True


def is_bare() -> bool:
    return bool(g.get("frame_bare", False))


def reader() -> Reader | None:
    """The signed-in reader of this request, or None."""
    return None if is_bare() else _once("frame_reader", _ask_reader)


def inbox() -> Inbox | None:
    """The reader's inbox, or None where he has none."""
    return None if is_bare() else _once("frame_inbox", _ask_inbox)


def now() -> datetime:
    """Domain time of this request: one moment for the whole page."""
    return _once("frame_now", clock.now)


def demo_now() -> datetime | None:
    """Domain time where it is not the real time, for the notice on every page; else None."""
    if is_bare():
        return None
    return now() if abs(clock.real_now() - now()) > _SHIFTED else None


def navigation() -> list[NavLink]:
    """The items of the reader's role; none for nobody."""
    who = reader()
    if who is None:
        return []
    items: list[NavItem] = current_app.config["NAVIGATION"]
    has_account = current_actor().device_id is None
    shown = [item for item in items if (who.role in item.roles if item.roles else has_account)]
    urls = {item.endpoint: url_for(item.endpoint) for item in shown}
    above = [item for item in shown if request.path.startswith(f"{urls[item.endpoint]}/")]
    nearest = sorted(above, key=lambda item: -len(urls[item.endpoint])) or [*filter(_is_near, shown)]
    current = [item for item in shown if item.endpoint == request.endpoint] or nearest[:1]
    return [NavLink(str(item.label), urls[item.endpoint], item in current) for item in shown]


def sign_out_url() -> str | None:
    """Where the reader signs out; None for an enrolled phone, which did not sign in."""
    return None if current_actor().device_id is not None else _url_if_any(SIGN_OUT)


def language_return() -> str:
    """Where the language switch comes back to: this page's address, its path alone after a POST."""
    if request.method == "GET" and request.query_string:
        return request.full_path.replace("\x00", "")  # a page cannot hold one
    return request.path.replace("\x00", "")


def _ask_reader() -> Reader | None:
    actor = current_actor()
    if actor.role is None:
        return None
    name_of = current_app.extensions.get("resume-organisation")
    organisation = "" if name_of is None else str(name_of(actor))
    return Reader(actor.role, gettext(ROLE_NAMES[actor.role]), organisation)


def _ask_inbox() -> Inbox | None:
    unread_of, url = current_app.extensions.get("resume-unread"), _url_if_any(INBOX)
    unread = None if unread_of is None else unread_of(current_actor())
    return None if unread is None or url is None else Inbox(url, unread)


def _is_near(item: NavItem) -> bool:
    """Whether the page belongs to the item's blueprint."""
    slice_name = item.endpoint.rpartition(".")[0]
    return bool(slice_name) and (request.endpoint or "").rpartition(".")[0] == slice_name


def _url_if_any(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _once(name: str, ask: Callable[[], T]) -> T:
    if name not in g:
        setattr(g, name, ask())
    value: T = g.get(name)
    return value
