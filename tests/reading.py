"""A test client that reads every page: what it answers in HTML must be a page a browser and a person can use.

`reading_client(app)` is Flask's test client; each HTML answer is parsed by the HTML standard's rules, and a
`BadPage` lists everything wrong with it: errors of syntax, ids twice, labels missing, `hx-*` addresses that
do not exist with that method, targets that are not on the page, script or style in the markup.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from tinyhtml5.parser import HTMLParser
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from resume.db import db

LANGS = {"zh-Hans", "en"}
HX_METHODS = {f"hx-{method}": method.upper() for method in ("get", "post", "put", "patch", "delete")}
OWN_PLACES = ("this", "body", "window", "document", "closest", "find", "next", "previous")
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
#: A row or cell is parsed inside what it belongs to; anywhere else the standard drops its tags.
CONTAINERS = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "option": "select"}


class BadPage(AssertionError):
    """What is wrong with one HTML answer, all of it."""


def reading_client(app: Flask, **options: Any) -> FlaskClient:
    """A test client of `app` that reads each HTML answer and raises BadPage."""
    before, app.test_client_class = app.test_client_class, ReadingClient
    try:
        return app.test_client(**options)
    finally:
        app.test_client_class = before


class ReadingClient(FlaskClient):
    """Flask's test client, reading."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # A context of its own, as in a server: what a test keeps open must not lend its `g` to the request.
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if "sqlalchemy" in self.application.extensions and has_app_context():
            db.session.rollback()  # so that the test sees what the request has written
        if response.mimetype == "text/html" and response.get_data():
            is_redirect = response.status_code in range(300, 400)
            if not is_redirect:
                read(self.application, response.get_data(as_text=True), at=response.request.path)
        return response


def read(app: Flask, html: str, *, at: str = "/") -> Element:
    """The tree of a page or fragment; BadPage with every fault found. `at` is its address."""
    is_page = "<html" in html[:2000].lower()
    root, faults = parse_page(html) if is_page else parse_fragment(html)
    faults += [*ids(root), *inline(root), *labels(root), *addresses(app, root, at), *pictures(root)]
    faults += [*whole_page(root), *targets(root)] if is_page else [*fragment_root(root)]
    if faults:
        raise BadPage(f"{at}: " + "; ".join(faults))
    return root


def parse_page(html: str) -> tuple[Element, list[str]]:
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(html)
    return root, _syntax(parser)


def parse_fragment(html: str) -> tuple[Element, list[str]]:
    first = re.match(r"\s*(?:<!--.*?-->\s*)*<([a-z0-9]+)", html, re.S)
    container = CONTAINERS.get(first.group(1), "div") if first else "div"
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse_fragment(html, container=container)
    return root, _syntax(parser)


def _syntax(parser: HTMLParser) -> list[str]:
    return [f"line {position[0]}: {code} {data or ''}".strip() for position, code, data in parser.errors]


