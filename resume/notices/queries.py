"""Reading notices: each account its own; another one's is not found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select

from resume.db import reading
from resume.notices.kinds import KINDS, Channel
from resume.notices.models import Notice, NoticeChoice
from resume.refusals import NotFound
from resume.sets import within

PER_PAGE = 20


def count_unread(account_id: UUID) -> int:
    """How many notices of the account are not read. One query over an index that holds no others."""
    query = select(func.count()).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    return reading().scalar(query) or 0


def list_notices(account_id: UUID, *, page: int = 1, limit: int = PER_PAGE) -> tuple[Sequence[Notice], bool]:
    """One page, unread first, then the newest; and whether there are more. One query."""
    query = (
        select(Notice)
        .where(Notice.account_id == account_id)
        .order_by(Notice.read_at.is_not(None), Notice.at.desc(), Notice.id)
        .limit(limit + 1)
        .offset((page - 1) * limit)
    )
    rows = reading().scalars(query).all()
    return rows[:limit], len(rows) > limit


def list_newest(account_id: UUID, *, limit: int) -> Sequence[Notice]:
    """The newest, read or not. One query."""
    query = select(Notice).where(Notice.account_id == account_id)
    return reading().scalars(query.order_by(Notice.at.desc(), Notice.id).limit(limit)).all()


def get_notice(notice_id: UUID, *, account_id: UUID | None) -> Notice:
    """One notice of the account, or NotFound."""
    found = reading().get(Notice, notice_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    return found


def channels_of(account_ids: Collection[UUID]) -> Callable[[UUID, str], Channel]:
    """How each of the accounts wants to be told of a kind. One query."""
    query = select(NoticeChoice).where(within(NoticeChoice.account_id, account_ids))
    chosen = {(row.account_id, row.kind): row.channel for row in reading().scalars(query)}

    def channel(account_id: UUID, kind: str) -> Channel:
        wanted = chosen.get((account_id, kind))
        allowed = KINDS[kind].channels
        return Channel(wanted) if wanted in allowed else KINDS[kind].default

    return channel
