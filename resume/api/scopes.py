"""What a token may do, what narrows it, and who it is to the doors below."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _

from resume.intake.feeds import FEEDS
from resume.refusals import Text
from resume.roles import Actor

LISTS = "lists:write"
CHECKS = "passes:check"

#: The feeds that come by this interface; the register of places comes as a file, from the city alone.
FEED_NAMES = tuple(name for name in FEEDS if name != "places")
SCOPE_OF_FEED = {name: f"{name}:write" for name in FEED_NAMES}
SCOPES: tuple[str, ...] = (*SCOPE_OF_FEED.values(), LISTS, CHECKS)

SCOPE_NAMES: dict[str, Text] = {
    "tests:write": _("报送检测"),
    "cases:write": _("报送阳性"),
    "reviews:write": _("报送复核"),
    "screenings:write": _("报送筛查"),
    "zones:write": _("报送三区划分"),
    "codes:write": _("报送健康码"),
    "contacts:write": _("报送密接"),
    "discharges:write": _("报送出院"),
    LISTS: _("上传人员名单"),
    CHECKS: _("查验通行证"),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """The party behind a live token, as the doors know it."""

    token_id: UUID
    name: str
    scopes: Collection[str]
    firm_id: int | None = None
    gate_id: int | None = None
    district_code: str | None = None

    @property
    def actor(self) -> Actor:
        """`api:NAME` cannot be a person: sign-in names hold no colon."""
        return Actor(
            f"api:{self.name}",
            firm_id=self.firm_id,
            gate_id=self.gate_id,
            district_code=self.district_code,
        )
