"""What the street's desk of the demo has before it: refusals open, overdue, answered; two medical exits.

Guards refuse through the very doors of the gate; only a pass that the check finds good opens a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from resume.db import new_id, reading, transaction
from resume.demo.moments import NOW, apr
from resume.demo.scans import guard_of
from resume.escalations.lifecycle import Outcome
from resume.escalations.operations import acknowledge, answer, withdraw
from resume.escalations.telling import tell_overdue
from resume.gate.operations.medical import medical_exit
from resume.gate.operations.scans import check_scan, refuse
from resume.passes.models import Pass
from resume.passes.reassess import live_condition
from resume.places.models import Building, Gate
from resume.roles import Actor, Role

#: Of yesterday afternoon, at a gate that asks for more than the rules do: reason, and the desk's answer.
_ONE_GATE: tuple[tuple[str, Outcome, str, str], ...] = (
    ("ALTERED", Outcome.RELEASED, "", "已与居委会核对，不需要另开证明"),
    ("ALTERED", Outcome.RELEASED, "", "纸证与系统一致"),
    ("WRONG_PERSON", Outcome.UPHELD, "WRONG_PERSON", "证件拿错，请换本人证件"),
    ("CODE_NOT_GREEN", Outcome.RELEASED, "", "现场再看为绿码"),
    ("ALTERED", Outcome.RELEASED, "", "不需要另开证明"),
    ("WRONG_PERSON", Outcome.WITHDRAWN, "", ""),
    ("CODE_NOT_GREEN", Outcome.UPHELD, "CODE_NOT_GREEN", ""),
)
#: Of this morning, at the gate of the demo's guard: minutes before now, reason, minutes until it is released.
_THIS_MORNING = (
    (55, "ALTERED", 12),
    (39, "WRONG_PERSON", None),
    (17, "ALTERED", None),
    (6, "CODE_NOT_GREEN", None),
)


def refuse_some(home: Gate, desk: Actor) -> None:
    """Live through the refusals at the gates of the desk's street, in order of time."""
    one_gate = _gate_that_asks_for_more(home)
    _yesterday(one_gate, desk)
    _this_morning(home, desk, free=_bearers(home))
    for minutes, is_known in ((110, True), (27, False)):
        left_at, exit_id = NOW - timedelta(minutes=minutes), new_id()
        medical_exit(exit_id, by=_guard(home), at=left_at)
        if is_known:
            acknowledge(exit_id, by=desk, at=left_at + timedelta(minutes=8))
    with transaction():
        tell_overdue(at=NOW)


def _gate_that_asks_for_more(home: Gate) -> Gate:
    """Of the street's gates with bearers enough, the one through which the fewest went."""
    passed = (
        select(func.count())
        .select_from(Pass)
        .where(Pass.out_gate_id == Gate.id)
        .correlate(Gate)
        .scalar_subquery()
    )
    mine = (Gate.kind == "compound", Gate.district_code == home.district_code, Gate.street == home.street)
    query = select(Gate).where(*mine, Gate.id != home.id).order_by(passed, Gate.id)
    gates = [gate for gate in reading().scalars(query) if len(_bearers(gate)) >= len(_ONE_GATE)]
    return gates[0] if gates else home


def _yesterday(gate: Gate, desk: Actor) -> None:
    bearers, at = iter(_bearers(gate)), apr(21, 18)
    for reason, outcome, ground, note in _ONE_GATE:
        at += timedelta(minutes=11)
        nonce = _refused(gate, bearers, reason, at)
        if nonce is None:
            return
        if outcome is Outcome.WITHDRAWN:
            withdraw(nonce, by=_guard(gate), at=at + timedelta(minutes=1))
        else:
            answer(nonce, outcome, ground=ground, note=note, by=desk, at=at + timedelta(minutes=9))


def _this_morning(gate: Gate, desk: Actor, *, free: Sequence[str]) -> None:
    bearers = iter(free[::-1])
    for minutes, reason, answered in _THIS_MORNING:
        at = NOW - timedelta(minutes=minutes)
        nonce = _refused(gate, bearers, reason, at)
        if nonce is not None and answered is not None:
            note = "已核对本人和证件"
            answer(nonce, Outcome.RELEASED, note=note, by=desk, at=at + timedelta(minutes=answered))


def _refused(gate: Gate, bearers: Iterator[str], reason: str, at: datetime) -> UUID | None:
    """Refuse the next bearer whose pass is good at `at`; the scan's number, or None where none is left."""
    for number in bearers:
        nonce, by = new_id(), _guard(gate)
        if check_scan(number, nonce=nonce, by=by, at=at).answer.verdict == "green":
            refuse(nonce, reason=reason, by=by, at=at)
            return nonce
    return None


def _bearers(gate: Gate) -> Sequence[str]:
    """Numbers of live passes of those who live behind a gate and are at home, at most thirty."""
    query = (
        select(Pass.number)
        .join(Building, Building.id == Pass.building_id)
        .where(Building.compound_id == gate.compound_id, live_condition(NOW))
        .where(Pass.is_suspended.is_(False), Pass.out_at.is_(None))
    )
    return reading().scalars(query.order_by(Pass.number).limit(30)).all()


def _guard(gate: Gate) -> Actor:
    return Actor(guard_of(gate), Role.GUARD, gate_id=gate.id)
