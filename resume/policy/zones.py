"""When a level of the three zones may be lowered: a proposal, never the lowering itself.

"auto_change: false: propose only" (domain 9.3). A level that ended by the calendar alone would call a place
safe because nobody wrote down that it is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from resume.policy.facts import Zone
from resume.policy.findings import Said, Sentence, Value
from resume.policy.moments import start_of_day
from resume.policy.zone_rules import ZoneRules, zone_rules_at

LEVELS: dict[Zone, tuple[str, str]] = {
    "sealed": ("封控区", "sealed"),
    "controlled": ("管控区", "controlled"),
    "precaution": ("防范区", "precaution"),
}
"""The levels from the strictest down, in Chinese and English."""

_DAY = timedelta(days=1)

_SINCE = Sentence(
    zh="{since:day}起为{level}，当日不计，满{days}日可降为{next}。",
    en="{level_en} since {since:day}; after {days} days, that day not counted, it may become {next_en}.",
)
_POSITIVE = Sentence(
    zh="最近一例阳性{reported:day}报告，当日不计，须满{days}日无新增。",
    en="The last positive was reported on {reported:day}; {days} days without another must pass, that day "
    "not counted.",
)
_NEW_RULES = Sentence(
    zh="{since:day}起按新的三区规定计算。", en="Since {since:day} the new rules on zones count."
)
_SCREENED = Sentence(
    zh="{screened:day}的完整筛查未见新增（以楼栋完整筛查代替第{day}日全员核酸，本项目约定）。",
    en="The complete screening of {screened:day} found nobody new (it stands for the PCR of all on day "
    "{day}: this project's reading).",
)
_NOT_SCREENED = Sentence(
    zh="没有{screen:day}（第{day}日）或之后的完整筛查记录（本项目以完整筛查作为全员核酸阴性的依据）；请补报筛查结果。",
    en="No complete screening of {screen:day} (day {day}) or later is on record (it stands for that day's "
    "PCR of all: this project's reading); take its result in.",
)
_UNDER_REVIEW = Sentence(
    zh="{opened:day}起楼内有结果待复核；请等待复核结果。",
    en="A result in the building has been under review since {opened:day}; wait for it.",
)
_STILL_THERE = Sentence(
    zh="{reported:day}报告的阳性没有转运记录；请先登记转运时间。",
    en="The positive reported on {reported:day} has no record of being transferred; enter when it was.",
)


@dataclass(frozen=True, slots=True)
class Held:
    """A level as it stands at a place, and what is known there.

    `since`: when the level began, in one piece. `before`: the level from which it came, None: not known.
    `last_positive`: the latest report of a positive that counts, `not_transferred` of one that has not left.
    `screened`: the latest complete screening, 00:00 of its Shanghai date. `review_since`: the opening of the
    oldest review still open.
    """

    level: Zone
    since: datetime
    before: Zone | None = None
    last_positive: datetime | None = None
    not_transferred: datetime | None = None
    screened: datetime | None = None
    review_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a level may be lowered: from when (the days are over), why, and what is missing until then.

    Where something is missing it is not known that the level may be lowered, whatever the calendar says.
    """

    level_from: Zone
    level_to: Zone
    from_when: datetime
    version: str
    reasons: tuple[Said, ...]
    missing: tuple[Said, ...]

    def is_over(self, at: datetime) -> bool:
        """Whether the days are over."""
        return self.from_when <= at

    def is_due(self, at: datetime) -> bool:
        """Whether it can be put to the one who decides: the days are over and nothing is missing."""
        return self.from_when <= at and not self.missing


@dataclass(frozen=True, slots=True)
class _Count:
    """`days` after a Shanghai date (that date not counted), on whose `screening_day` all are negative."""

    anchor: datetime
    days: int
    screening_day: int | None
    why: Said

    @property
    def over(self) -> datetime:
        return start_of_day(self.anchor, plus_days=self.days + 1)


