"""Letters are queued in the transaction of what they tell of, and sent by the worker: once, and retried.

A worker that is killed between sending and noting may send a letter again; it carries the same Message-ID
then, by which mailboxes fold the two, and a letter kept as a file replaces itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from resume import jobs
from resume.clock import real_now
from resume.db import in_chunks, joined, new_id, reading
from resume.mail.delivery import deliver
from resume.mail.letters import known, write
from resume.mail.models import Mail
from resume.sealing import sealer
from resume.settings import Settings

JOB = "mail"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter to be queued. `values` are JSON and what its template needs; `language` its reader's."""

    kind: str
    key: str
    to: str
    language: str
    values: Mapping[str, Any]


def queue(letters: Iterable[Outgoing], *, real_at: datetime) -> int:
    """Queue letters in the caller's door; those queued before (same kind and key) are left out. How many."""
    fresh = _not_yet({(letter.kind, letter.key): letter for letter in letters})
    rows = [_row(letter, real_at) for letter in fresh]
    joined().add_all(rows)
    joined().flush()
    jobs.enqueue(JOB, [(str(row.id), {"mail": str(row.id)}) for row in rows])
    return len(rows)


def _not_yet(letters: dict[tuple[str, str], Outgoing]) -> list[Outgoing]:
    """Two letters of one kind and key are one letter."""
    for keys in in_chunks([key for _kind, key in letters]):
        query = select(Mail.kind, Mail.key).where(Mail.key.in_(keys))
        for kind, key in joined().execute(query):
            letters.pop((kind, key), None)
    return list(letters.values())


def _row(letter: Outgoing, real_at: datetime) -> Mail:
    if not known(letter.kind):
        raise KeyError(letter.kind)
    mail_id = new_id()
    content = {"to": letter.to, "values": dict(letter.values)}
    return Mail(
        id=mail_id,
        kind=letter.kind,
        key=letter.key,
        language=letter.language,
        sealed=sealer().seal(content, place=_place(mail_id)),
        queued_at=real_at,
    )


@jobs.handler(JOB)
def _send(payload: dict[str, Any]) -> jobs.Effect:
    """The job: write and send one letter outside any transaction, then note that it is out."""
    mail_id = UUID(payload["mail"])
    mail = reading().get_one(Mail, mail_id)
    if mail.sealed is not None:
        content = sealer().open(mail.sealed, place=_place(mail_id))
        settings: Settings = current_app.config["RESUME_SETTINGS"]
        host = urlsplit(settings.public_url).hostname
        message = write(
            mail.kind,
            {**content["values"], "public_url": settings.public_url},
            to=content["to"],
            sender=settings.mail_from,
            language=mail.language,
            message_id=f"<{mail_id}@{host}>",
        )
        deliver(message, settings, name=str(mail_id))
    sent_at = real_now()
    return lambda session, _at: _note(session, mail_id, sent_at)


def _note(session: Session, mail_id: UUID, sent_at: datetime) -> None:
    """What is out is known by its kind and key alone: address and words are not kept."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=sent_at, sealed=None))


def _place(mail_id: UUID) -> str:
    return f"mail:sealed:{mail_id}"
