"""The kinds of notices: who is told, how it is said, whether it goes by e-mail, and what a repetition adds.

A kind's `values` are numbers, posts, moments and a firm's name: no worker is in them, no reason of health.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from resume.notices import posts, wording
from resume.refusals import Text
from resume.roles import Role

Values = Mapping[str, Any]
Merge = Callable[[Values, Values], dict[str, Any]]


class Channel(StrEnum):
    """How somebody is told: not at all, in the inbox, or in the inbox and by e-mail."""

    OFF = "off"
    INBOX = "inbox"
    MAIL = "mail"


CHANNEL_NAMES: dict[Channel, Text] = {
    Channel.MAIL: _("站内和邮件"),
    Channel.INBOX: _("仅站内"),
    Channel.OFF: _("不通知"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `title` is the subject of its letter and names nobody; `say` words the values.

    `merge`: what a second one of the same key makes of the first, which is unread then; None: nothing.
    """

    name: str
    title: Text
    say: Callable[[Values], str]
    roles: frozenset[Role]
    default: Channel = Channel.INBOX
    may_be_off: bool = False
    merge: Merge | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """What may be chosen."""
        return tuple(channel for channel in CHANNEL_NAMES if channel is not Channel.OFF or self.may_be_off)


_HR, _REVIEWER, _SIGN_OFF = (frozenset({role}) for role in (Role.HR, Role.REVIEWER, Role.SIGN_OFF))
_STREET = frozenset({Role.STREET})


def _newest(_old: Values, new: Values) -> dict[str, Any]:
    return dict(new)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("returned", _("申请被退回修改"), wording.returned, _HR, Channel.MAIL),
        Kind("approved", _("申请已批准"), wording.approved, _HR, may_be_off=True),
        Kind("refused", _("申请不予批准"), wording.refused, _HR, Channel.MAIL),
        Kind("suspended", _("通行证暂停"), wording.suspended, _HR, Channel.MAIL, merge=posts.added),
        Kind("healed", _("通行证恢复"), wording.healed, _HR, may_be_off=True, merge=posts.added),
        Kind("running_out", _("核酸即将到期"), wording.running_out, _HR, Channel.MAIL, may_be_off=True),
        Kind("plan_suspended", _("企业方案暂停"), wording.plan_suspended, _HR, Channel.MAIL),
        Kind("list_uploaded", _("花名册已由接口上传"), wording.list_uploaded, _HR, may_be_off=True),
        Kind("new_case", _("新提交的申请"), wording.new_case, _REVIEWER, may_be_off=True, merge=_newest),
        Kind("to_sign", _("申请待签发"), wording.to_sign, _SIGN_OFF, may_be_off=True, merge=_newest),
        Kind("overdue", _("申请超过办理时限"), wording.overdue, _REVIEWER | _SIGN_OFF),
        Kind("objection", _("新提出的异议"), wording.objection, _REVIEWER),
        Kind("trip_overdue", _("途中超时未到"), wording.trip_overdue, _HR | _STREET, Channel.MAIL),
    )
}

#: Who has an inbox.
READERS = frozenset(role for kind in KINDS.values() for role in kind.roles)


def kinds_for(role: Role | None) -> list[Kind]:
    """The kinds that a role is told of, in order."""
    return [kind for kind in KINDS.values() if role in kind.roles]
