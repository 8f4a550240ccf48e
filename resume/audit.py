"""The audit: one row for each change, written in the change's own transaction, chained by hash.

Rows are never updated or deleted: the database refuses it (triggers of the first migration), and
`verify` walks the chain. Details name subjects by id or number, never a person's data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from resume.clock import iso
from resume.db import Model, UtcTime, joined, reading
from resume.roles import Actor

GENESIS = "0" * 64


class AuditEntry(Model):
    """One change: when, who, what, to what; `hash` covers the row and the row before it."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def computed_hash(self) -> str:
        """SHA-256 over the previous hash and the row's fields in canonical JSON."""
        fields = [self.seq, iso(self.at), self.actor, self.role, self.action, self.subject, self.detail]
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(f"{self.previous}{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Result of a walk: number of rows, hash of the last one, and the first row that does not fit."""

    rows: int
    head: str
    first_break: int | None

    @property
    def is_whole(self) -> bool:
        return self.first_break is None


def record(action: str, subject: str, *, by: Actor, at: datetime, **detail: Any) -> AuditEntry:
    """Append one row in the caller's door; `detail` must be plain JSON without personal data."""
    session = joined()
    last = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    entry = _entry(seq + 1, previous, action, subject, detail, by=by, at=at)
    session.add(entry)
    session.flush()
    return entry


def record_many(entries: Sequence[tuple[str, str, dict[str, Any]]], *, by: Actor, at: datetime) -> None:
    """Append rows (action, subject, detail) in their order in the caller's door. Two statements."""
    if not entries:
        return
    session = joined()
    last = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    rows = []
    for number, (action, subject, detail) in enumerate(entries, seq + 1):
        entry = _entry(number, previous, action, subject, detail, by=by, at=at)
        previous = entry.hash
        rows.append({column.name: getattr(entry, column.name) for column in AuditEntry.__table__.columns})
    insert = AuditEntry.__table__.insert()  # type: ignore[attr-defined]
    session.connection().execute(insert, rows)


def _entry(
    seq: int, previous: str, action: str, subject: str, detail: dict[str, Any], *, by: Actor, at: datetime
) -> AuditEntry:
    entry = AuditEntry(
        seq=seq,
        at=at.replace(microsecond=0),
        actor=by.name,
        role=by.role.value if by.role else "",
        action=action,
        subject=subject,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        previous=previous,
    )
    entry.hash = entry.computed_hash()
    return entry


def verify() -> ChainReport:
    """Walk the whole chain in order, in bounded memory; stops at the first row that does not fit."""
    previous, rows = GENESIS, 0
    query = select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=2000)
    for entry in reading().scalars(query):
        rows += 1
        if entry.seq != rows or entry.previous != previous or entry.hash != entry.computed_hash():
            return ChainReport(rows, previous, entry.seq)
        previous = entry.hash
        reading().expunge(entry)
    return ChainReport(rows, previous, None)


def list_entries(*, before: int | None, action: str, limit: int) -> Sequence[AuditEntry]:
    """Entries newest first, those before the row `before` where given; of one action where given."""
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    if action:
        query = query.where(AuditEntry.action == action)
    return reading().scalars(query).all()
