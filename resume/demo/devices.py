"""Phones of the demo: one in use at the story's compound gate, enrolled by its street's desk."""

from __future__ import annotations

from datetime import datetime

from resume.clock import real_now
from resume.demo.moments import NOW
from resume.devices.codes import codes_of
from resume.devices.operations import enrol, offer, rename
from resume.places.models import Gate
from resume.roles import Actor


def enrol_phone(gate: Gate, *, by: Actor, at: datetime = NOW) -> None:
    """A guard's phone, on record only: nobody has its token."""
    real_at = real_now()
    codes = codes_of(offer(gate.id, by=by, at=at, real_at=real_at))
    assert codes is not None
    device, _token = enrol(codes.code, address="", agent="Chrome · Android", at=at, real_at=real_at)
    rename(device.number, "岗亭 1 号机", by=by, at=at)
