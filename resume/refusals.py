"""Refused on purpose: typed refusals that say what, why, what to do next and from when.

A leaf is defined beside the door that raises it and sets `code`, `message` and `advice`; `web/errors.py`
maps every refusal to a page or a fragment with its status. Anything else that is raised is a bug.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Text: TypeAlias = str | LazyString


class Refusal(Exception):
    """A thing the system will not do, explained.

    `code` is stable and ASCII; `message` says what was refused and why; `advice` what to do next;
    `until` (aware) from when it can be tried again, where that is known.
    """

    status: ClassVar[int] = 422
    code: str = "refused"
    message: Text = _("无法办理这一请求")
    advice: Text = _("请核对后再试")

    def __init__(
        self,
        message: Text | None = None,
        *,
        advice: Text | None = None,
        until: datetime | None = None,
        code: str | None = None,
    ) -> None:
        if until is not None and until.tzinfo is None:
            raise ValueError("until must be aware")
        self.message = self.message if message is None else message
        self.advice = self.advice if advice is None else advice
        self.code = code or self.code
        self.until = until
        super().__init__(self.code)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotFound(Refusal):
    """There is no such record, or it is not the reader's to see: the two are not told apart."""

    status = 404
    code = "not_found"
    message = _("没有找到这一页")
    advice = _("请核对地址，或从导航重新进入；它也可能不属于您的单位")


class NotAllowed(Refusal):
    """The reader's role does not do this."""

    status = 403
    code = "not_allowed"
    message = _("您的账号不能办理这一事项")
    advice = _("如确需办理，请联系本单位的系统管理员")


class Conflict(Refusal):
    """The record is not in the state this needs, or somebody else was first."""

    status = 409
    code = "conflict"
    message = _("情况已有变化，这一操作没有进行")
    advice = _("请刷新页面，看到最新情况后再办理")


class Unprocessable(Refusal):
    """What was sent can be read but not accepted."""

    status = 422
    code = "unprocessable"
    message = _("提交的内容不能受理")
    advice = _("请按提示修改后重新提交")


class TooMany(Refusal):
    """Tried too often; `retry_after` is seconds, sent as Retry-After."""

    status = 429
    code = "too_many"
    message = _("操作过于频繁")
    advice = _("请稍候再试")

    def __init__(
        self,
        message: Text | None = None,
        *,
        retry_after: int,
        advice: Text | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message, advice=advice, code=code)
        self.retry_after = max(1, retry_after)


class Unavailable(Refusal):
    """The system cannot do it now; nothing was changed."""

    status = 503
    code = "unavailable"
    message = _("系统暂时不能办理，没有任何内容被改动")
    advice = _("请稍后再试")
