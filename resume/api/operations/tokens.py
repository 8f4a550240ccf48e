"""Doors of tokens: make one, revoke one, note the day it was used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select, update

from resume import audit
from resume.api.models import ApiToken
from resume.api.scopes import CHECKS, LISTS, SCOPES
from resume.api.secret import hashed, new_secret, token_text
from resume.db import joined, new_id, transaction
from resume.firms.queries import get_firm
from resume.places.districts import DISTRICTS
from resume.places.queries import get_gate
from resume.refusals import Conflict, NotFound, Unprocessable
from resume.roles import Actor


class TokenNameTaken(Conflict):
    """A live token has this name."""

    code = "token_name_taken"
    message = _("已有同名的有效令牌")
    advice = _("请换一个名称，或先撤销原来的令牌")


class BadToken(Unprocessable):
    """Name, scopes and what narrows them do not fit together."""

    code = "bad_token"
    message = _("令牌信息不完整")
    advice = _("请填写名称，至少选择一项权限；上传人员名单的令牌必须属于一家企业，门岗只用于查验")


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token is made from. `firm_id` goes with lists:write and only with it, `gate_id` with
    passes:check; a `district_code` narrows records that name places, and gates."""

    name: str
    scopes: Sequence[str]
    firm_id: int | None = None
    gate_id: int | None = None
    district_code: str | None = None


def create_token(new: NewToken, *, by: Actor, at: datetime, real_at: datetime) -> tuple[ApiToken, str]:
    """Make a token: its row, and its text, which is shown now and kept nowhere.

    Raises BadToken, TokenNameTaken, NotFound for a firm or gate that is not there.
    """
    name = new.name.strip()
    _require_fit(new, name)
    secret = new_secret()
    token = ApiToken(
        id=new_id(),
        name=name,
        secret_hash=hashed(secret),
        scopes=[scope for scope in SCOPES if scope in new.scopes],
        firm_id=new.firm_id,
        gate_id=new.gate_id,
        district_code=new.district_code,
        created_by=by.name,
        created_at=real_at,
    )
    with transaction() as session:
        _require_scope_of_data(new)
        if _live_named(name) is not None:
            raise TokenNameTaken
        session.add(token)
        session.flush()
        audit.record(
            "token.created", f"token:{token.id}", by=by, at=at, name=name, scopes=token.scopes,
            firm=new.firm_id, gate=new.gate_id, district=new.district_code,
        )  # fmt: skip
    return token, token_text(token.id, secret)


def revoke_token(token_id: UUID, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Revoke a token: from this commit on it opens nothing. Revoked twice, the first moment stays."""
    with transaction() as session:
        token = session.get(ApiToken, token_id)
        if token is None:
            raise NotFound
        if token.revoked_at is not None:
            return
        token.revoked_at = real_at
        audit.record("token.revoked", f"token:{token_id}", by=by, at=at, name=token.name)


def note_use(token_id: UUID, *, day: date) -> None:
    """Note that a token was used on a day; the first use of a day writes, the others change nothing."""
    with transaction() as session:
        unseen = or_(ApiToken.used_on.is_(None), ApiToken.used_on < day)
        session.execute(update(ApiToken).where(ApiToken.id == token_id, unseen).values(used_on=day))


def _require_fit(new: NewToken, name: str) -> None:
    is_named = 2 <= len(name) <= 60 and name.isprintable()
    is_known = bool(new.scopes) and set(new.scopes) <= set(SCOPES)
    has_firm = (new.firm_id is not None) == (LISTS in new.scopes)
    has_gate = new.gate_id is None or CHECKS in new.scopes
    has_district = new.district_code is None or new.district_code in DISTRICTS
    if not (is_named and is_known and has_firm and has_gate and has_district):
        raise BadToken


def _require_scope_of_data(new: NewToken) -> None:
    if new.firm_id is not None:
        get_firm(new.firm_id)
    if new.gate_id is not None and new.district_code not in (None, get_gate(new.gate_id).district_code):
        raise BadToken


def _live_named(name: str) -> UUID | None:
    return joined().scalar(select(ApiToken.id).where(ApiToken.name == name, ApiToken.revoked_at.is_(None)))
