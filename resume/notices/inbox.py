"""How many notices a reader has not read, as the header of every page says it."""

from __future__ import annotations

from resume.notices.kinds import READERS
from resume.notices.queries import count_unread
from resume.roles import Actor


def unread_of(actor: Actor) -> int | None:
    """The number of unread notices, or None for those who have no inbox. One query at most."""
    if actor.account_id is None or actor.role not in READERS:
        return None
    return count_unread(actor.account_id)