def elements(root: Element, name: str | None = None) -> Iterator[Element]:
    """Elements in order, without comments, by local name if given."""
    for element in root.iter():
        if isinstance(element.tag, str) and (name is None or local(element) == name):
            yield element


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def text(element: Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def ids(root: Element) -> Iterator[str]:
    counted = Counter(element.get("id") for element in elements(root) if element.get("id") is not None)
    for name, times in counted.items():
        if times > 1:
            yield f"id {name!r} {times} times"
        if not name or re.search(r"\s", name):
            yield f"id {name!r} is empty or has a space"


def inline(root: Element) -> Iterator[str]:
    """The CSP refuses script and style in the markup; so do we, before the browser does."""
    for element in elements(root):
        name = local(element)
        if name == "style" or element.get("style") is not None:
            yield f"style in the markup: <{name}>"
        if name == "script" and (not element.get("src") or (element.text or "").strip()):
            yield "script in the markup"
        for attribute in element.attrib:
            if attribute.startswith(("on", "hx-on")):
                yield f"{attribute} on <{name}>"
        for attribute in ("href", "src", "action"):
            if (element.get(attribute) or "").strip().lower().startswith("javascript:"):
                yield f"javascript: in {attribute}"
        if (element.get("hx-vals") or "").startswith("js:") or "[" in (element.get("hx-trigger") or ""):
            yield f"htmx would evaluate script on <{name}>"


def labels(root: Element) -> Iterator[str]:
    """Every control has a name: a label, or aria-label, or aria-labelledby that is there."""
    known = {element.get("id") for element in elements(root)}
    labelled = {label.get("for") for label in elements(root, "label") if text(label)}
    wrapped = {id(inside) for label in elements(root, "label") for inside in elements(label)}
    for element in elements(root):
        if local(element) not in ("input", "select", "textarea") or element.get("type") in UNLABELLED:
            continue
        has_name = element.get("aria-label") or element.get("id") in labelled or id(element) in wrapped
        if not has_name and element.get("aria-labelledby") not in known - {None}:
            yield f"no label: <{local(element)} name={element.get('name')!r}>"
    for label in elements(root, "label"):
        if label.get("for") is not None and label.get("for") not in known:
            yield f"label for {label.get('for')!r}, which is not there"
    for button in elements(root, "button"):
        if not text(button) and not button.get("aria-label"):
            yield "a button without words"


def pictures(root: Element) -> Iterator[str]:
    for image in elements(root, "img"):
        if image.get("alt") is None:
            yield f"<img src={image.get('src')!r}> without alt"


def addresses(app: Flask, root: Element, at: str) -> Iterator[str]:
    """Own links, forms and hx-* requests lead to a route that has that method."""
    for element in elements(root):
        for attribute, method in HX_METHODS.items():
            if (url := element.get(attribute)) is not None:
                yield from _missing(app, url or at, method, attribute)
        if local(element) == "form":
            yield from _missing(
                app, element.get("action") or at, (element.get("method") or "get").upper(), "action"
            )
        if local(element) == "a" and (href := element.get("href")) is not None:
            yield from _missing(app, href, "GET", "href")


def _missing(app: Flask, url: str, method: str, attribute: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return
    try:
        app.url_map.bind("localhost").match(parts.path, method=method)
    except RequestRedirect:
        return
    except (NotFound, MethodNotAllowed) as error:
        yield f"{attribute} {method} {parts.path}: {error.name}"
    except HTTPException:
        return


def targets(root: Element) -> Iterator[str]:
    """What htmx swaps, what labels and descriptions name, and where # links go, is on the page."""
    known = {element.get("id") for element in elements(root)}
    for element in elements(root):
        for attribute in ("hx-target", "hx-indicator", "hx-include"):
            selector = element.get(attribute, "")
            if selector and not selector.startswith(OWN_PLACES) and selector.lstrip("#") not in known:
                yield f"{attribute} {selector!r} is not on the page"
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for name in element.get(attribute, "").split():
                if name not in known:
                    yield f"{attribute} {name!r} is not on the page"
        href = element.get("href", "")
        if local(element) == "a" and href.startswith("#") and href[1:] not in known:
            yield f"link to {href!r}, which is not on the page"


def whole_page(root: Element) -> Iterator[str]:
    """One h1, the title begins with it, a language of ours, one main."""
    if root.get("lang") not in LANGS:
        yield f"lang is {root.get('lang')!r}"
    headings = [text(heading) for heading in elements(root, "h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"{len(headings)} h1: {headings}"
    title = next((text(element) for element in elements(root, "title")), "")
    if headings and not title.startswith(headings[0]):
        yield f"title {title!r} does not begin with {headings[0]!r}"
    if sum(1 for _ in elements(root, "main")) != 1:
        yield "not exactly one main"


def fragment_root(root: Element) -> Iterator[str]:
    """A fragment has a root with an id; htmx may bring more by hx-swap-oob."""
    roots = [child for child in root if isinstance(child.tag, str)]
    main = [child for child in roots if child.get("hx-swap-oob") is None]
    if len(main) != 1:
        yield f"a fragment of {len(main)} roots"
    elif not main[0].get("id"):
        yield f"a fragment whose root <{local(main[0])}> has no id"
