"""The letters of notices: to whoever wants a kind by e-mail, once a notice, in his account's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from resume import jobs
from resume.accounts.addresses import Address, addresses_of
from resume.clock import real_now
from resume.db import joined
from resume.mail.letters import Letter, register
from resume.mail.outbox import Outgoing, queue
from resume.notices.kinds import KINDS, Channel
from resume.notices.models import Notice
from resume.notices.queries import channels_of
from resume.sets import within

JOB = "notice-letters"
#: How long letters wait for the end of what comes in pieces.
WAIT = timedelta(minutes=15)

for _kind in KINDS.values():
    register(Letter(f"notice.{_kind.name}", _kind.title, "mail/notice.txt"))


def send_letters(keys: Sequence[str]) -> int:
    """A step: queue the letters of the notices of these occasions, unless they were before; how many."""
    notices = joined().scalars(select(Notice).where(within(Notice.key, keys)).order_by(Notice.id)).all()
    channels = channels_of({notice.account_id for notice in notices})
    wanted = [one for one in notices if channels(one.account_id, one.kind) is Channel.MAIL]
    if not wanted:
        return 0
    addresses = addresses_of({notice.account_id for notice in wanted})
    return queue(_outgoing(wanted, addresses), real_at=real_now())


def send_later(keys: Sequence[str]) -> None:
    """A step: a job queues the letters of these occasions if nothing else has until then."""
    there = select(jobs.Job.key).where(jobs.Job.kind == JOB, within(jobs.Job.key, keys))
    fresh = sorted(set(keys) - set(joined().scalars(there)))
    jobs.enqueue(JOB, [(key, {"key": key}) for key in fresh], after=WAIT)


def _outgoing(notices: Iterable[Notice], addresses: dict[Any, Address]) -> list[Outgoing]:
    """One letter a notice and address: two accounts that share an address are written to once."""
    found: dict[tuple[str, str, str], Outgoing] = {}
    for notice in notices:
        address = addresses[notice.account_id]
        if address.email is None:
            continue
        values = {"kind": notice.kind, "facts": notice.values, "link": notice.link}
        letter = Outgoing(f"notice.{notice.kind}", str(notice.id), address.email, address.language, values)
        found.setdefault((notice.kind, notice.key, address.email), letter)
    return list(found.values())


@jobs.handler(JOB)
def _send(payload: dict[str, Any]) -> jobs.Effect:
    def effect(_session: Session, _at: datetime) -> None:
        send_letters([payload["key"]])

    return effect
