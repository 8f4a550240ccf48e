"""Doors of one's own inbox: read one, read all, choose how to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from resume import audit
from resume.db import transaction
from resume.notices.kinds import Channel, kinds_for
from resume.notices.models import Notice, NoticeChoice
from resume.notices.queries import get_notice
from resume.roles import Actor


def mark_read(notice_id: UUID, *, by: Actor, at: datetime) -> Notice:
    """Mark one of one's own notices as read. Raises NotFound."""
    with transaction():
        notice = get_notice(notice_id, account_id=by.account_id)
        notice.read_at = notice.read_at or at
    return notice


def mark_all_read(*, until: datetime, by: Actor, at: datetime) -> None:
    """Mark as read what was there at `until`: what came since the page was opened was not seen."""
    mine = (Notice.account_id == by.account_id, Notice.read_at.is_(None), Notice.at <= until)
    with transaction() as session:
        session.execute(update(Notice).where(*mine).values(read_at=at))


def choose(channels: Mapping[str, Channel], *, by: Actor, at: datetime) -> None:
    """Set how one wants to be told of the kinds of one's role; what is not allowed is left out."""
    assert by.account_id is not None
    with transaction() as session:
        kept = {}
        for kind in kinds_for(by.role):
            channel = channels.get(kind.name)
            if channel in kind.channels:
                kept[kind.name] = channel.value
                session.merge(NoticeChoice(account_id=by.account_id, kind=kind.name, channel=channel.value))
        audit.record("notices.chosen", f"account:{by.account_id}", by=by, at=at, **kept)
