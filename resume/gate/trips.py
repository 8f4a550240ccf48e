"""The two steps of a trip: out at the compound, in at the plant. A completed trip ends its pass."""

from __future__ import annotations

from datetime import datetime

from resume.db import joined
from resume.passes.models import Pass
from resume.passes.observation import observe_arrival
from resume.passes.queries import list_open_suspensions
from resume.passes.reassess import end_suspensions
from resume.passes.status_list import note_change
from resume.places.models import Gate


def record_passage(found: Pass, gate: Gate, *, at: datetime) -> str:
    """A step: the bearer went through this gate; "out" or "in"."""
    if gate.kind == "compound":
        found.out_at, found.out_gate_id = at, gate.id
        joined().flush()
        return "out"
    found.in_at, found.in_gate_id = at, gate.id
    # Used is final: nothing holds this pass any more, and lists that call it valid are old.
    found.is_live, found.is_suspended = False, False
    held = list_open_suspensions([found.id]).get(found.id, [])
    end_suspensions([row.id for row in held], at=at)
    observe_arrival(found, held, at=at)
    joined().flush()
    note_change()
    return "in"
