"""What guards saw and did: waves of departures, each scan answered by the very check of the gate.

A wave lies between two feeds, so that facts read at its beginning hold to its end. Tokens are opened and
checked, signature and all; only the writing is in bulk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table, bindparam, select, update

from resume import audit
from resume.bulk import insert_rows
from resume.db import joined, new_id, reading, transaction
from resume.demo.events import Event
from resume.demo.moments import apr
from resume.demo.sizes import Sizes
from resume.demo.travellers import Traveller, gates_by_place, list_bearers, read_travellers
from resume.demo.world import SEED, World
from resume.escalations.operations import acknowledge
from resume.gate.answer import PROFILE
from resume.gate.lifecycle import Action, may_release
from resume.gate.models import Scan
from resume.gate.operations.medical import medical_exit
from resume.passes.models import Pass
from resume.passes.status_list import note_change
from resume.places.models import Gate
from resume.roles import CLI, Actor, Role
from resume.trips.steps import Leaving, keep_trips

#: Begin of a wave, and the share of live passes whose bearers leave in it.
_WAVES = (
    (apr(14, 16), 0.5),
    (apr(15, 9, 10), 0.5),
    (apr(18, 14), 0.5),
    (apr(19, 10), 0.5),
    (apr(20, 11), 0.25),
    (apr(21, 9, 10), 0.25),
    (apr(21, 17, 5), 0.2),
    (apr(22, 6), 0.1),
)
_SPREAD = 3600  # seconds within which all leave
_TRIP = (1500, 2700)  # seconds on the way
_STILL_OUT = 0.2  # of those who left in the last wave
_SHOWN_ONLY = 0.13  # of those who stay: their pass is looked at
_LOOKS = 4  # while the bus is waited for
_STORY_LEAVES = 0.2  # of the share: C's passes are to be played with


@dataclass(slots=True)
class Wave:
    """The rows of one wave: scans, and the passages of passes."""

    scans: list[dict[str, Any]] = field(default_factory=list)
    outs: list[dict[str, Any]] = field(default_factory=list)
    ins: list[dict[str, Any]] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)

    def note(
        self, who: Traveller, gate: Gate, at: datetime, *, antigen: bool = False, goes: bool = False
    ) -> bool:
        """One scan; whether its bearer goes through. Refused where the answer is red."""
        answer = who.answer(gate, at, has_antigen=antigen)
        goes = goes and may_release(answer)
        is_refused = answer.verdict == "red"
        action = Action.LET_THROUGH if goes else Action.REFUSED if is_refused else Action.CHECKED
        self.scans.append(
            {
                "nonce": new_id(),
                "gate_id": gate.id,
                "pass_id": who.pass_id,
                "digest": who.digest,
                "at": at,
                "answer": answer.verdict.value,
                "code": answer.code,
                "reasons": list(answer.reasons),
                "advice": answer.advice.value,
                "action": action.value,
                "refusal": answer.code if is_refused else "",
                "has_antigen": antigen,
                "lane": "in" if gate.kind == "plant" else "out",
                "antigen": "negative" if antigen else "",
                "antigen_at": at if antigen else None,
                "acted_at": None if action is Action.CHECKED else at,
                "guard": guard_of(gate),
                "counter_note": "",
                "received_at": at,
                "clock": "good",
                "is_offline": False,
                "is_forced": False,
            }
        )
        return goes

    def leave(self, who: Traveller, gate: Gate, at: datetime) -> None:
        """He went out: the passage of his pass, and his trip."""
        self.outs.append({"pass": who.pass_id, "out_at": at, "out_gate_id": gate.id})
        self.leaving.append(
            Leaving(
                pass_id=who.pass_id,
                firm_id=who.firm_id,
                site_id=who.site_id,
                profile=PROFILE,
                plate=who.plate,
                out_at=at,
                district_code=gate.district_code,
                street=gate.street,
            )
        )


def guard_of(gate: Gate) -> str:
    """The name by which a gate's guard is on record."""
    return f"guard-{gate.id}"


