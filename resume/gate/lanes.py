"""The lanes of a gate: which way it lets through, and which profile it asks of whom that way.

One profile a direction: at a compound residents go out to work (RTW) and mobile staff come in (MOVER); at a
plant workers come in (RTW), and the way home needs a pass of its own (ROTATE), of which none is issued yet,
so that lane lets nobody through and says why; at the city's exit people leave (LEAVE). A medical exit is no
lane: it is open at every gate and asks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, select

from resume.credential.views import GateKind, GateView
from resume.db import read_rows
from resume.places.models import Building, Gate
from resume.policy import policy_at
from resume.refusals import Text

Direction = Literal["out", "in"]

RTW: Final = "RTW"
MOVER: Final = "MOVER"
LEAVE: Final = "LEAVE"
ROTATE: Final = "ROTATE"

#: Judged by the person's own evidence: no pass of these is issued.
BY_PERSON = frozenset({MOVER, LEAVE})


_BUILDINGS = select(Building.id).where(Building.compound_id == bindparam("compound_id"))


@dataclass(frozen=True, slots=True)
class Lane:
    """One way through a gate. `antigen_required`: it tests on the spot before it lets through."""

    direction: Direction
    profile: str
    antigen_required: bool
    label: Text

    def to_json(self) -> dict[str, object]:
        """The lane as a device carries it, its label in the reader's language."""
        return {
            "direction": self.direction,
            "profile": self.profile,
            "antigen_required": self.antigen_required,
            "label": str(self.label),
        }


class _Kind(NamedTuple):
    direction: Direction
    profile: str
    label: Text


_LANES: Mapping[str, tuple[_Kind, ...]] = {
    "compound": (
        _Kind("out", RTW, _("出小区 · 返岗人员")),
        _Kind("in", MOVER, _("进小区 · 流动人员")),
    ),
    "plant": (
        _Kind("in", RTW, _("进厂 · 返岗人员")),
        _Kind("out", ROTATE, _("出厂 · 返家人员")),
    ),
    "city": (_Kind("out", LEAVE, _("离沪 · 出城人员")),),
}


def lanes_of(gate: Gate, *, at: datetime) -> tuple[Lane, ...]:
    """The lanes of this gate under the policy in force at `at`, the usual one first. No queries.

    Raises NoPolicy before the first policy.
    """
    return tuple(
        Lane(one.direction, one.profile, _wants_antigen(gate.kind, one.profile, at), one.label)
        for one in _LANES[gate.kind]
    )


def lane_of(gate: Gate, direction: str = "", *, at: datetime) -> Lane:
    """The lane of that direction; the usual one where the gate has none such, or none was named."""
    lanes = lanes_of(gate, at=at)
    return next((lane for lane in lanes if lane.direction == direction), lanes[0])


def gate_view(gate: Gate, lane: Lane) -> GateView:
    """A lane of a gate as the check of a pass sees it: its buildings (one query), its plant, or no place."""
    buildings: frozenset[int] = frozenset()
    plants: frozenset[int] = frozenset()
    kind: GateKind = "any"
    if gate.kind == "compound":
        kind = "compound"
        found = read_rows(_BUILDINGS, {"compound_id": gate.compound_id})
        buildings = frozenset(row[0] for row in found)
    elif gate.kind == "plant":
        kind = "plant"
        plants = frozenset() if gate.site_id is None else frozenset([gate.site_id])
    return GateView(str(gate.id), kind, lane.profile, buildings, plants, lane.antigen_required)


def _wants_antigen(kind: str, profile: str, at: datetime) -> bool:
    """Whether the policy wants a test on the spot: it says so of RTW alone, for each end of the way."""
    if profile != RTW:
        return False
    terms = policy_at(at).profile(RTW).terms
    wanted = terms.antigen_at_plant if kind == "plant" else terms.antigen_at_compound
    return wanted.value == "on_spot"
