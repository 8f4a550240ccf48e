"""Doors of phones: offer a code, enrol by it, name, revoke. Times of codes and tokens are real time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update

from resume import audit
from resume.accounts import throttle
from resume.accounts.links import hash_of, new_secret
from resume.accounts.models import Account
from resume.db import joined, new_id, transaction
from resume.devices.codes import code_key, new_codes, seal
from resume.devices.lifecycle import (
    ENROLLED_AGAIN,
    ENROLMENT,
    REASONS,
    DeviceState,
    EnrolmentState,
    device_state,
    enrolment_state,
)
from resume.devices.models import Device, DeviceEnrolment
from resume.devices.queries import find_by_token, find_enrolment, get_device, get_enrolment, get_own_gate
from resume.refusals import Conflict, NotAllowed, TooMany, Unprocessable
from resume.roles import CLI, Actor, Role


class BadEnrolment(Unprocessable):
    """The code was used, withdrawn, replaced or is too old; or it never was one. Which, is not said."""

    code = "bad_enrolment"
    message = _("登记码无效、已用过或已过期")
    advice = _("登记码 30 分钟有效，只能用一次；请核对，或请街镇值班台、系统管理员重新生成")


class TooManyGuesses(TooMany):
    """Too many codes from this address were none."""

    code = "too_many_guesses"
    message = _("登记码多次不对，已暂停 15 分钟")
    advice = _("请稍后再试，或请街镇值班台、系统管理员核对登记码")


class AlreadyRevoked(Conflict):
    """Somebody has revoked this phone."""

    code = "device_revoked"
    message = _("这部手机已停用，没有改动")


class BadReason(Unprocessable):
    """Not one of the coded reasons."""

    code = "bad_reason"
    message = _("请选择停用的原因，没有停用")
    advice = _("从列出的原因中选择一项")


#: Codes that were none, by address. With 39 bits and half an hour nobody comes near one.
GUESS = throttle.Limit("device-code", 10, throttle.WINDOW, TooManyGuesses)
OFFER = throttle.Limit("device-offer", 60, throttle.HOUR, throttle.TooManyRequests)


def actor_of(device: Device) -> Actor:
    """Whom doors are told of when this phone acts: a guard of its gate, without an account."""
    return Actor(device.name, Role.GUARD, gate_id=device.gate_id, device_id=device.id)


def offer(gate_id: int, *, by: Actor, at: datetime, real_at: datetime) -> DeviceEnrolment:
    """Make a code that enrols one phone for a gate; one that waited there before opens nothing any more.

    Raises NotFound for another desk's gate, TooManyRequests.
    """
    _require_desk(by)
    counted = (OFFER, str(by.account_id))
    throttle.refuse(counted, at=real_at)
    codes = new_codes()
    with transaction() as session:
        throttle.count(counted, at=real_at)
        gate = get_own_gate(gate_id, by=by)
        _end_waiting(gate.id, real_at)
        enrolment = DeviceEnrolment(
            id=new_id(),
            gate_id=gate.id,
            secret_hash=hash_of(codes.secret),
            code_key=code_key(codes.code),
            offered_by=by.account_id,
            offered_at=real_at,
            expires_at=real_at + ENROLMENT,
        )
        seal(enrolment, codes)
        session.add(enrolment)
        session.flush()
        audit.record("device.offered", f"gate:{gate.id}", by=by, at=at, enrolment=str(enrolment.id))
    return enrolment


def withdraw(enrolment_id: UUID, *, by: Actor, at: datetime, real_at: datetime) -> DeviceEnrolment:
    """Let a code that waits open nothing. One that is over already stays as it is. NotFound."""
    _require_desk(by)
    with transaction():
        enrolment = get_enrolment(enrolment_id, by=by)
        if enrolment_state(enrolment, real_at) is EnrolmentState.WAITING:
            enrolment.ended_at, enrolment.sealed = real_at, None
            subject = f"gate:{enrolment.gate_id}"
            audit.record("device.offer_withdrawn", subject, by=by, at=at, enrolment=str(enrolment.id))
    return enrolment


def enrol(
    presented: str, *, address: str, agent: str, token_before: str = "", at: datetime, real_at: datetime
) -> tuple[Device, str]:
    """Enrol the phone that presents a waiting code (or the QR's secret): the phone, and its token.

    A phone that was enrolled before shows the token it has: that one ends here, and is named as what this
    enrolment replaces. Of two at once one wins. Raises BadEnrolment, TooManyGuesses.
    """
    counted = (GUESS, address)
    throttle.refuse(counted, at=real_at)
    token, device = new_secret(), None
    with transaction():
        throttle.refuse(counted, at=real_at)  # of many at once no more are heard than of as many in turn
        enrolment = _take(presented, real_at)
        if enrolment is None:
            throttle.count(counted, at=real_at)
        else:
            device = _add_device(enrolment, token, agent, real_at)
            before = _end_before(token_before, device, at=at, real_at=real_at)
            joined().flush()
            enrolment.device_id = device.id
            detail = {"gate": device.gate_id, "enrolment": str(enrolment.id)}
            if before is not None:
                detail["replaces"] = before.name
            audit.record("device.enrolled", device.name, by=actor_of(device), at=at, **detail)
    if device is None:
        raise BadEnrolment
    return device, token


def rename(number: int, label: str, *, by: Actor, at: datetime) -> Device:
    """Write on a phone what its desk calls it; empty: nothing. NotFound."""
    _require_desk(by)
    with transaction():
        device = get_device(number, by=by)
        device.label = label
        audit.record("device.renamed", device.name, by=by, at=at, label=label)
    return device


def revoke(number: int, reason: str, *, by: Actor, at: datetime, real_at: datetime) -> Device:
    """Take a phone out of use; its next request is refused. Raises NotFound, AlreadyRevoked, BadReason."""
    _require_desk(by)
    if reason not in REASONS:
        raise BadReason
    with transaction():
        device = get_device(number, by=by)
        if device.revoked_at is not None:
            raise AlreadyRevoked
        device.revoked_at, device.revoked_by, device.revoked_reason = real_at, by.account_id, reason
        audit.record("device.revoked", device.name, by=by, at=at, gate=device.gate_id, reason=reason)
    return device


def note_use(device_id: UUID, *, real_at: datetime) -> None:
    """A phone was there."""
    with transaction() as session:
        session.execute(update(Device).where(Device.id == device_id).values(last_seen_at=real_at))


def _require_desk(by: Actor) -> None:
    if by.role not in (Role.ADMINISTRATOR, Role.STREET) and by != CLI:
        raise NotAllowed


def _take(presented: str, real_at: datetime) -> DeviceEnrolment | None:
    """Use a waiting code up; None where there is none. Whoever offered it must still have his account."""
    enrolment = find_enrolment(presented)
    if enrolment is None or enrolment_state(enrolment, real_at) is not EnrolmentState.WAITING:
        return None
    account = None if enrolment.offered_by is None else joined().get(Account, enrolment.offered_by)
    if account is not None and account.is_disabled:
        return None
    enrolment.used_at, enrolment.sealed = real_at, None
    return enrolment


def _add_device(enrolment: DeviceEnrolment, token: str, agent: str, real_at: datetime) -> Device:
    """A phone under the next number; doors come one after another, so nobody else takes it."""
    session = joined()
    device = Device(
        id=new_id(),
        number=(session.scalar(select(func.max(Device.number))) or 0) + 1,
        gate_id=enrolment.gate_id,
        token_hash=hash_of(token),
        agent=agent[:40],
        enrolled_by=enrolment.offered_by,
        enrolled_at=real_at,
        last_seen_at=real_at,
    )
    session.add(device)
    return device


def _end_before(token_before: str, device: Device, *, at: datetime, real_at: datetime) -> Device | None:
    """End what this phone was before; its row says which one it is now."""
    before = find_by_token(token_before)
    if before is None:
        return None
    device.replaces_id = before.id
    if device_state(before, real_at) is not DeviceState.REVOKED:
        before.revoked_at, before.revoked_by = real_at, device.enrolled_by
        before.revoked_reason = ENROLLED_AGAIN
        audit.record(
            "device.revoked",
            before.name,
            by=actor_of(before),
            at=at,
            gate=before.gate_id,
            reason=ENROLLED_AGAIN,
        )
    return before


def _end_waiting(gate_id: int, real_at: datetime) -> None:
    """End the codes that wait at a gate, and forget what was kept to show them; also of those that lapsed."""
    joined().execute(
        update(DeviceEnrolment)
        .where(DeviceEnrolment.gate_id == gate_id)
        .where(DeviceEnrolment.used_at.is_(None), DeviceEnrolment.ended_at.is_(None))
        .values(ended_at=real_at, sealed=None)
    )
