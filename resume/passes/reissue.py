"""Put a pass on another medium: a new pass in place of the former one, which is cancelled with it.

Same person, decision and hard end; a new id, number, status index and token. So a former code, sheet or
phone is refused by every gate that has a list of after, and at no moment are two passes good. What the policy
says at this moment decides whether there is a new one, and until when its evidence holds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume import audit, jobs
from resume.applications.models import Application
from resume.credential.payload import Medium
from resume.credential.phone import PhoneKey
from resume.credential.token import parse
from resume.db import reading, transaction
from resume.evidence.watermark import watermark
from resume.firms.models import Firm
from resume.passes.drafts import Judged, draft_again
from resume.passes.issue import OK, SHEET_JOB, EvidenceMoved, withheld_code
from resume.passes.lifecycle import FORESIGHT, SUSPENDING, Status
from resume.passes.models import Pass
from resume.passes.queries import UnknownPass, status_of
from resume.passes.reassess import read_live
from resume.passes.sheets import token_of
from resume.passes.status_list import note_change
from resume.refusals import Conflict
from resume.roles import Actor
from resume.roster.eligibility import judge

#: Feeds come in every minute: a worker with his phone in his hand does not start again for one.
_ATTEMPTS = 3


class PassHeld(Conflict):
    """A cause holds the pass; a new one would run away from it."""

    code = "pass_held"
    message = _("这张通行证已暂停，现在不能换发")
    advice = _("恢复后再换发；原因请看本人查询页")


class PassInUse(Conflict):
    """Its exit is recorded: its bearer arrives with the pass he left with."""

    code = "pass_in_use"
    message = _("这张通行证已经用过或正在途中，不能换发")
    advice = _("途中请继续使用原来的证；再次出行由企业重新申请")


class PassEnded(Conflict):
    """Replaced meanwhile, revoked or expired."""

    code = "pass_ended"
    message = _("这张通行证已经换发、吊销或过期，没有换发")
    advice = _("请刷新页面，看最新的一张；没有的，请问本单位人事")


class NotGoodNow(Conflict):
    """The policy's verdict at this moment is not eligible, or something is announced for the next minutes."""

    code = "not_good_now"
    message = _("按此刻的证据还不符合条件，没有换发，原来的证没有变")
    advice = _("补齐证据（例如新的核酸）后再换发；具体缺什么请看本人查询页")


def reissue(
    pass_id: UUID,
    *,
    medium: Medium,
    phone_key: PhoneKey | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Pass:
    """Put the pass on a phone (whose key it then names) or back on paper; the former one is replaced.

    What is so already stays: the same phone again, or paper again, gives the pass there is. Judged, numbered
    and signed outside the door; inside, the former pass and the evidence must be as they were. Raises
    UnknownPass, PassHeld, PassInUse, PassEnded, NotGoodNow, EvidenceMoved where feeds do not rest,
    NumbersUsedUp, NoSigningKey.
    """
    if (medium == "phone") != (phone_key is not None):
        raise ValueError("a phone has a key, paper has none")
    for attempt in range(_ATTEMPTS):
        try:
            return _attempt(pass_id, medium, phone_key, reason, by=by, at=at)
        except EvidenceMoved:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def is_on(found: Pass, phone_key: PhoneKey) -> bool:
    """Whether a pass is on the phone that has this key."""
    return found.medium == "phone" and parse(token_of(found)).claims.phone_key == phone_key


def _attempt(
    pass_id: UUID, medium: Medium, phone_key: PhoneKey | None, reason: str, *, by: Actor, at: datetime
) -> Pass:
    evidence = watermark()
    former = reading().get(Pass, pass_id, populate_existing=True)
    if former is None:
        raise UnknownPass
    if former.is_live and _is_so(former, medium, phone_key):
        return former
    _refuse(former, at)
    row = _row(former, medium, phone_key, at)
    with transaction() as session:
        former = session.get_one(Pass, pass_id, populate_existing=True)
        _refuse(former, at)
        if watermark() != evidence:
            raise EvidenceMoved
        former.is_live, former.replaced_at = False, at
        session.flush()  # first: at most one pass of a person is live
        fresh = Pass(**row)
        session.add(fresh)
        session.flush()
        if medium == "paper":
            jobs.enqueue(SHEET_JOB, [(str(fresh.id), {"pass": str(fresh.id)})])
        note_change()
        said = {"reason": reason} if reason else {}
        audit.record(
            "pass.reissued",
            f"pass:{former.number}",
            by=by,
            at=at,
            number=fresh.number,
            medium=medium,
            was=former.medium,
            **said,
        )
    return fresh


def _is_so(found: Pass, medium: Medium, phone_key: PhoneKey | None) -> bool:
    return found.medium == "paper" if phone_key is None else medium == "phone" and is_on(found, phone_key)


def _refuse(former: Pass, at: datetime) -> None:
    """Raise what keeps this pass from being replaced at `at`."""
    status = status_of(former, at=at)
    if status is Status.USED or (former.out_at is not None and status is not Status.REPLACED):
        raise PassInUse
    if status in (Status.REVOKED, Status.REPLACED, Status.EXPIRED) or not former.is_live:
        raise PassEnded
    if status is Status.SUSPENDED or former.is_suspended:
        raise PassHeld


def _row(former: Pass, medium: Medium, phone_key: PhoneKey | None, at: datetime) -> dict[str, Any]:
    """The new pass, judged and signed. Eighteen queries and the counters' door."""
    live = read_live(Pass.id == former.id, at=at)
    if not live.passes:
        raise PassEnded
    (worker,), (facts,) = live.workers, live.facts(at)
    (verdict,) = judge([facts], at=at)
    (soon,) = live.verdicts(at + FORESIGHT)
    announced = any(finding.code in SUSPENDING for finding in soon.findings)
    if withheld_code(worker, verdict) != OK or announced:
        raise NotGoodNow
    case = reading().get_one(Application, former.application_id)
    return draft_again(
        Judged(former.decision_id, worker, facts, verdict),
        former,
        application=case,
        firm=reading().get_one(Firm, former.firm_id),
        medium=medium,
        phone_key=phone_key,
        at=at,
    )
