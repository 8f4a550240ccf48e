"""The door of a phone: whoever opens it with his own link puts his pass on this phone."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _

from resume.credential.phone import PhoneKey
from resume.disclosure.operations import WrongKey, enter
from resume.disclosure.queries import find_of_row
from resume.passes.models import Pass
from resume.passes.queries import find_in_force
from resume.passes.reissue import PassEnded, reissue
from resume.refusals import Conflict, NotAllowed
from resume.roles import PUBLIC
from resume.roster.own_key import looks_like_key


class LinkOnly(NotAllowed):
    """A pass number stands on the sheet: whoever reads it there is not given the pass on his phone."""

    code = "link_only"
    message = _("用通行证编号不能把通行证放到手机")
    advice = _("请用本人查询链接里的专用码；链接可请本单位人事再打印")


class NothingToPut(Conflict):
    """He has no pass that could be used."""

    code = "nothing_to_put"
    message = _("您现在没有可用的通行证")
    advice = _("申请批准并发证后再来；为什么没有，请看本人查询页")


def put_on_phone(
    typed: str, last_four: str, phone_key: PhoneKey, *, address: str, at: datetime, real_at: datetime
) -> Pass:
    """Put the pass of whoever has this key and these last four on the phone that made `phone_key`.

    The former one, on paper or on another phone, is replaced; the same phone again gets what it has. Key and
    last four are asked as on `/w`: one answer to all, one throttle. Raises LinkOnly, TooManyTries, WrongKey,
    NothingToPut, and what `reissue` raises.
    """
    if not looks_like_key(typed):
        raise LinkOnly
    entry = enter(typed, last_four, "", address=address, at=at, real_at=real_at)
    bearer = find_of_row(entry.worker_id, by_link=True)
    if bearer is None:
        raise WrongKey
    person, firm_id = bearer.worker.person_key, bearer.firm_id
    for is_last in (False, True):
        found = find_in_force(person, firm_id=firm_id, at=at)
        if found is None:
            raise NothingToPut
        try:
            return reissue(found.id, medium="phone", phone_key=phone_key, by=PUBLIC, at=at)
        except PassEnded:  # somebody was faster (he himself, pressing twice): what he did stands
            if is_last:
                raise
    raise AssertionError("unreachable")
