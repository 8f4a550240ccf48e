"""Status lists: what a gate off line may know of each pass, in two bits, signed.

2 suspended; 1 revoked, replaced or used (all final); 0 everything else, also while evidence is merely out of
its window. Every change of a pass raises a counter in its own transaction, so a list that was made is kept
until something changed or it grows old.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, or_, select

from resume.credential.keys import mint_key_list
from resume.credential.status import StatusBits, mint_status_list
from resume.db import joined, reading
from resume.passes.drafts import aggregation_uri, status_uri
from resume.passes.keys import key_set, status_signer
from resume.passes.models import Counter, Pass
from resume.passes.queries import suspended_at
from resume.refusals import NotFound

#: A gate asks again after the first; past the second nobody may trust a list (credential.md: 24 h).
TTL = timedelta(minutes=15)
LIFE = timedelta(hours=24)
_CHANGES = "status-changes"


@dataclass(frozen=True, slots=True)
class SignedList:
    """A signed list, the counter it was made at, and when."""

    message: bytes
    changes: int
    issued_at: datetime

    @property
    def etag(self) -> str:
        return f"{self.changes}-{int(self.issued_at.timestamp())}"

    def serves(self, changes: int, at: datetime) -> bool:
        """Whether it still says everything, and is not old."""
        return self.changes == changes and timedelta() <= at - self.issued_at < TTL


def note_change() -> None:
    """A step: the status of some pass changed in this door; lists made before are made again."""
    row = joined().get(Counter, _CHANGES, populate_existing=True)
    if row is None:
        row = Counter(name=_CHANGES, value=0)
        joined().add(row)
    row.value += 1
    joined().flush()


def changes() -> int:
    """How often a status changed until now."""
    return reading().scalar(select(Counter.value).where(Counter.name == _CHANGES)) or 0


def shards() -> list[int]:
    """Every shard with a pass in it, and always the first."""
    top = reading().scalar(select(func.max(Pass.shard))) or 0
    return list(range(top + 1))


def status_values(shard: int, *, at: datetime) -> dict[int, int]:
    """Index -> bits of the passes of a shard that are not valid at `at`. One query."""
    final = or_(Pass.revoked_at <= at, Pass.replaced_at <= at, Pass.in_at <= at)
    query = select(Pass.status_index, final.label("final")).where(Pass.shard == shard)
    rows = reading().execute(query.where(or_(final, suspended_at(at))))
    return {index: int(StatusBits.INVALID if is_final else StatusBits.SUSPENDED) for index, is_final in rows}


def make_list(shard: int, *, at: datetime) -> bytes:
    """The signed list of a shard as of `at`. Raises NoSigningKey."""
    return mint_status_list(
        status_values(shard, at=at),
        uri=status_uri(shard),
        issued_at=at,
        expires_at=at + LIFE,
        ttl=int(TTL.total_seconds()),
        signer=status_signer(),
        aggregation_uri=aggregation_uri(),
    )


def current_list(shard: int, *, at: datetime) -> SignedList:
    """The list of a shard, made at most once for each change and each quarter of an hour.

    Raises NotFound for a shard that is not there, NoSigningKey.
    """
    kept: dict[int, SignedList] = current_app.extensions.setdefault("resume-status-lists", {})
    now = changes()
    found = kept.get(shard)
    if found is None or not found.serves(now, at):
        if shard not in shards():
            raise NotFound
        # The counter was read first: a change that arrives meanwhile makes this list old, not wrong.
        found = SignedList(make_list(shard, at=at), now, at)
        kept[shard] = found
    return found


def make_key_list(*, at: datetime) -> bytes:
    """The signed list of this home's keys as of `at`. Raises NoSigningKey."""
    return mint_key_list(key_set(), issued_at=at, expires_at=at + LIFE, signer=status_signer())
