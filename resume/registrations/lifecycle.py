"""States of a registration: it waits, and is decided once."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _

from resume.refusals import Text


class State(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


STATE_NAMES: dict[State, Text] = {
    State.WAITING: _("待核对"),
    State.CONFIRMED: _("已确认"),
    State.REFUSED: _("未通过"),
}

#: How long the district has to decide (assumed: domain.md names no limit), shown to both sides.
CLOCK = timedelta(hours=24)
