"""Scans on line, uploads in any order, sent again, annulled: the passes are what a simple reference says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from resume.db import new_id, reading
from resume.gate.lifecycle import Action
from resume.gate.models import PassageConflict, Scan
from resume.gate.operations.scans import check_scan, let_through
from resume.passes.models import Pass
from resume.passes.sheets import token_text
from resume.trips.models import Trip
from tests.gate.conftest import MakeWay, Way, guard_of
from tests.gate.uploading import event, upload
from tests.invariants import broken

MINUTE = timedelta(minutes=1)
EXAMPLES = 20

lanes, minutes, devices = st.sampled_from(["out", "in"]), st.integers(0, 40), st.sampled_from(["a", "b"])
steps = st.one_of(
    st.tuples(st.just("scan"), lanes, minutes, devices),
    st.tuples(st.just("on line"), lanes, minutes, devices),
    st.tuples(st.just("annul"), st.integers(0, 9), minutes, devices),
    st.tuples(st.just("again"), st.integers(0, 9)),
)


@dataclass
class Reference:
    """What was done with one pass: (lane, minute, device, nonce) of the passages that stand."""

    standing: list[tuple[str, int, str, str]] = field(default_factory=list)
    forced: set[str] = field(default_factory=set)

    def first(self, lane: str) -> int | None:
        return min((minute for its_lane, minute, *_ in self.standing if its_lane == lane), default=None)

    def allows(self, lane: str, minute: int) -> bool:
        """Nobody goes out after he went out or in, nor in after he went in."""
        stops = [self.first("in")] + ([self.first("out")] if lane == "out" else [])
        return all(one is None or one > minute for one in stops)

    def annul(self, nonce: str, minute: int, device: str) -> None:
        found = next((one for one in self.standing if one[3] == nonce), None)
        if found is None or found[2] != device or not 0 <= minute - found[1] <= 15:
            return
        is_last = sum(one[0] == "out" for one in self.standing) == 1
        if not (found[0] == "out" and is_last and self.first("in") is not None):
            self.standing.remove(found)


class Life:
    """One pass of the way, done to as the steps say."""

    def __init__(self, way: Way, found: Pass, at: datetime) -> None:
        self._way, self._at, self._pass_id, self._token = way, at, found.id, token_text(found)
        self._reference, self._sent = Reference(), list[tuple[int, str, dict[str, Any]]]()

    def do(self, step: tuple[Any, ...], *, received: datetime) -> None:
        kind, *rest = step
        if kind == "again":
            if self._sent:
                gate_id, device, entry = self._sent[rest[0] % len(self._sent)]
                assert upload(gate_id, [entry], received, name=device)[0].state == "known"
        elif kind == "annul":
            self._annul(*rest, received=received)
        else:
            self._pass(kind, *rest, received=received)
        self.check()

    def _pass(self, kind: str, lane: str, minute: int, device: str, *, received: datetime) -> None:
        gate_id, moment = self._way.home if lane == "out" else self._way.plant, self._at + minute * MINUTE
        entry = event(self._token, moment, antigen="negative" if lane == "in" else None)
        nonce, is_allowed = entry["nonce"], self._reference.allows(lane, minute)
        if kind == "on line":
            guard, nonce = guard_of(gate_id, device), new_id()
            check_scan(self._token, nonce=nonce, by=guard, at=moment)
            let = let_through(nonce, antigen="negative" if lane == "in" else None, by=guard, at=moment)
            assert (let.scan.action == Action.LET_THROUGH) is is_allowed
            if not is_allowed:
                return
        else:
            result = upload(gate_id, [entry], received, name=device)[0]
            assert (result.state, result.is_forced) == ("kept", not is_allowed)
            self._sent.append((gate_id, device, entry))
            if not is_allowed:
                self._reference.forced.add(nonce)
        self._reference.standing.append((lane, minute, device, str(nonce)))

    def _annul(self, which: int, minute: int, device: str, *, received: datetime) -> None:
        if not self._sent:
            return
        gate_id, _device, target = self._sent[which % len(self._sent)]
        entry = event("", self._at + minute * MINUTE, "annulled", annuls=target["nonce"])
        assert upload(gate_id, [entry], received, name=device)[0].state == "kept"
        self._sent.append((gate_id, device, entry))
        self._reference.annul(target["nonce"], minute, device)

    def check(self) -> None:
        """Pass, trip, conflicts and forced marks are those of the reference."""
        reading().rollback()
        query = select(Pass).where(Pass.id == self._pass_id).execution_options(populate_existing=True)
        found = reading().scalars(query).one()
        first = {lane: self._reference.first(lane) for lane in ("out", "in")}
        wanted = {lane: None if one is None else self._at + one * MINUTE for lane, one in first.items()}
        assert {"out": found.out_at, "in": found.in_at} == wanted
        assert found.is_live is (wanted["in"] is None)
        has_trip = reading().scalar(select(Trip.pass_id).where(Trip.pass_id == self._pass_id)) is not None
        assert has_trip is (wanted["out"] is not None)
        is_open = (PassageConflict.pass_id == self._pass_id, PassageConflict.closed_at.is_(None))
        kinds = set(reading().scalars(select(PassageConflict.kind).where(*is_open)))
        counts = {lane: sum(one[0] == lane for one in self._reference.standing) for lane in ("out", "in")}
        twice = {lane for lane, count in counts.items() if count > 1}
        turned = first["out"] is not None and first["in"] is not None and first["in"] < first["out"]
        assert kinds == (twice | {"order"} if turned else twice)
        mine = (Scan.pass_id == self._pass_id, Scan.is_forced.is_(True))
        assert set(map(str, reading().scalars(select(Scan.nonce).where(*mine)))) == self._reference.forced


def test_passes_are_what_the_reference_says(way_of: MakeWay, at: datetime) -> None:
    way = way_of(workers=4 * EXAMPLES)
    passes = iter(way.passes())
    received = at + timedelta(hours=1)

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(steps, max_size=12))
    def live(lived: list[tuple[Any, ...]]) -> None:
        found = next(passes, None)
        if found is None:
            return  # a failure is being made smaller, and everybody has left by now
        life = Life(way, found, at)
        for step in lived:
            life.do(step, received=received)

    live()
    assert broken(at=received, has_sheet_jobs=False) == []
