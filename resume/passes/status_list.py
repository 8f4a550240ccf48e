"""Status lists: what a gate off line may know of each pass, in two bits, signed.

2 suspended; 1 revoked, replaced or used (all final); 0 everything else, also while evidence is merely out of
its window. Every change of a pass raises a counter in its own transaction, so a list that was made is kept
until something changed or it grows old.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

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
#: What another process wrote by a clock that is ahead of this request's is said too.
AHEAD = timedelta(minutes=1)
LIFE = timedelta(hours=24)
_CHANGES, _KEY_CHANGES = "status-changes", "key-changes"
_MAKING = Lock()


@dataclass(frozen=True, slots=True)
class SignedList:
    """A signed list, the counter it was made at, and when.

    Two processes sign the same list twice, so its ETag is weak. Lists are made anew at the same quarters
    of an hour in every process: one that is told "not modified" holds a list of this quarter.
    """

    message: bytes
    changes: int
    issued_at: datetime

    @property
    def etag(self) -> str:
        return f"{self.changes}-{_quarter(self.issued_at)}"

    def serves(self, changes: int, at: datetime) -> bool:
        """Whether it still says everything, and is not old; what was made of a later state says it too."""
        is_of_now = self.issued_at <= at and _quarter(self.issued_at) == _quarter(at)
        return self.changes >= changes and is_of_now


def _quarter(at: datetime) -> int:
    return int(at.timestamp() // TTL.total_seconds())


def note_change() -> None:
    """A step: the status of some pass changed in this door; lists made before are made again."""
    _count(_CHANGES)


def note_key_change() -> None:
    """A step: a key came, or its state changed: the key list and all that keys sign is made again."""
    _count(_KEY_CHANGES)
    _count(_CHANGES)


def _count(name: str) -> None:
    row = joined().get(Counter, name, populate_existing=True)
    if row is None:
        row = Counter(name=name, value=0)
        joined().add(row)
    row.value += 1
    joined().flush()


def changes(name: str = _CHANGES) -> int:
    """How often a status changed until now."""
    return reading().scalar(select(Counter.value).where(Counter.name == name)) or 0


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


def make_list(shard: int, *, at: datetime, until: datetime | None = None) -> bytes:
    """The signed list of a shard, issued at `at`; what it says is as of `until`. Raises NoSigningKey."""
    # The counter is read first: a change that arrives meanwhile makes this list old, not wrong.
    seen = changes()
    return mint_status_list(
        status_values(shard, at=until or at),
        uri=status_uri(shard),
        issued_at=at,
        expires_at=at + LIFE,
        ttl=int(TTL.total_seconds()),
        signer=status_signer(at=at),
        changes=seen,
        aggregation_uri=aggregation_uri(),
    )


def current_list(shard: int, *, at: datetime) -> SignedList:
    """The list of a shard, made at most once a process for each change and each quarter of an hour.

    Raises NotFound for a shard that is not there, NoSigningKey.
    """

    def make() -> bytes:
        if shard not in shards():
            raise NotFound
        # A change may be dated after this request began and be counted already; without it this list would
        # let its pass through until the next change.
        return make_list(shard, at=at, until=at + AHEAD)

    return _kept(str(shard), changes(), at, make)


def current_key_list(*, at: datetime) -> SignedList:
    """The key list, made at most once a process for each change and each quarter of an hour. NoSigningKey."""
    return _kept("keys", changes(_KEY_CHANGES), at, lambda: make_key_list(at=at))


def _kept(name: str, now: int, at: datetime, make: Callable[[], bytes]) -> SignedList:
    """The list of this name as kept, or a new one. Of those who ask at once one makes it, the others wait."""
    kept: dict[str, SignedList] = current_app.extensions.setdefault("resume-signed-lists", {})
    found = kept.get(name)
    if found is not None and found.serves(now, at):
        return found
    with _MAKING:
        found = kept.get(name)
        if found is None or not found.serves(now, at):
            found = SignedList(make(), now, at)
            kept[name] = found
        return found


def make_key_list(*, at: datetime) -> bytes:
    """The signed list of this home's keys as of `at`. Raises NoSigningKey."""
    seen = changes(_KEY_CHANGES)
    return mint_key_list(
        key_set(), issued_at=at, expires_at=at + LIFE, signer=status_signer(at=at), changes=seen
    )
