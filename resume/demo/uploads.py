"""What the story's gates reported after they had no network: a trip that is overdue, one pass let out by two
devices, a scan taken back, somebody let out with a pass of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from resume.clock import iso
from resume.db import new_id, reading
from resume.demo.moments import NOW, apr
from resume.gate.operations.uploads import take_scans
from resume.gate.uploaded import read_uploads
from resume.passes.models import Pass
from resume.passes.queries import suspended_at
from resume.passes.reassess import live_condition
from resume.passes.sheets import token_text
from resume.places.models import Building, Gate
from resume.roles import Actor, Role
from resume.trips.overdue import look_for_overdue

_EVENING, _MORNING = apr(21, 19, 30), apr(22, 8, 10)


def report_uploads(home: Gate, firm_id: int) -> None:
    """The uploads of a compound's gate, first with passes of this firm; then firm and street are told."""
    evening, morning = _bearers(home, firm_id, _EVENING)[:1], _bearers(home, firm_id, _MORNING)
    for found in evening:
        _upload(
            home, "device:1", [_event(_EVENING, 1, token_text(found))], at=_EVENING + timedelta(minutes=4)
        )
    others = [found for found in morning if found not in evening][:2]
    first = [_event(_MORNING, 2, "HTTPS://RESUME.EXAMPLE/V#FORGED", shown="red", code="MALFORMED")]
    second: list[dict[str, Any]] = []
    if others:
        first.append(_event(_MORNING + timedelta(minutes=3), 3, token_text(others[0])))
        second.append(_event(_MORNING + timedelta(minutes=9), 1, token_text(others[0])))
    if len(others) > 1:
        mistaken = _event(_MORNING + timedelta(minutes=12), 2, token_text(others[1]))
        taken_back = _event(_MORNING + timedelta(minutes=14), 3, "", action="annulled")
        second += [mistaken, taken_back | {"annuls": mistaken["nonce"]}]
    _upload(home, "device:1", first, at=NOW - timedelta(minutes=20))
    _upload(home, "device:2", second, at=NOW - timedelta(minutes=12))
    look_for_overdue(at=NOW - timedelta(minutes=5))


def _bearers(home: Gate, firm_id: int, at: datetime) -> Sequence[Pass]:
    """Who lives there and could leave at `at`, the firm's own first, who is to be played with last."""
    query = (
        select(Pass)
        .join(Building, Building.id == Pass.building_id)
        .where(Building.compound_id == home.compound_id, live_condition(NOW), Pass.out_at.is_(None))
        .where(Pass.issued_at <= at, Pass.good_until >= at, ~suspended_at(at), Pass.is_suspended.is_(False))
        .order_by((Pass.firm_id == firm_id).desc(), Pass.number.desc())
    )
    return reading().scalars(query).all()


def _upload(home: Gate, device: str, entries: list[Any], *, at: datetime) -> None:
    guard = Actor(device, Role.GUARD, gate_id=home.id)
    take_scans(read_uploads(entries, lane="out", at=at), by=guard, at=at)


def _event(
    at: datetime,
    counter: int,
    presented: str,
    *,
    action: str = "let_through",
    shown: str = "green",
    code: str = "OK",
) -> dict[str, Any]:
    nonce: UUID = new_id()
    return {
        "nonce": str(nonce),
        "counter": counter,
        "lane": "out",
        "device_at": iso(at),
        "at": iso(at),
        "clock": "good",
        "presented": presented,
        "verdict": shown,
        "code": code,
        "reasons": [],
        "advice": "let_through",
        "action": action,
    }
