"""Text that is no text: a NUL in an address or a form is refused before any page sees it.

No reader types one, HTML forbids it, and PostgreSQL takes it in no column: without this every search and
every field would be a 500 there.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, request
from werkzeug.exceptions import BadRequest

_NUL = "\x00"


def init_control_text(app: Flask) -> None:
    """Refuse such a request with 400."""
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if _NUL in request.path or any(_NUL in text for text in _typed()):
        raise BadRequest


def _typed() -> Iterator[str]:
    for values in (request.args, request.form):
        for key, texts in values.lists():
            yield from (key, *texts)
