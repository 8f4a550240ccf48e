"""What of the uploads somebody has to look at: passages that contradict each other, and forced ones.

For a street's desk (its own gates, and those of its district that are any desk's), and for the district.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from resume.db import reading
from resume.firms.models import Firm
from resume.gate.lifecycle import Action
from resume.gate.models import PassageConflict, Scan
from resume.passes.models import Pass
from resume.places.models import Gate
from resume.roster.details import open_sealed
from resume.roster.models import Worker
from resume.sets import within

KINDS = ("out", "in", "order")


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose gates: a street's, or with `street` None the whole district's."""

    district_code: str
    street: str | None = None

    def condition(self) -> ColumnElement[bool]:
        """As a condition on gates."""
        mine = Gate.district_code == self.district_code
        return mine if self.street is None else mine & Gate.street.in_([self.street, ""])


@dataclass(frozen=True, slots=True)
class SeenScan:
    """One scan that let somebody through, as a desk sees it: no reason of health."""

    nonce: UUID
    lane: str
    at: datetime
    received_at: datetime
    gate: str
    guard: str
    code: str
    is_forced: bool
    is_doubtful: bool
    shown: str
    annulled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose pass it is; the name masked."""

    number: str
    masked_name: str
    firm: str


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """Scans of one pass that cannot all be so, the earliest first; it is the one that counts."""

    kind: str
    holder: Holder
    scans: Sequence[SeenScan]
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str
    note: str


@dataclass(frozen=True, slots=True)
class ForcedLine:
    """Somebody who went through without a good answer; `holder` None: what he showed is no pass of ours."""

    scan: SeenScan
    holder: Holder | None


def list_conflicts(
    desk: Desk, *, is_open: bool = True, limit: int = 50, offset: int = 0
) -> list[ConflictLine]:
    """The desk's conflicts, open or closed, the newest first. Two queries."""
    order = PassageConflict.opened_at if is_open else PassageConflict.closed_at
    query = (
        _holders(select(PassageConflict, Pass.number, Worker.id, Worker.sealed, Firm.short_name))
        .join(PassageConflict, PassageConflict.pass_id == Pass.id)
        .where(_at_desk(desk), _is(is_open))
        .order_by(order.desc(), Pass.number, PassageConflict.kind)
    )
    rows = reading().execute(query.limit(limit).offset(offset)).all()
    scans = _scans_of({row[0].pass_id for row in rows})
    return [_conflict(row[0], _holder(row[1:]), scans[row[0].pass_id]) for row in rows]


def count_conflicts(desk: Desk, *, is_open: bool = True) -> int:
    """How many conflicts a desk has. One query."""
    query = select(func.count()).select_from(PassageConflict).join(Pass, Pass.id == PassageConflict.pass_id)
    return reading().scalar(query.where(_at_desk(desk), _is(is_open))) or 0


def find_conflict(number: str, kind: str, desk: Desk) -> PassageConflict | None:
    """One conflict of the desk, by the pass's number."""
    query = select(PassageConflict).join(Pass, Pass.id == PassageConflict.pass_id)
    query = query.where(Pass.number == number, PassageConflict.kind == kind, _at_desk(desk))
    return reading().scalars(query.execution_options(populate_existing=True)).first()


def list_forced(desk: Desk, *, limit: int = 50, offset: int = 0) -> list[ForcedLine]:
    """Who went through at the desk's gates without a good answer, the newest first. One query."""
    query = (
        select(*_SCAN, Pass.number, Worker.id, Worker.sealed, Firm.short_name)
        .join(Gate, Gate.id == Scan.gate_id)
        .outerjoin(Pass, Pass.id == Scan.pass_id)
        .outerjoin(Worker, Worker.id == Pass.worker_id)
        .outerjoin(Firm, Firm.id == Pass.firm_id)
        .where(desk.condition(), Scan.is_forced.is_(True))
        .order_by(Scan.at.desc(), Scan.nonce)
    )
    width = len(_SCAN)
    return [
        ForcedLine(_seen(row[:width]), None if row[width] is None else _holder(row[width:]))
        for row in reading().execute(query.limit(limit).offset(offset))
    ]


def count_forced(desk: Desk) -> int:
    """How many forced passages a desk has. One query."""
    query = select(func.count()).select_from(Scan).join(Gate, Gate.id == Scan.gate_id)
    return reading().scalar(query.where(desk.condition(), Scan.is_forced.is_(True))) or 0


_SCAN = (
    Scan.nonce,
    Scan.lane,
    Scan.at,
    Scan.received_at,
    Gate.name,
    Scan.guard,
    Scan.code,
    Scan.is_forced,
    Scan.clock,
    Scan.shown,
    Scan.annulled_at,
)


def _holders(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    found = query.select_from(Pass).join(Worker, Worker.id == Pass.worker_id)
    return found.join(Firm, Firm.id == Pass.firm_id)


def _at_desk(desk: Desk) -> ColumnElement[bool]:
    mine = select(Scan.nonce).join(Gate, Gate.id == Scan.gate_id)
    mine = mine.where(Scan.pass_id == Pass.id, Scan.action == Action.LET_THROUGH.value, desk.condition())
    return mine.exists()


def _is(is_open: bool) -> ColumnElement[bool]:
    closed = PassageConflict.closed_at
    return closed.is_(None) if is_open else closed.is_not(None)


def _scans_of(pass_ids: Collection[UUID]) -> Mapping[UUID, list[SeenScan]]:
    query = (
        select(Scan.pass_id, *_SCAN)
        .join(Gate, Gate.id == Scan.gate_id)
        .where(within(Scan.pass_id, pass_ids), Scan.action == Action.LET_THROUGH.value)
        .order_by(Scan.acted_at, Scan.received_at, Scan.nonce)
    )
    found: dict[UUID, list[SeenScan]] = defaultdict(list)
    for row in reading().execute(query):
        found[row[0]].append(_seen(row[1:]))
    return found


def _seen(values: Sequence[Any]) -> SeenScan:
    nonce, lane, at, received_at, gate, guard, code, is_forced, clock, shown, annulled_at = values
    return SeenScan(
        nonce=nonce,
        lane=lane,
        at=at,
        received_at=received_at,
        gate=gate,
        guard=guard,
        code=code,
        is_forced=is_forced,
        is_doubtful=clock == "doubtful",
        shown=shown.get("verdict", "") if isinstance(shown, dict) else "",
        annulled_at=annulled_at,
    )


def _holder(values: Sequence[Any]) -> Holder:
    number, worker_id, sealed, firm = values
    return Holder(number, open_sealed(worker_id, sealed).masked_name, firm)


def _conflict(row: PassageConflict, holder: Holder, scans: Iterable[SeenScan]) -> ConflictLine:
    mine = [scan for scan in scans if row.kind in ("order", scan.lane)]
    return ConflictLine(row.kind, holder, mine, row.opened_at, row.closed_at, row.closed_by, row.note)
