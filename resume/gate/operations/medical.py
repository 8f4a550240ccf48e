"""The door of a medical exit: two taps, nothing asked, never blocked (domain 9.2, P8)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from resume import audit
from resume.db import transaction
from resume.escalations.steps import Left, tell_committee
from resume.gate.models import MedicalExit
from resume.refusals import NotFound
from resume.roles import Actor


def medical_exit(exit_id: UUID, *, by: Actor, at: datetime) -> MedicalExit:
    """Record that a person left this gate for medical care. Sent twice, one row.

    No pass, no evidence and no policy is read: nothing of theirs can stand in the way.
    """
    if by.gate_id is None:
        raise NotFound
    with transaction() as session:
        known = session.get(MedicalExit, exit_id)
        if known is not None:
            return known
        found = MedicalExit(id=exit_id, gate_id=by.gate_id, at=at, guard=by.name)
        session.add(found)
        session.flush()
        audit.record("gate.medical_exit", f"gate:{by.gate_id}", by=by, at=at, exit=str(exit_id))
        tell_committee([Left(exit_id, by.gate_id, at)])
    return found
