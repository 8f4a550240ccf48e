"""Reading phones, their enrolments, and the gates of those who may enrol."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from resume.accounts.links import hash_of, secret_in
from resume.db import reading
from resume.devices.codes import code_key, read_code
from resume.devices.lifecycle import SILENCE, DeviceState, device_state
from resume.devices.models import Device, DeviceEnrolment
from resume.firms.models import Firm, Site
from resume.places.models import Gate
from resume.refusals import NotFound
from resume.roles import Actor, Role

MOST_OF_ONE_GATE = 200


@dataclass(frozen=True, slots=True)
class GateDevices:
    """The phones of a gate with what they are, the revoked ones last; and the enrolment that waits."""

    devices: Sequence[tuple[Device, DeviceState]]
    waiting: DeviceEnrolment | None


def get_own_gate(gate_id: int, *, by: Actor) -> Gate:
    """The gate, if the actor's desk has a say in it: a street's desk for its street's gates. NotFound."""
    found = reading().scalars(_own_gates(by).where(Gate.id == gate_id)).first()
    if found is None:
        raise NotFound
    return found


def list_own_gates(*, by: Actor, search: str = "", limit: int = 50, offset: int = 0) -> Sequence[Gate]:
    """Gates in which the actor's desk has a say: its street's before those of any desk, by kind and name.

    Those whose name holds `search`, where given.
    """
    order = (Gate.street == "", Gate.kind, Gate.name, Gate.id)
    query = _searched(by, search).order_by(*order).limit(limit).offset(offset)
    return reading().scalars(query).all()


def count_own_gates(*, by: Actor, search: str = "") -> int:
    """How many gates `list_own_gates` would go through."""
    return reading().scalar(select(func.count()).select_from(_searched(by, search).subquery())) or 0


def count_in_use(gate_ids: Collection[int], *, at: datetime) -> dict[int, tuple[int, datetime]]:
    """For gates with phones in use: how many, and when one of them was seen last. One statement."""
    rows = reading().execute(
        select(Device.gate_id, func.count(), func.max(Device.last_seen_at))
        .where(Device.gate_id.in_(gate_ids))
        .where(Device.revoked_at.is_(None), Device.last_seen_at > at - SILENCE)
        .group_by(Device.gate_id)
    )
    return {gate_id: (count, seen) for gate_id, count, seen in rows}


def firms_of(gates: Sequence[Gate]) -> dict[int, str]:
    """By gate: whose plant it belongs to. Gates of many plants have one name. One statement."""
    site_ids = {gate.site_id for gate in gates if gate.site_id is not None}
    query = select(Site.id, Firm.short_name).join(Firm, Firm.id == Site.firm_id)
    names = {row.id: row.short_name for row in reading().execute(query.where(Site.id.in_(site_ids)))}
    return {gate.id: names[gate.site_id] for gate in gates if gate.site_id is not None}


def devices_of_gate(gate_id: int, *, at: datetime) -> GateDevices:
    """What the page of a gate shows of its phones. Two statements."""
    rows = reading().scalars(
        select(Device)
        .where(Device.gate_id == gate_id)
        .order_by(Device.revoked_at.is_not(None), Device.number.desc())
        .limit(MOST_OF_ONE_GATE)
    )
    waiting = reading().scalars(_open_of(gate_id, at).order_by(DeviceEnrolment.offered_at.desc())).first()
    return GateDevices([(row, device_state(row, at)) for row in rows], waiting)


def get_device(number: int, *, by: Actor) -> Device:
    """The phone of this number, at a gate in which the actor's desk has a say. NotFound."""
    device = reading().scalars(select(Device).where(Device.number == number)).first()
    if device is None:
        raise NotFound
    get_own_gate(device.gate_id, by=by)
    return device


def find_predecessor(device: Device) -> Device | None:
    """The same phone as it was enrolled before."""
    return None if device.replaces_id is None else reading().get(Device, device.replaces_id)


def get_enrolment(enrolment_id: UUID, *, by: Actor) -> DeviceEnrolment:
    """An enrolment for a gate in which the actor's desk has a say. NotFound."""
    enrolment = reading().get(DeviceEnrolment, enrolment_id)
    if enrolment is None:
        raise NotFound
    get_own_gate(enrolment.gate_id, by=by)
    return enrolment


def find_enrolment(presented: str) -> DeviceEnrolment | None:
    """The enrolment of what was scanned, pasted or typed, in whatever state it is. One statement each way."""
    code = read_code(presented)
    if code is not None:
        named = DeviceEnrolment.code_key == code_key(code)
    else:
        named = DeviceEnrolment.secret_hash == hash_of(secret_in(presented))
    return reading().scalars(select(DeviceEnrolment).where(named)).first()


def find_by_token(token: str) -> Device | None:
    """The phone that holds this token, in whatever state it is."""
    if not token:
        return None
    return reading().scalars(select(Device).where(Device.token_hash == hash_of(token))).first()


def find_in_use(token: str, *, at: datetime) -> Device | None:
    """The phone that holds this token, if it still opens something."""
    device = find_by_token(token)
    return device if device is not None and device_state(device, at) is DeviceState.IN_USE else None


def _own_gates(by: Actor) -> Select[Gate]:
    """A gate without a street is any desk's of its district."""
    if by.role is not Role.STREET:
        return select(Gate)
    query = select(Gate).where(Gate.district_code == (by.district_code or ""))
    return query.where(Gate.street.in_([by.street or "", ""]))


def _searched(by: Actor, search: str) -> Select[Gate]:
    query = _own_gates(by)
    return query.where(Gate.name.contains(search, autoescape=True)) if search else query


def _open_of(gate_id: int, at: datetime) -> Select[DeviceEnrolment]:
    return select(DeviceEnrolment).where(
        DeviceEnrolment.gate_id == gate_id,
        DeviceEnrolment.used_at.is_(None),
        DeviceEnrolment.ended_at.is_(None),
        DeviceEnrolment.expires_at > at,
    )
