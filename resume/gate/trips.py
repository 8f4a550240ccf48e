"""From scans to passages: the scans that let a pass through say when it went out and in, in whatever order.

A step of every door that lets somebody through, takes it back, or takes in what happened without network.
Of several scans that let a pass through the same way the earliest counts and the pair is a conflict; a scan
that was annulled counts no more. A completed trip ends its pass; where an entry is taken back, the pass is
again what its causes make of it now. A fixed number of statements for any number of passes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from resume.db import joined
from resume.gate.conflicts import keep_conflicts
from resume.gate.lifecycle import Action
from resume.gate.models import Scan
from resume.passes.models import Pass, Suspension
from resume.passes.observation import end_observations, observe, observe_arrivals
from resume.passes.queries import list_open_suspensions
from resume.passes.reassess import apply_to, read_live
from resume.passes.status_list import note_change
from resume.passes.telling import Occasion
from resume.places.models import Gate
from resume.roles import Actor
from resume.roster.models import Worker
from resume.sets import within
from resume.trips.steps import Leaving, keep_trips


class Went(NamedTuple):
    """One scan that let a pass through, annulled or not."""

    pass_id: UUID
    lane: str
    at: datetime
    received_at: datetime
    nonce: UUID
    gate_id: int
    is_annulled: bool


def list_went(pass_ids: Collection[UUID]) -> dict[UUID, list[Went]]:
    """The scans that let these passes through, the one that counts first. One query."""
    columns = (Scan.pass_id, Scan.lane, Scan.acted_at, Scan.received_at, Scan.nonce, Scan.gate_id)
    query = select(*columns, Scan.annulled_at.is_not(None)).where(
        within(Scan.pass_id, pass_ids), Scan.action == Action.LET_THROUGH.value
    )
    found: dict[UUID, list[Went]] = defaultdict(list)
    for row in map(Went._make, joined().execute(query)):
        found[row.pass_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.at, row.received_at, row.nonce))
    return found


@dataclass(slots=True)
class _Settled:
    """A pass and what its passages are now."""

    found: Pass
    plate: str
    out: tuple[datetime | None, int | None]
    into: tuple[datetime | None, int | None]
    was_in: datetime | None
    held: list[Suspension] = field(default_factory=list)

    @property
    def has_changed(self) -> bool:
        found = self.found
        return (found.out_at, found.out_gate_id, found.in_at, found.in_gate_id) != (*self.out, *self.into)

    @property
    def arrived(self) -> bool:
        return self.into[0] is not None and self.was_in is None

    @property
    def returned(self) -> bool:
        """Its entry was taken back."""
        return self.into[0] is None and self.was_in is not None


def settle(pass_ids: Collection[UUID], *, by: Actor, at: datetime) -> None:
    """A step: bring passes, trips, suspensions, observations and conflicts in step with the scans."""
    if not pass_ids:
        return
    joined().flush()
    went = list_went(pass_ids)
    everything = [_settled(found, plate, went.get(found.id, ())) for found, plate in _read(pass_ids)]
    changed = [one for one in everything if one.has_changed]
    if changed:
        _write(changed, by=by, at=at)
    keep_conflicts({one.found.id: _contradictions(one, went.get(one.found.id, ())) for one in everything},
                   by=by, at=at)  # fmt: skip


def _read(pass_ids: Collection[UUID]) -> Sequence[tuple[Pass, str]]:
    query = (
        select(Pass, Worker.plate)
        .join(Worker, Worker.id == Pass.worker_id)
        .where(within(Pass.id, pass_ids))
        .order_by(Pass.id)
        .execution_options(populate_existing=True)
    )
    return [(found, plate) for found, plate in joined().execute(query)]


def _settled(found: Pass, plate: str, went: Iterable[Went]) -> _Settled:
    rows = list(went)
    out = _first(rows, "out", (found.out_at, found.out_gate_id))
    into = _first(rows, "in", (found.in_at, found.in_gate_id))
    return _Settled(found, plate, out, into, found.in_at)


def _first(
    rows: Sequence[Went], lane: str, recorded: tuple[datetime | None, int | None]
) -> tuple[datetime | None, int | None]:
    """The earliest that stands; what was recorded without any scan stays."""
    mine = [row for row in rows if row.lane == lane]
    standing = (row for row in mine if not row.is_annulled)
    first = next(standing, None)
    if first is not None:
        return first.at, first.gate_id
    return (None, None) if mine else recorded


def _contradictions(one: _Settled, went: Iterable[Went]) -> Mapping[str, int]:
    """Kind of conflict -> how many scans are in it."""
    counts = {"out": 0, "in": 0}
    for row in went:
        counts[row.lane] += not row.is_annulled
    found = {lane: count for lane, count in counts.items() if count > 1}
    if one.out[0] is not None and one.into[0] is not None and one.into[0] < one.out[0]:
        found["order"] = sum(counts.values())
    return found


def _write(changed: Sequence[_Settled], *, by: Actor, at: datetime) -> None:
    arrived = [one for one in changed if one.arrived]
    returned = [one for one in changed if one.returned]
    _end_what_holds(arrived)
    reopened = _reopen([one.found.id for one in returned])
    _replace_returned(returned, at)
    _write_passes(changed, reopened)
    _write_trips(changed, at=at)
    observe_arrivals([(one.found, one.held) for one in arrived], at=at)
    end_observations([one.found.id for one in returned], at=at)
    if any(one.into[0] != one.was_in for one in changed):
        note_change()
    _look_again(changed, returned, by=by, at=at)


def _end_what_holds(arrived: Sequence[_Settled]) -> None:
    """Used is final: nothing holds these passes any more, from their entry on."""
    held = list_open_suspensions({one.found.id for one in arrived}) if arrived else {}
    rows = []
    for one in arrived:
        one.held = held.get(one.found.id, [])
        rows += [{"row": row.id, "end": max(row.since, _moment(one.into))} for row in one.held]
    if rows:
        table = _table(Suspension)
        statement = update(table).where(table.c.id == bindparam("row")).values(ended_at=bindparam("end"))
        joined().connection().execute(statement, rows)
        for row in (row for one in arrived for row in one.held):
            joined().expire(row)


def _reopen(returned: Sequence[UUID]) -> set[UUID]:
    """What an entry ended holds again where that entry was taken back; the passes that are held."""
    if not returned:
        return set()
    ended_by_entry = or_(
        Suspension.ended_at == Pass.in_at,
        and_(Suspension.since >= Pass.in_at, Suspension.ended_at == Suspension.since),
    )
    query = select(Suspension.id, Suspension.pass_id).join(Pass, Pass.id == Suspension.pass_id)
    rows = joined().execute(query.where(within(Suspension.pass_id, returned), ended_by_entry)).all()
    if rows:
        again = update(Suspension).where(within(Suspension.id, [row.id for row in rows]))
        joined().execute(again.values(ended_at=None), execution_options={"synchronize_session": False})
    return {row.pass_id for row in rows}


def _replace_returned(returned: Sequence[_Settled], at: datetime) -> None:
    """A person whose new pass was issued meanwhile keeps that one: his old one does not come back to life."""
    if not returned:
        return
    keys = {one.found.person_key for one in returned}
    query = select(Pass.person_key, Pass.profile).where(within(Pass.person_key, keys), Pass.is_live.is_(True))
    live = {tuple(row) for row in joined().execute(query)}
    for one in returned:
        if (one.found.person_key, one.found.profile) in live and one.found.replaced_at is None:
            set_committed_value(one.found, "replaced_at", at)


def _write_passes(changed: Sequence[_Settled], reopened: Collection[UUID]) -> None:
    rows = []
    for one in changed:
        found = one.found
        is_live = one.into[0] is None and found.revoked_at is None and found.replaced_at is None
        values: dict[str, Any] = {
            "out_at": one.out[0],
            "out_gate_id": one.out[1],
            "in_at": one.into[0],
            "in_gate_id": one.into[1],
            "is_live": is_live,
            "is_suspended": is_live and (found.is_suspended or found.id in reopened),
            "replaced_at": found.replaced_at,
        }
        rows.append({"of_pass": found.id} | {f"new_{name}": value for name, value in values.items()})
        for name, value in values.items():
            set_committed_value(found, name, value)
    table = _table(Pass)
    names = [name.removeprefix("new_") for name in rows[0] if name != "of_pass"]
    statement = update(table).where(table.c.id == bindparam("of_pass"))
    joined().connection().execute(statement.values({name: bindparam(f"new_{name}") for name in names}), rows)


def _write_trips(changed: Sequence[_Settled], *, at: datetime) -> None:
    ids = {one.out[1] for one in changed if one.out[1] is not None}
    gates = {gate.id: gate for gate in joined().scalars(select(Gate).where(within(Gate.id, ids)))}
    leaving = [
        Leaving(
            pass_id=one.found.id,
            firm_id=one.found.firm_id,
            site_id=one.found.site_id,
            profile=one.found.profile,
            plate=one.plate,
            out_at=_moment(one.out),
            district_code=gates[one.out[1] or 0].district_code,
            street=gates[one.out[1] or 0].street,
        )
        for one in changed
        if one.out[0] is not None
    ]
    keep_trips(leaving, never_left=[one.found.id for one in changed if one.out[0] is None], at=at)


def _look_again(
    changed: Sequence[_Settled], returned: Sequence[_Settled], *, by: Actor, at: datetime
) -> None:
    """Facts that came in between: who was inside unknown to us is looked at there, who is not, outside."""
    late = [one.found.id for one in changed if one.into[0] is not None and one.into[0] < at]
    if late:
        observe(within(Pass.id, late), at=at, by=by)
    if returned:
        live = read_live(within(Pass.id, [one.found.id for one in returned]), at=at)
        apply_to(live, at=at, by=by, occasion=Occasion.of_moment(at))


def _moment(passage: tuple[datetime | None, int | None]) -> datetime:
    assert passage[0] is not None
    return passage[0]


def _table(model: type[Pass] | type[Suspension]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
