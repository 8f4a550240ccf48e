"""What a phone is told of the pass it carries."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from resume.credential.base32 import from_base32
from resume.credential.cose import Malformed
from resume.credential.payload import Claims
from resume.credential.token import parse
from resume.db import reading
from resume.passes.lifecycle import Status
from resume.passes.models import Pass
from resume.passes.queries import find_pass, status_of
from resume.passes.sheets import token_of
from resume.refusals import NotFound


class NotOfHere(NotFound):
    """No pass of this home has this token."""

    code = "not_of_here"
    message = _("系统里没有这张通行证")
    advice = _("请从这部手机删除，再用本人查询链接重新放入")


@dataclass(frozen=True, slots=True)
class PhonePass:
    """A pass as its phone carries it: the token, and what it says."""

    token: bytes
    claims: Claims


@dataclass(frozen=True, slots=True)
class PhoneState:
    """Where the pass stands at a moment. `word` is a Status, or "out": on its way, its exit recorded.

    Why it is held is not told: the token, by which this is asked, stands in every code that is shown.
    `now_on`: the medium of the pass that took its place, "" where there is none.
    """

    word: str
    out_at: datetime | None
    in_at: datetime | None
    now_on: str = ""


def carried(found: Pass) -> PhonePass:
    """What the phone is given."""
    token = token_of(found)
    return PhonePass(token, parse(token).claims)


def get_by_token(text: str) -> Pass:
    """The pass whose own token this is (base32), octet by octet; NotOfHere. One query."""
    try:
        token = from_base32(text)
        found = find_pass(UUID(bytes=parse(token).claims.cti))
    except Malformed:
        raise NotOfHere from None
    if found is None or not hmac.compare_digest(token_of(found), token):
        raise NotOfHere
    return found


def state_of(found: Pass, *, at: datetime) -> PhoneState:
    """Three queries at most."""
    status = status_of(found, at=at)
    word = "out" if found.out_at is not None and status is Status.ACTIVE else status.value
    now_on = _successor(found) if status is Status.REPLACED else ""
    return PhoneState(word, found.out_at, found.in_at, now_on)


def _successor(found: Pass) -> str:
    query = select(Pass.medium).where(
        Pass.person_key == found.person_key, Pass.profile == found.profile, Pass.is_live.is_(True)
    )
    return reading().scalar(query) or ""