def propose(held: Held, *, at: datetime) -> Proposal | None:
    """The proposal to lower `held` under the version in force at `at`; None where there is nothing to lower
    (a precaution zone) or no version yet.

    What was reported after `at` must not be in `held`. A positive begins the days anew; in the version of
    April it also lengthens the closing (`closed_until`).
    """
    rules = zone_rules_at(at)
    if rules is None or held.level == "precaution":
        return None
    level_to, counts = _counts(held, rules)
    last = max(counts, key=lambda count: count.over)
    reasons = [count.why for count in counts]
    if rules.in_force_from > last.over:
        reasons.append(Said(_NEW_RULES, {"since": rules.in_force_from}))
    screened, missing = _screening(held, last)
    return Proposal(
        held.level,
        level_to,
        max(last.over, rules.in_force_from),
        rules.version,
        (*reasons, *screened),
        (*missing, *_in_the_way(held)),
    )


def _counts(held: Held, rules: ZoneRules) -> tuple[Zone, list[_Count]]:
    """The next level, and the counts that must all be over."""
    level_to, days, screening_day = _step(held, rules)
    positive_days = days
    if level_to == "precaution" and rules.positive_days.value is not None:
        positive_days = rules.positive_days.value
    zh, en = LEVELS[held.level]
    next_zh, next_en = LEVELS[level_to]
    values: dict[str, Value] = {"since": held.since, "days": days}
    values |= {"level": zh, "level_en": en.capitalize(), "next": next_zh, "next_en": next_en}
    counts = [_Count(held.since, days, screening_day, Said(_SINCE, values))]
    if held.last_positive is not None:
        why = Said(_POSITIVE, {"reported": held.last_positive, "days": positive_days})
        # The day on which all are negative is the last but one, however long the count is.
        day = None if screening_day is None else positive_days - (days - screening_day)
        counts.append(_Count(held.last_positive, positive_days, day, why))
    return level_to, counts


def _step(held: Held, rules: ZoneRules) -> tuple[Zone, int, int | None]:
    if held.level == "controlled":
        shorter = rules.after_sealed_days.value
        if held.before == "sealed" and shorter is not None:
            return "precaution", shorter, None
        return "precaution", rules.controlled_days.value, rules.controlled_screening_day.value
    home = rules.home_days.value
    if home is None:
        return "controlled", rules.sealed_days.value, rules.sealed_screening_day.value
    return "precaution", rules.sealed_days.value + home, rules.sealed_screening_day.value


def _screening(held: Held, count: _Count) -> tuple[list[Said], list[Said]]:
    """What is said of the screening the count asks for: a reason, or what is missing."""
    if count.screening_day is None:
        return [], []
    wanted = start_of_day(count.anchor, plus_days=count.screening_day)
    if held.screened is not None and held.screened >= wanted:
        return [Said(_SCREENED, {"screened": held.screened, "day": count.screening_day})], []
    return [], [Said(_NOT_SCREENED, {"screen": wanted, "day": count.screening_day})]


def _in_the_way(held: Held) -> list[Said]:
    found = []
    if held.not_transferred is not None:
        found.append(Said(_STILL_THERE, {"reported": held.not_transferred}))
    if held.review_since is not None:
        found.append(Said(_UNDER_REVIEW, {"opened": held.review_since}))
    return found


def closed_until(since: datetime, positives: Iterable[datetime], *, at: datetime) -> datetime | None:
    """Until when a sealed place is closed (足不出户); what follows within the level is staying at home.

    None under a version whose sealed level has one part only. "If a positive appears in the first 7 days:
    that building is closed to 14" (domain 2.1): the closing is lengthened, counted from its own beginning. A
    later positive begins a new one (assumed). Positives of the first day are its cause, not new ones.
    """
    rules = zone_rules_at(at)
    if rules is None or rules.home_days.value is None:
        return None
    first, days = start_of_day(since, plus_days=0), rules.sealed_days.value
    end = start_of_day(first, plus_days=days + 1)
    for positive in sorted(start_of_day(moment, plus_days=0) for moment in positives if moment <= at):
        if first < positive <= first + days * _DAY:
            end = max(end, start_of_day(first, plus_days=(rules.lengthened_days.value or days) + 1))
        elif positive > first:
            first = positive
            end = max(end, start_of_day(first, plus_days=days + 1))
    return end
