"""Where a correction stands."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _

from resume.refusals import Text


class State(StrEnum):
    """`proposed`: waits for a second person. `confirmed`: it is in the ledger. `declined`: it is not."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


STATE_NAMES: dict[State, Text] = {
    State.PROPOSED: _("待复核确认"),
    State.CONFIRMED: _("已确认"),
    State.DECLINED: _("未通过"),
}
