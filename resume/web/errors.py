"""Refusals and errors as pages or fragments, in one place.

Addresses that are no pages (the machine interface) have a writer of their own, registered here by prefix;
what is refused and with which status is decided here for all.

A refusal of an htmx request goes into the page's `#notice`, whatever was to be swapped; `static/resume.js`
lets such a response through although its status is an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, make_response, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from resume.refusals import NotAllowed, NotFound, Refusal, Text, TooMany, Unavailable
from resume.web.layout import write_bare
from resume.web.pages import wants_fragment
from resume.web.request_log import log, log_bug


@dataclass(frozen=True, slots=True)
class Explained:
    """What an error page says: what and why, what to do next, from when."""

    status: int
    code: str
    message: Text
    advice: Text
    until: datetime | None = None


Writer = Callable[[Explained], Response]
_WRITERS = "resume-error-writers"

_BY_STATUS: dict[int, tuple[Text, Text]] = {
    400: (_("请求不完整，没有受理"), _("请返回上一页，刷新后重新提交")),
    401: (_("请先登录"), _("登录后会回到这一页")),
    403: (NotAllowed.message, NotAllowed.advice),
    404: (NotFound.message, NotFound.advice),
    405: (_("这一页不能这样打开"), _("请从导航重新进入")),
    413: (_("提交的内容太大，没有受理"), _("单个文件不超过 20 MB；请拆分后分次上传")),
    415: (_("文件类型不能受理"), _("请使用页面上说明的文件类型")),
    429: (TooMany.message, TooMany.advice),
    500: (_("系统出错，没有完成"), _("请稍后再试；如仍出错，请把下面的编号告诉系统管理员")),
    503: (Unavailable.message, Unavailable.advice),
}
_CSRF_KEPT = (_("登录已变化，刚才的操作没有进行"), _("填写的内容仍在本页；请再办理一次"))
_CSRF = (_("页面停留时间过长或登录已变化，没有受理"), _("请刷新页面，核对内容后重新提交"))


def init_errors(app: Flask) -> None:
    """Map refusals, HTTP errors, failed CSRF checks and bugs."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, csrf_failed)
    app.register_error_handler(HTTPException, http_failed)
    app.register_error_handler(Exception, bug)


def write_errors_under(app: Flask, prefix: str, writer: Writer) -> None:
    """Let `writer` write the errors of addresses that begin with `prefix`, also where nothing is there."""
    app.extensions.setdefault(_WRITERS, {})[prefix] = writer


def refused(refusal: Refusal) -> Response:
    explained = Explained(refusal.status, refusal.code, refusal.message, refusal.advice, refusal.until)
    log.info("refused", code=refusal.code, status=refusal.status)
    response = write(explained)
    response.headers["X-Refusal"] = refusal.code  # for our own pages that ask by script
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def csrf_failed(_error: CSRFError) -> Response:
    """A page of htmx is given the token of now and keeps what was typed; any other is to be loaded anew.

    No other site can read the answer, so the token is as safe in it as in a page.
    """
    if not wants_fragment():
        return write(Explained(400, "csrf", *_CSRF))
    response = write(Explained(400, "csrf", *_CSRF_KEPT))
    response.headers["HX-Trigger"] = json.dumps({"csrf": {"token": generate_csrf()}})
    return response


def http_failed(error: HTTPException) -> Response:
    """Redirects and ready responses pass; anything else is explained, keeping headers such as Allow."""
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    known = error.code if error.code in _BY_STATUS else (400 if error.code < 500 else 500)
    response = write(Explained(error.code, f"http_{error.code}", *_BY_STATUS[known]))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def bug(error: Exception) -> Response:
    """A 500 whose page asks nothing of the database; the log has the place, the page the request's id."""
    log_bug(error)
    return write(Explained(500, "bug", *_BY_STATUS[500]))


def write(explained: Explained) -> Response:
    """The explained error as a page, as the notice of a page that htmx is on, or by the address's writer."""
    for prefix, writer in current_app.extensions.get(_WRITERS, {}).items():
        if request.path.startswith(prefix):
            return writer(explained)  # type: ignore[no-any-return]
    if explained.status >= 500:
        write_bare()
    if not wants_fragment():
        return make_response(render_template("errors/page.html", error=explained), explained.status)
    response = make_response(render_template("errors/_notice.html", error=explained), explained.status)
    response.headers["HX-Retarget"] = "#notice"
    response.headers["HX-Reswap"] = "outerHTML show:#notice:top"
    return response
