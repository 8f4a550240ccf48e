"""Trips that take longer than they may: firm and street are told once, one notice for a firm and look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update

from resume.clock import iso
from resume.db import joined, transaction
from resume.firms.models import Firm
from resume.notices.telling import News, tell
from resume.roles import Role
from resume.sets import within
from resume.trips.models import Trip
from resume.trips.queries import due_to_be_told

KIND = "trip_overdue"
LINK = "/trips?state=overdue"


def tell_overdue(*, at: datetime) -> int:
    """A step: tell of every trip that is overdue and was not told of; how many trips. Fixed statements."""
    trips = due_to_be_told(at)
    if not trips:
        return 0
    ids = [trip.pass_id for trip in trips]
    told = update(Trip).where(within(Trip.pass_id, ids)).values(told_at=at)
    joined().execute(told, execution_options={"synchronize_session": False})
    tell(list(_news(trips, at)), at=at)
    return len(trips)


def look_for_overdue(*, at: datetime) -> int:
    """A door: look, and tell."""
    with transaction():
        return tell_overdue(at=at)


def _news(trips: Sequence[Trip], at: datetime) -> Iterable[News]:
    query = select(Firm.id, Firm.short_name).where(within(Firm.id, {trip.firm_id for trip in trips}))
    names = {row.id: row.short_name for row in joined().execute(query)}
    by_firm: defaultdict[int, list[Trip]] = defaultdict(list)
    by_desk: defaultdict[tuple[str, str, int], list[Trip]] = defaultdict(list)
    for trip in trips:
        by_firm[trip.firm_id].append(trip)
        by_desk[trip.district_code, trip.street, trip.firm_id].append(trip)
    for firm_id, found in by_firm.items():
        values = {"trips": len(found), "firm": names[firm_id]}
        yield News(KIND, iso(at), f"firm:{firm_id}", LINK, values, firm_id)
    for (district, street, firm_id), found in by_desk.items():
        values = {"trips": len(found), "firm": names[firm_id]}
        key = f"{iso(at)}:{firm_id}:{street}"
        yield News(KIND, key, f"firm:{firm_id}", LINK, values, firm_id, district, Role.STREET, street)
