"""The request log: one JSON line a request, with an id that the response carries too.

No personal data: the route's pattern instead of the address, no query, no body, no name, no IP address;
of an exception its type and where it was raised, never its message, which may quote what was sent.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from typing import Any, TextIO
from uuid import uuid4

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

log = structlog.get_logger("resume.web")


def configure_logging(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """JSON lines with time (UTC), level and what is bound to the context; to standard error by default."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def init_request_log(app: Flask) -> None:
    """Bind a request id, write the access line, send the id back as X-Request-Id.

    An id sent by the client is not taken: it would be the client's text in our log.
    """
    app.before_request(_begin)
    app.after_request(_end)
    app.jinja_env.globals.update(request_id=request_id)


def request_id() -> str:
    """This request's id: what a reader quotes to support, and what the log lines carry."""
    if "request_id" not in g:
        g.request_id = uuid4().hex
    return str(g.request_id)


def log_bug(error: BaseException) -> None:
    """One line for an exception nobody meant: its type and frames, without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    log.error("bug", exception=type(error).__qualname__, frames=places, route=_route())


def _begin() -> None:
    g.request_started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id())


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if request.endpoint != "static":
        log.info("request", **_access_line(response))
    return response


def _access_line(response: Response) -> dict[str, Any]:
    started = g.get("request_started")
    taken = None if started is None else round((time.perf_counter() - started) * 1000, 1)
    return {
        "method": request.method,
        "route": _route(),
        "status": response.status_code,
        "ms": taken,
        "bytes": response.content_length,
    }


def _route() -> str | None:
    return None if request.url_rule is None else request.url_rule.rule
