"""Reading tokens, kept answers, and which buildings a district's party may name."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from resume.api.models import ApiToken, KeptAnswer
from resume.api.scopes import SCOPE_OF_FEED, Caller
from resume.api.secret import is_secret, read_token
from resume.db import read_rows, reading
from resume.evidence.models import Intake
from resume.intake.queries import Receipt, get_receipt
from resume.places.models import Building, Compound, Gate
from resume.places.queries import get_gate
from resume.refusals import NotFound
from resume.sets import within

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was sent first; `is_replayed` where it is sent again."""

    status: int
    body: bytes
    digest: bytes
    is_replayed: bool = False


class Token(NamedTuple):
    """What of a token's row a request asks for."""

    id: UUID
    name: str
    secret_hash: bytes
    scopes: list[str]
    firm_id: int | None
    gate_id: int | None
    district_code: str | None
    used_on: date | None
    revoked_at: datetime | None


def list_tokens(*, limit: int = 200) -> Sequence[ApiToken]:
    """Tokens, the live ones first, by name."""
    query = select(ApiToken).order_by(
        ApiToken.revoked_at.is_not(None), ApiToken.name, ApiToken.created_at.desc(), ApiToken.id
    )
    return reading().scalars(query.limit(limit)).all()


def find_token(token_id: UUID) -> ApiToken | None:
    """The token's row, live or revoked, or None."""
    return reading().scalars(select(ApiToken).where(ApiToken.id == token_id)).first()


_BY_ID = select(*(getattr(ApiToken, name) for name in Token._fields)).where(ApiToken.id == bindparam("id"))


def find_live(presented: str) -> Token | None:
    """The live token that this text is, or None. One query."""
    read = read_token(presented)
    row = None if read is None else read_rows(_BY_ID, {"id": read[0]}).first()
    if read is None or row is None:
        return None
    token = Token._make(row)
    return token if token.revoked_at is None and is_secret(read[1], token.secret_hash) else None


def caller_of(token: Token) -> Caller:
    """The party behind a token."""
    return Caller(
        token.id, token.name, frozenset(token.scopes), token.firm_id, token.gate_id, token.district_code
    )


def find_kept(token_id: UUID, key: str, *, real_at: datetime) -> Kept | None:
    """The answer kept under this key for less than 30 days, or None. One query."""
    query = select(KeptAnswer.status, KeptAnswer.body, KeptAnswer.digest).where(
        KeptAnswer.token_id == token_id, KeptAnswer.key == key, KeptAnswer.kept_at > real_at - KEPT_FOR
    )
    row = reading().execute(query).first()
    return None if row is None else Kept(row.status, zlib.decompress(row.body), row.digest, is_replayed=True)


def get_own_receipt(intake_id: int, *, by: Caller) -> Receipt:
    """An intake that this party sent and may still send; NotFound for any other."""
    row = reading().execute(select(Intake.taken_by, Intake.feed).where(Intake.id == intake_id)).first()
    if row is None or row.taken_by != by.actor.name or SCOPE_OF_FEED.get(row.feed) not in by.scopes:
        raise NotFound
    return get_receipt(intake_id)


def buildings_within(ids: Collection[int], *, district_code: str) -> set[int]:
    """Those of the buildings that stand in the district. One query."""
    query = select(Building.id).join(Compound, Compound.id == Building.compound_id)
    query = query.where(Compound.district_code == district_code, within(Building.id, ids))
    return set(reading().scalars(query))


def get_gate_for(gate_id: int, *, by: Caller) -> Gate:
    """A gate at which this party may check; NotFound for another's gate or another district's."""
    if by.gate_id is not None and by.gate_id != gate_id:
        raise NotFound
    gate = get_gate(gate_id)
    if by.district_code is not None and gate.district_code != by.district_code:
        raise NotFound
    return gate
