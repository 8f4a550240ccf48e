"""Keeping trips in step with what passes say: a step of the door that recorded a passage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, select, update

from resume.bulk import insert_rows
from resume.db import joined
from resume.policy import NoPolicy, policy_at
from resume.sets import within
from resume.trips.models import Trip


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who went out: with which pass and vehicle, when, and the district and street of the gate."""

    pass_id: UUID
    firm_id: int
    site_id: int
    profile: str
    plate: str
    out_at: datetime
    district_code: str
    street: str


def keep_trips(leaving: Sequence[Leaving], *, never_left: Collection[UUID] = (), at: datetime) -> None:
    """A step: a trip for each of these, and none for `never_left`. Four statements at most.

    A trip that is there keeps `told_at` unless it is due at another time now.
    """
    if never_left:
        joined().execute(
            delete(Trip).where(within(Trip.pass_id, never_left)), execution_options=_UNSYNCHRONIZED
        )
    if not leaving:
        return
    ids = [one.pass_id for one in leaving]
    query = select(Trip).where(within(Trip.pass_id, ids)).execution_options(populate_existing=True)
    known = {trip.pass_id: trip for trip in joined().scalars(query)}
    rows = [_row(one, at) for one in leaving]
    insert_rows(Trip, [row for row in rows if row["pass_id"] not in known])
    changed = [row for row in rows if row["pass_id"] in known and _differs(known[row["pass_id"]], row)]
    if changed:
        _update(changed)
    for trip in known.values():
        joined().expire(trip)


def due_at(out_at: datetime, profile: str, *, at: datetime) -> datetime:
    """Until when a trip that began at `out_at` covers its bearer; by the policy of then, else of `at`."""
    try:
        policy = policy_at(out_at)
    except NoPolicy:
        policy = policy_at(at)
    return out_at + timedelta(hours=policy.profile(profile).terms.trip_hours.value)


_UNSYNCHRONIZED = {"synchronize_session": False}
_CHANGING = ("district_code", "street", "due_at")


def _row(one: Leaving, at: datetime) -> dict[str, Any]:
    return {
        "pass_id": one.pass_id,
        "firm_id": one.firm_id,
        "site_id": one.site_id,
        "district_code": one.district_code,
        "street": one.street,
        "plate": one.plate,
        "due_at": due_at(one.out_at, one.profile, at=at),
        "told_at": None,
    }


def _differs(trip: Trip, row: dict[str, Any]) -> bool:
    return any(getattr(trip, name) != row[name] for name in _CHANGING)


def _update(rows: Sequence[dict[str, Any]]) -> None:
    table = Trip.__table__
    assert isinstance(table, Table)
    statement = update(table).where(table.c.pass_id == bindparam("of_pass"))
    statement = statement.values({name: bindparam(f"new_{name}") for name in (*_CHANGING, "told_at")})
    bound = [
        {"of_pass": row["pass_id"], "new_told_at": None} | {f"new_{name}": row[name] for name in _CHANGING}
        for row in rows
    ]
    joined().connection().execute(statement, bound)
