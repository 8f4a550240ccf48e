"""How long things last, and why a phone is taken out of use. All of it in real time, as sessions are."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _

from resume.devices.models import Device, DeviceEnrolment
from resume.refusals import Text

#: A code to enrol a phone is shown while somebody stands beside the phone.
ENROLMENT = timedelta(minutes=30)
#: A phone that was silent for so long is none of ours any more; its cookie lasts as long.
SILENCE = timedelta(days=90)
#: How often use is noted, and the cookie given another 90 days.
TOUCH_EVERY = timedelta(minutes=5)


class EnrolmentState(StrEnum):
    """What an enrolment is at a moment."""

    WAITING = "waiting"
    USED = "used"
    ENDED = "ended"


class DeviceState(StrEnum):
    """What a phone is at a moment."""

    IN_USE = "in_use"
    SILENT = "silent"
    REVOKED = "revoked"


#: Why a phone is revoked, as its desk chooses it.
REASONS: dict[str, Text] = {
    "lost": _("丢失或被盗"),
    "broken": _("损坏或更换手机"),
    "moved": _("不再用于本门岗"),
    "other": _("其他原因"),
}
#: Written by the system: the same phone was enrolled once more.
ENROLLED_AGAIN = "enrolled_again"
REASON_NAMES: dict[str, Text] = REASONS | {ENROLLED_AGAIN: _("同一部手机已重新登记")}


def device_state(device: Device, at: datetime) -> DeviceState:
    """What a phone is at `at`."""
    if device.revoked_at is not None:
        return DeviceState.REVOKED
    return DeviceState.SILENT if at - device.last_seen_at >= SILENCE else DeviceState.IN_USE


def enrolment_state(enrolment: DeviceEnrolment, at: datetime) -> EnrolmentState:
    """What an enrolment is at `at`."""
    if enrolment.used_at is not None:
        return EnrolmentState.USED
    is_over = enrolment.ended_at is not None or enrolment.expires_at <= at
    return EnrolmentState.ENDED if is_over else EnrolmentState.WAITING
