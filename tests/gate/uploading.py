"""What a device would report, and the door it reports to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from resume.clock import iso
from resume.db import new_id
from resume.gate.lifecycle import LANES
from resume.gate.operations.uploads import UploadResult, take_scans
from resume.gate.uploaded import read_uploads
from resume.places.queries import get_gate
from tests.gate.conftest import guard_of


def event(presented: str, at: datetime, action: str = "let_through", **fields: Any) -> dict[str, Any]:
    """One entry as the contract has it; `fields` change it."""
    return {
        "nonce": str(new_id()),
        "counter": int(at.timestamp()) % 1_000_000,
        "lane": None,
        "device_at": iso(at),
        "at": iso(at),
        "clock": "good",
        "presented": presented,
        "verdict": "green",
        "code": "OK",
        "reasons": [],
        "advice": "let_through",
        "action": action,
        "refusal": "",
        "antigen": None,
        "annuls": None,
    } | {name: str(value) if isinstance(value, UUID) else value for name, value in fields.items()}


def upload(gate_id: int, entries: list[Any], at: datetime, name: str = "device:1") -> list[UploadResult]:
    """The door, as the page opens it."""
    lane = LANES[get_gate(gate_id).kind]
    return take_scans(read_uploads(entries, lane=lane, at=at), by=guard_of(gate_id, name), at=at)