class Guards:
    """Lives through the waves; extra looks are taken until there are `sizes.scans` scans."""

    def __init__(self, sizes: Sizes, story_firm_id: int) -> None:
        self._left = sizes.scans
        self._story_firm_id = story_firm_id
        self._rng = Random(SEED + 2)  # noqa: S311

    def live(self, at: datetime, share: float) -> None:
        """One wave: who leaves, who is looked at, who is sent back."""
        gates, wave = gates_by_place(), Wave()
        leaving, shown = self._choose(at, share)
        for who in read_travellers(leaving | shown, at):
            home = gates["compound", who.compound_id]
            arrives_at = at + timedelta(seconds=self._rng.randrange(600, _SPREAD))
            if who.number in leaving:
                self._leave(wave, who, home, gates["plant", who.site_id], arrives_at)
            else:
                for minutes in range(0, _LOOKS * 5, 5):
                    wave.note(who, home, arrives_at + timedelta(minutes=minutes))
        self._left -= len(wave.scans)
        _store(wave, at=at + timedelta(seconds=_SPREAD + _TRIP[1] + 60))

    def _choose(self, at: datetime, share: float) -> tuple[set[str], set[str]]:
        """Who leaves, and of those who stay whose pass is looked at. One in five never leaves."""
        leaving, shown = set[str](), set[str]()
        for bearer in list_bearers(at):
            likely = 0.0 if bearer.serial % 5 == 0 else share
            if bearer.firm_id == self._story_firm_id:
                likely *= _STORY_LEAVES
            if self._rng.random() < likely:
                leaving.add(bearer.number)
            elif self._may_look(_SHOWN_ONLY):
                shown.add(bearer.number)
        return leaving, shown

    def _leave(self, wave: Wave, who: Traveller, home: Gate, plant: Gate, at: datetime) -> None:
        rng = self._rng
        for _ in range(_LOOKS):
            if self._may_look(0.6):
                wave.note(who, home, at - timedelta(seconds=rng.randrange(60, 600)))
        if not wave.note(who, home, at, goes=True):
            return
        who.out_at = at
        wave.leave(who, home, at)
        if at >= _WAVES[-1][0] and rng.random() < _STILL_OUT:
            return
        arrives_at = at + timedelta(seconds=rng.randrange(*_TRIP))
        if self._may_look(0.1):
            wave.note(who, plant, arrives_at - timedelta(seconds=rng.randrange(300, 900)))
        if wave.note(who, plant, arrives_at, antigen=True, goes=True):
            who.in_at = arrives_at
            wave.ins.append({"pass": who.pass_id, "in_at": arrives_at, "in_gate_id": plant.id})
            if self._may_look(0.03):  # somebody tries it once more
                wave.note(who, home, arrives_at + timedelta(seconds=50))

    def _may_look(self, share: float) -> bool:
        return self._left > 0 and self._rng.random() < share


def scan_events(world: World) -> list[Event]:
    """Eight waves of departures, and the medical exits between them."""
    guards = Guards(world.sizes, world.firms.running.firm_id)
    waves = [
        Event(at, "门岗查验", lambda at=at, share=share: guards.live(at, share))  # type: ignore[misc]
        for at, share in _WAVES
    ]
    rng = Random(SEED + 3)  # noqa: S311
    return waves + [_medical_exit(rng) for _ in range(world.sizes.medical_exits)]


def _medical_exit(rng: Random) -> Event:
    at, pick = apr(rng.randrange(14, 22), rng.randrange(24), rng.randrange(60)), rng.random()
    return Event(at, "就医放行", lambda: _let_out(at, pick))


def _let_out(at: datetime, pick: float) -> None:
    """A medical exit at some compound; its committee was informed."""
    gates = reading().scalars(select(Gate).where(Gate.kind == "compound").order_by(Gate.id)).all()
    gate = gates[int(pick * len(gates))]
    exit_id = new_id()
    medical_exit(exit_id, by=Actor(guard_of(gate), Role.GUARD, gate_id=gate.id), at=at)
    desk = Actor("street-desk", Role.STREET, district_code=gate.district_code, street=gate.street)
    acknowledge(exit_id, by=desk, at=at + timedelta(minutes=10))


def _store(wave: Wave, *, at: datetime) -> None:
    """A door: scans and passages of one wave; a completed trip ends its pass."""
    table = Pass.__table__
    assert isinstance(table, Table)
    by_id = update(table).where(table.c.id == bindparam("pass"))
    with transaction():
        insert_rows(Scan, wave.scans)
        connection = joined().connection()
        if wave.outs:
            connection.execute(by_id, wave.outs)
            keep_trips(wave.leaving, at=at)
        if wave.ins:
            connection.execute(by_id.values(is_live=False), wave.ins)
            note_change()
        audit.record(
            "gate.passages", "gates", by=CLI, at=at,
            scans=len(wave.scans), out=len(wave.outs), into=len(wave.ins),
        )  # fmt: skip
