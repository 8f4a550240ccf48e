"""How long a level of the three zones (三区) lasts: two published versions as dated data.

Sources: S numbers are those of the domain page's list; 2.1 is its table of both versions.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from resume.policy.moments import parse_moment
from resume.policy.parameters import Mark, Parameter

_V1 = "S33: 上海市三区划分 of 11 April 2022"
_V2 = "S34, S35: 上海市三区划分 of 13 May 2022"


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """One version. Days are Shanghai dates, the first not counted; None: the version does not ask for it.

    `home_days` follow `sealed_days` within the sealed level and lead to precaution; without them sealed leads
    to controlled, and `after_sealed_days` there to precaution. `positive_days`: so long no positive before
    precaution. `sealed_screening_day`, `controlled_screening_day`: the day of the count on which all must be
    negative.
    """

    version: str
    in_force_from: datetime
    sealed_days: Parameter[int]
    home_days: Parameter[int | None]
    lengthened_days: Parameter[int | None]
    after_sealed_days: Parameter[int | None]
    controlled_days: Parameter[int]
    positive_days: Parameter[int | None]
    sealed_screening_day: Parameter[int | None]
    controlled_screening_day: Parameter[int | None]

    def listed(self) -> tuple[tuple[str, Parameter[Any]], ...]:
        """Every parameter with its name, in order, to be shown."""
        found = ((field.name, getattr(self, field.name)) for field in fields(self))
        return tuple((name, value) for name, value in found if isinstance(value, Parameter))


_TITLES = {
    "sealed_days": ("封控区的封闭天数", "Days for which a sealed place is closed"),
    "home_days": ("封控区封闭后的居家健康监测天数", "Days of staying at home that follow in a sealed place"),
    "lengthened_days": (
        "封闭期内有新增阳性的，封闭延长至的天数",
        "Days to which a new positive lengthens the closing",
    ),
    "after_sealed_days": (
        "封控区降为管控区后的天数",
        "Days as controlled for a place that was sealed before",
    ),
    "controlled_days": ("管控区的天数", "Days of a controlled place"),
    "positive_days": ("降为防范区前无阳性的天数", "Days without a positive before a place is precaution"),
    "sealed_screening_day": (
        "封控区须全员核酸阴性的那一天",
        "The day on which all of a sealed place must be negative",
    ),
    "controlled_screening_day": (
        "管控区须全员核酸阴性的那一天",
        "The day on which all of a controlled place must be negative",
    ),
}


def _rules(version: str, from_day: str, source: str, **days: int | None) -> ZoneRules:
    assumed = {"positive_days"} if days["positive_days"] is not None else set()
    parameters: dict[str, Any] = {
        name: Parameter(
            value,
            Mark.ASSUMED if name in assumed else Mark.PUBLISHED,
            source,
            {"zh": _TITLES[name][0], "en": _TITLES[name][1]},
        )
        for name, value in days.items()
    }
    return ZoneRules(version, parse_moment(f"{from_day}T00:00:00+08:00"), **parameters)


ZONE_RULES: tuple[ZoneRules, ...] = (
    _rules(
        "ZONES-2022-04-11",
        "2022-04-11",
        _V1,
        sealed_days=7,
        home_days=7,
        lengthened_days=14,
        after_sealed_days=None,
        controlled_days=7,
        # By the definition of precaution; that a lowering must wait for it is this project's reading.
        positive_days=14,
        sealed_screening_day=13,
        controlled_screening_day=6,
    ),
    _rules(
        "ZONES-2022-05-13",
        "2022-05-13",
        _V2,
        sealed_days=7,
        home_days=None,
        lengthened_days=None,
        after_sealed_days=3,
        controlled_days=7,
        positive_days=None,
        sealed_screening_day=None,
        controlled_screening_day=None,
    ),
)
"""Oldest first."""


def zone_rules_at(at: datetime) -> ZoneRules | None:
    """The version in force at `at`; None before the first: nothing is then known of how a level ends."""
    return next((rules for rules in reversed(ZONE_RULES) if rules.in_force_from <= at), None)
