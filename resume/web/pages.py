"""Pages and fragments: one address serves both, one helper picks.

A fragment is a file `_name.html` whose root has `id="name[-key]"`; htmx swaps it by outerHTML. Without
JavaScript the same address gives the whole page.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, current_app, flash, make_response, redirect, render_template, request, url_for
from htmx_flask.requests import HtmxHeaders
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from resume.refusals import Text

MOST_PAGES = 100_000
MOST_ROWS = 2**31 - 1  # as far as an INTEGER key of PostgreSQL counts
#: The package whose macros templates import as "govuk_frontend_jinja/components/<name>/macro.html".
GOVUK = "govuk_frontend_jinja"


def init_pages(app: Flask) -> None:
    """The `asset` global, the templates of govuk-frontend-jinja, and `Vary: HX-Request` on HTML.

    htmx-flask's own `init_app` replaces `app.request_class`; its header reader is used directly instead.
    """
    govuk = PrefixLoader({GOVUK: PackageLoader(GOVUK)})
    loaders = [app.jinja_loader, govuk] if app.jinja_loader else [govuk]
    app.jinja_loader = ChoiceLoader(loaders)  # a cached property: set before its first use
    app.jinja_env.globals.update(asset=asset)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("HX-Request")
        return response


def wants_fragment() -> bool:
    """Whether htmx asks for a piece; boosted navigation and restored history need the page."""
    headers = HtmxHeaders(request.headers)
    return bool(headers) and not headers.boosted and not headers.history_restore_request


def page(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """`template`, or `fragment` if given and htmx asks for a piece; `status` is 422 for form errors."""
    chosen = fragment if fragment is not None and wants_fragment() else template
    response = make_response(render_template(chosen, **context), status)
    response.vary.add("HX-Request")
    return response


def asked_page(fields: MultiDict[str, str] | None = None) -> int:
    """The page of the address (or of a form), at least 1; its offset stays within what a database counts."""
    return min(max(1, (fields or request.args).get("page", 1, type=int)), MOST_PAGES)


def asked_before() -> int | None:
    """The row before which an address asks for the rest, or None."""
    number = request.args.get("before", type=int)
    return None if number is None else min(max(0, number), MOST_ROWS)


def saved(to: str, *, message: Text | None = None, category: str = "success") -> Response:
    """After a change: go to `to` and say `message` there. 303 for a plain form, HX-Redirect for htmx."""
    if message is not None:
        flash(str(message), category)
    if not wants_fragment():
        return redirect(to, 303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = to
    return response


def asset(filename: str) -> str:
    """The address of a file in static/, with a digest of its content so that it can be kept for a year."""
    path = Path(current_app.static_folder or "") / filename
    try:
        version = _digest(str(path), path.stat().st_mtime_ns)
    except OSError:
        return url_for("static", filename=filename)
    return url_for("static", filename=filename, v=version)


@lru_cache(maxsize=256)
def _digest(path: str, _changed_ns: int) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()[:12]
