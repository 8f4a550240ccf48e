"""Refusals and errors as problem+json (RFC 9457): what, why, what next, in both languages, nothing personal.

The refusals are the house's own, mapped to their status in `web.errors`; here they are only written down.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import make_response
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from pydantic_core import ErrorDetails
from werkzeug.wrappers import Response

from resume.refusals import Refusal, Text
from resume.web.errors import Explained

PROBLEM = "application/problem+json"
MOST_PLACES = 100
_DEEPEST = 3  # records, its index, its field; below are a type's alternatives, which are one fault

#: What pages say of these is for people in front of a page.
_BY_STATUS: dict[int, tuple[Text, Text]] = {
    400: (_("请求不能读取，没有受理"), _("正文须为一份完整的 JSON（UTF-8）")),
    404: (_("没有这个地址或记录，或它不属于此令牌"), _("请对照 /api/v1/openapi.json 核对地址与编号")),
    405: (_("这个地址不接受这种方法"), _("请使用 Allow 中列出的方法")),
    413: (_("请求超过 20 MB，没有受理"), _("请拆分后分批提交")),
    415: (_("正文类型不能受理"), _("请使用 Content-Type: application/json")),
    500: (_("系统出错，没有完成"), _("请稍后用同一个键重发；如仍出错，请把 X-Request-Id 告诉系统管理员")),
}


class BadShape(Refusal):
    """The body is JSON, but not of the shape that is asked for; `places` says where."""

    status = 422
    code = "bad_shape"
    message = _("请求正文的结构不对，没有受理任何记录")
    advice = _("请按 errors 中列出的位置修改后重新提交")

    def __init__(self, found: Sequence[ErrorDetails]) -> None:
        super().__init__()
        self.places = _places(found)


class NotJson(Refusal):
    """The body's type is another one."""

    status = 415
    code = "http_415"
    message, advice = _BY_STATUS[415]


def write_problem(explained: Explained) -> Response:
    """The explained error as problem+json."""
    message, advice = explained.message, explained.advice
    if explained.code.startswith("http_") or explained.code in ("not_found", "bug"):
        message, advice = _BY_STATUS.get(explained.status, (message, advice))
    return _problem(explained.status, explained.code, message, advice, [])


def write_bad_shape(refusal: BadShape) -> Response:
    """As `write_problem`, with the places."""
    return _problem(refusal.status, refusal.code, refusal.message, refusal.advice, refusal.places)


def _problem(status: int, code: str, message: Text, advice: Text, places: list[dict[str, Any]]) -> Response:
    with force_locale("en"):
        title, detail = str(message), str(advice)
    with force_locale("zh_Hans"):
        zh = {"title": str(message), "detail": str(advice)}
    content: dict[str, Any] = {
        "type": f"urn:resume:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "zh": zh,
    }
    if places:
        content["errors"] = places
    response = make_response(json.dumps(content, ensure_ascii=False), status)
    response.mimetype = PROBLEM
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="resume"'
    return response


def _places(found: Sequence[ErrorDetails]) -> list[dict[str, Any]]:
    """Each wrong place once, at most 100; never what stands there."""
    places: dict[str, dict[str, Any]] = {}
    for error in found:
        path = _path(error["loc"][:_DEEPEST])
        kind = error["type"].removeprefix("string_").removeprefix("list_")
        kind = error["type"] if kind == "type" else kind
        zh, en = _SAID.get(error["type"], _OTHER)
        places.setdefault(path, {"path": path, "code": kind, "text": {"zh": zh, "en": en}})
        if len(places) == MOST_PLACES:
            break
    return list(places.values())


def _path(loc: tuple[int | str, ...]) -> str:
    """`("records", 3, "sampled_at")` -> `records[3].sampled_at`; the body itself is `""`."""
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{_printable(part)}"
    return path.removeprefix(".")


def _printable(name: str) -> str:
    return "".join(character for character in name if character.isprintable())[:60]


_OTHER = ("类型或长度不对", "Wrong type or length.")
_SAID: dict[str, tuple[str, str]] = {
    "missing": ("缺少这一项", "This is required."),
    "extra_forbidden": ("没有这一项", "There is no such field."),
    "string_type": ("应为文本", "This must be text."),
    "string_unicode": ("不是有效的 Unicode 文本", "This is no valid Unicode text."),
    "string_too_long": ("文本太长", "This text is too long."),
    "string_too_short": ("文本太短", "This text is too short."),
    "string_pattern_mismatch": (
        "只能是 1 到 128 个可见 ASCII 字符",
        "Give 1 to 128 visible ASCII characters.",
    ),
    "bool_type": ("应为 true、false 或文本", "This must be true, false or text."),
    "int_type": ("应为整数", "This must be an integer."),
    "list_type": ("应为数组", "This must be an array."),
    "too_long": ("最多 10000 条", "At most 10,000 of these."),
    "too_short": ("至少 1 条", "At least one of these."),
    "model_type": ("应为对象", "This must be an object."),
    "model_attributes_type": ("应为对象", "This must be an object."),
    "literal_error": ("不是列出的值", "This is none of the values listed."),
    "one_of": ("token 与 number 须且只能填一个", "Give either token or number, and not both."),
}
