"""How each kind of notice is said, in the language of its reader. Nothing is read here but its values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from resume.web.dates import moment_text
from resume.web.language import current_language

Values = Mapping[str, Any]
_POSTS_SAID = 5


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def returned(values: Values) -> str:
    """`sections`: how many parts have to be mended."""
    return _("您企业的申请被退回，%(sections)s 处需要修改，改好后可重新提交。", **values)


def approved(values: Values) -> str:
    """`approved`, `withheld`; `is_later`: a batch for those kept back before."""
    if values["is_later"]:
        return _("补批：批准 %(approved)s 人，仍暂缓 %(withheld)s 人。", **values)
    return _("申请已批准：批准 %(approved)s 人，暂缓 %(withheld)s 人。", **values)


def refused(_values: Values) -> str:
    return _("您企业的申请不予批准，原因见申请页。")


def suspended(values: Values) -> str:
    """`passes`, `posts`, `others` as `posts.counted` gives them."""
    return _("%(passes)s 张通行证暂停。", **values) + _posts(values)


def healed(values: Values) -> str:
    return _("%(passes)s 张通行证恢复有效。", **values) + _posts(values)


def running_out(values: Values) -> str:
    """`workers`; `ends`: when the first of them runs out; `by`: until when to be sampled, None: at once."""
    workers, ends = values["workers"], _moment(values["ends"])
    if values["by"] is None:
        return _("%(workers)s 人的核酸%(ends)s起到期，请立即采样。", workers=workers, ends=ends)
    by = _moment(values["by"])
    return _("%(workers)s 人的核酸%(ends)s起到期，请在%(by)s前采样。", workers=workers, ends=ends, by=by)


def plan_suspended(_values: Values) -> str:
    return _("您企业的方案已暂停，方案下的通行证同时暂停；请与区级审核员联系。")


def list_uploaded(values: Values) -> str:
    """`good` and `bad` rows."""
    if values["bad"]:
        return _("人事系统上传了花名册：%(good)s 行可受理，%(bad)s 行有错误，请核对后确认。", **values)
    return _("人事系统上传了花名册：%(good)s 行可受理，请核对后确认。", good=values["good"])


def new_case(values: Values) -> str:
    """`firm`: its short name; `workers`."""
    return _("%(firm)s 提交了申请，%(workers)s 人。", **values)


def to_sign(values: Values) -> str:
    return _("%(firm)s 的申请已推荐，%(workers)s 人，等待签发。", **values)


def overdue(values: Values) -> str:
    """`firm`; `hours` that the district has."""
    return _("%(firm)s 的申请提交已满 %(hours)s 小时，尚未办结。", **values)


def objection(values: Values) -> str:
    """`firm`."""
    return _("%(firm)s 的一名员工提出异议，等待答复。", **values)


def trip_overdue(values: Values) -> str:
    """`firm`: its short name; `trips`: how many."""
    return _("%(firm)s 有 %(trips)s 人出门后超过规定时间，系统还没有进厂记录，请核实。", **values)


def _moment(text: str) -> str:
    return moment_text(datetime.fromisoformat(text), current_language())


def _posts(values: Values) -> str:
    """The first posts with their numbers, key posts marked."""
    rows = values["posts"]
    if not rows:
        return ""
    said = [
        _("%(post)s（关键）%(count)s", post=post, count=count)
        if is_key
        else _("%(post)s %(count)s", post=post, count=count)
        for post, is_key, count in rows[:_POSTS_SAID]
    ]
    rest = sum(count for _post, _is_key, count in rows[_POSTS_SAID:]) + values["others"]
    if rest:
        said.append(_("其他岗位 %(count)s", count=rest))
    return _("岗位：%(posts)s。", posts=_("、").join(said))
