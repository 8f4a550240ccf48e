"""The frame around every page: who reads it, the navigation by the reader's nouns, the clock's notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, request, url_for

from resume.refusals import Text
from resume.roles import Role


@dataclass(frozen=True, slots=True)
class NavItem:
    """One noun of the navigation: shown to `roles` (none given: to everybody signed in).

    It is marked as current on every page of its endpoint's blueprint.
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
class Reader:
    """Who reads the page: `organisation` (firm, district or gate) and `role_name` are shown in the header."""

    role: Role
    organisation: str
    role_name: Text


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame asks of the application, each at most once a request.

    `reader`: who is signed in, or None. `now`: domain time. `demo_now`: the demo city's time, or None in
    production. `sign_in_endpoint`, `sign_out_endpoint`: where link and button of the header go; None hides them.
    """

    reader: Callable[[], Reader | None]
    now: Callable[[], datetime]
    demo_now: Callable[[], datetime | None]
    navigation: Sequence[NavItem] = ()
    sign_in_endpoint: str | None = None
    sign_out_endpoint: str | None = None


def init_layout(app: Flask, frame: Frame) -> None:
    """Globals of every template: reader(), navigation(), now(), demo_now(), language_return()."""
    app.extensions["frame"] = frame
    app.jinja_env.globals.update(
        reader=reader,
        navigation=navigation,
        now=now,
        demo_now=demo_now,
        sign_in_endpoint=frame.sign_in_endpoint,
        sign_out_endpoint=frame.sign_out_endpoint,
        language_return=language_return,
    )


def write_bare() -> None:
    """Write this request's page without asking who reads it or what time it is: for 500 and 503."""
    g.frame_reader = g.frame_demo_now = None


def reader() -> Reader | None:
    who: Reader | None = _once("reader", _frame().reader)
    return who


def now() -> datetime:
    """Domain time of this request: one moment for the whole page."""
    moment: datetime = _once("now", _frame().now)
    return moment


def demo_now() -> datetime | None:
    moment: datetime | None = _once("demo_now", _frame().demo_now)
    return moment


def navigation() -> list[NavLink]:
    """The items of the reader's role; none for nobody."""
    who = reader()
    if who is None:
        return []
    shown = [item for item in _frame().navigation if not item.roles or who.role in item.roles]
    return [NavLink(str(item.label), url_for(item.endpoint), _is_current(item)) for item in shown]


def language_return() -> str:
    """Where the language switch comes back to: this page's address, its path alone after a POST."""
    if request.method == "GET" and request.query_string:
        return request.full_path
    return request.path


def _is_current(item: NavItem) -> bool:
    endpoint = request.endpoint or ""
    if "." not in item.endpoint:
        return endpoint == item.endpoint
    return endpoint.rpartition(".")[0] == item.endpoint.rpartition(".")[0]


def _frame() -> Frame:
    frame: Frame = current_app.extensions["frame"]
    return frame


def _once(name: str, ask: Callable[[], Any]) -> Any:
    key = f"frame_{name}"
    if key not in g:
        setattr(g, key, ask())
    return g.get(key)
