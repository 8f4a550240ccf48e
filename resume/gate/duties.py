"""What of trips and scans waits at a street's desk, with the ways to its pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from resume.escalations.duties import Duty, duties_from
from resume.gate.contradictions import Desk, count_conflicts, count_forced
from resume.trips.queries import TripState, Whose, count_trips


@duties_from("gate")
def waiting(district_code: str, street: str, at: datetime) -> Sequence[Duty]:
    """Trips that should have arrived, contradictions, forced passages. Three queries."""
    late = count_trips(Whose(None, district_code, street), at=at)[TripState.OVERDUE]
    desk = Desk(district_code, street)
    overdue = url_for("trips.index", state=TripState.OVERDUE.value)
    return [
        Duty(late, _("趟行程超时未到"), overdue, "stop"),
        Duty(count_conflicts(desk), _("项通行冲突待核对"), url_for("gate.conflicts"), "wait"),
        Duty(count_forced(desk), _("次强制放行"), url_for("gate.forced"), "wait"),
    ]
