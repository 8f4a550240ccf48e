"""Where a pass stands, and which reasons hold one."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _

from resume.refusals import Text

#: The hard end of a pass after its approval (credential.md, Token; assumed).
VALIDITY = timedelta(hours=168)
#: Feeds may be this far ahead of the clock (formats, Feeds). What they say of the next minutes counts now:
#: nobody comes back to a record when its moment has passed.
FORESIGHT = timedelta(minutes=5)


class Status(StrEnum):
    """The status of a pass, in the order in which the first that holds is given (formats)."""

    REVOKED = "revoked"
    REPLACED = "replaced"
    USED = "used"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    ACTIVE = "active"


STATUS_NAMES: dict[Status, Text] = {
    Status.ACTIVE: _("有效"),
    Status.SUSPENDED: _("暂停"),
    Status.USED: _("已使用"),
    Status.REPLACED: _("已换发"),
    Status.REVOKED: _("已吊销"),
    Status.EXPIRED: _("已过期"),
}

#: What a pass is on. A guard tells them apart by this word, a finger on the paper, a moving code.
MEDIUM_NAMES: dict[str, Text] = {"paper": _("纸质证"), "phone": _("手机动态证")}

#: Codes that suspend whenever the policy finds them.
SUSPENDING = frozenset(
    {
        "POSITIVE",
        "REVIEW_PENDING",
        "CORES_PENDING",
        "BLDG_POS_7D",
        "BLDG_HOLD",
        "CODE_NOT_GREEN",
        "CONTACT",
        "PLAN_SUSPENDED",
        "PLAN_NOT_APPROVED",
    }
)
#: Codes that age by themselves: they suspend only while the token promises the evidence, by withdrawal.
AGEING = frozenset({"PCR_NONE", "PCR_PENDING", "PCR_EXPIRED", "BLDG_UNKNOWN", "CODE_UNKNOWN"})
#: The cause of a suspension for evidence that the token promises and that was withdrawn.
WITHDRAWN = "withdrawn"
#: Codes whose mere end (a period over, a discharge, a building clear again) waits for a reviewer.
RELEASED_BY_REVIEWER = frozenset({"POSITIVE", "BLDG_POS_7D", "CONTACT"})
#: What brings somebody in the plant under observation; those of his home only within HOME_DAYS of his exit.
OBSERVED = frozenset(
    {"POSITIVE", "REVIEW_PENDING", "CORES_PENDING", "BLDG_POS_7D", "CODE_NOT_GREEN", "CONTACT"}
)
OBSERVED_FROM_HOME = frozenset({"CORES_PENDING", "BLDG_POS_7D"})
#: A record of his home that is this much younger than his exit does not concern him (9.2 P1; assumed).
HOME_DAYS = timedelta(days=4)
#: How long after his entry a worker is still looked at: the loop's longest stretch (assumed).
INSIDE = timedelta(days=60)
#: What the firm's HR reads only as one reason, HEALTH (formats, "Pages say more than eligible_from").
HIDDEN_FROM_HR = frozenset({"POSITIVE", "REVIEW_PENDING", "CORES_PENDING", "CONTACT", "CODE_NOT_GREEN"})
