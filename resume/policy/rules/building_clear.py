"""Rule 2 of RTW: no positive in the building for seven days."""

from datetime import datetime

from resume.policy.facts import Building, Case, Facts
from resume.policy.findings import Finding, Outcome, Sentence, Value
from resume.policy.moments import start_of_day
from resume.policy.parameters import WorkTerms
from resume.policy.records import refs_of

_RULE = "building_clear"
_MET = Sentence(zh="所住楼栋连续{days}日无阳性。", en="No positive in the building for {days} days.")
_POSITIVE = Sentence(
    zh="楼内{reported:day}有阳性；{clears:hour}起可再申请，此前请企业安排其他人员到岗。",
    en="A positive was reported in the building on {reported:day}; apply again from {clears:hour}, "
    "until then the firm sends somebody else.",
)
_STILL_THERE = Sentence(
    zh="楼内{reported:day}报告的阳性尚未{missing}；完成后按{days}日重新计算，此前请企业安排其他人员到岗。",
    en="The positive reported in the building on {reported:day} has not been {missing_en} yet; the "
    "{days} days are counted after that, until then the firm sends somebody else.",
)
_UNKNOWN = Sentence(
    zh="查不到所住楼栋近{days}日的完整筛查；请联系居（村）委会核实住址和楼栋，筛查完成后重新判断。",
    en="No complete screening of the building in the last {days} days is known; ask the residents' committee "
    "to confirm address and building, after a screening this is judged again.",
)
_PAST = Sentence(
    zh="所住楼栋的筛查有效期至{until:minute}，已过期；请等待下一次完整筛查，或联系居（村）委会。",
    en="The building's screening counted until {until:minute}; wait for the next complete screening, or ask "
    "the residents' committee.",
)


def building_clear(facts: Facts, terms: WorkTerms, at: datetime) -> Finding:
    """By "楼内7日没有阳性病例": clear from 00:00 of D+8, D the Shanghai date of the latest report.

    Formats, RTW 2; the source is 解放日报 2022-04-22, the way of counting is assumed (domain 9.5).

    A case that was not transferred by T blocks without a date. Cases come first: they block also where the
    building is not known. Not known: no complete screening covers T, and never clean by absence.
    """
    building = facts.building
    cases = [
        case
        for case in building.cases
        if case.reported_at <= at and case.excluded not in terms.uncounted.value
    ]
    if cases:
        blocked = _blocked(cases, building, terms, at)
        if blocked is not None:
            return blocked
    if not building.known:
        days = {"days": terms.screening_days.value}
        return Finding(_RULE, Outcome.NOT_KNOWN, "BLDG_UNKNOWN", _UNKNOWN, days)
    until = building.known_until
    if until is not None and at > until:
        return Finding(
            _RULE, Outcome.NOT_KNOWN, "BLDG_UNKNOWN", _PAST, {"until": until}, refs=refs_of((building,))
        )
    return Finding(
        _RULE,
        Outcome.MET,
        "OK",
        _MET,
        {"days": terms.clean_days.value},
        holds_until=until,
        refs=refs_of((building,)),
    )


def _blocked(cases: list[Case], building: Building, terms: WorkTerms, at: datetime) -> Finding | None:
    """The finding where a counted case blocks; its refs are all the cases that block by themselves."""
    days = terms.clean_days.value + (0 if terms.lenient.value else 1)
    # A positive of day D blocks before 00:00 of D + days: on T's day those of the `days` days up to it do.
    first_day = start_of_day(at, plus_days=1 - days)
    anchors = [(_anchor(case, terms, at), case) for case in cases]
    staying = [case for anchor, case in anchors if anchor is None]
    counting = [(anchor, case) for anchor, case in anchors if anchor is not None and anchor >= first_day]
    if not (staying or counting):
        return None
    refs = refs_of([*staying, *(case for _, case in counting)])
    if staying:
        return Finding(
            _RULE,
            Outcome.NOT_MET,
            "BLDG_POS_7D",
            _STILL_THERE,
            _staying_values(staying, terms, at),
            refs=refs,
        )
    last, latest = max(counting, key=lambda pair: (pair[0], pair[1].reported_at))
    clears_at = start_of_day(last, plus_days=days)
    return Finding(
        _RULE,
        Outcome.NOT_MET,
        "BLDG_POS_7D",
        _POSITIVE,
        {"reported": latest.reported_at, "clears": clears_at},
        clears_at=clears_at,
        # Once the days are over the building must also be known; one that is not known now holds no longer.
        holds_until=building.known_until if building.known else at,
        refs=refs,
    )


def _anchor(case: Case, terms: WorkTerms, at: datetime) -> datetime | None:
    """The moment whose date is D, or None while the case (by the strictest anchor: its traces) is there."""
    if case.transferred_at is None or case.transferred_at > at:
        return None
    if terms.anchor.value == "reported_at":
        return case.reported_at
    left = max(case.reported_at, case.transferred_at)
    if terms.anchor.value == "max_report_transfer":
        return left
    if case.disinfected_at is None or case.disinfected_at > at:
        return None
    return max(left, case.disinfected_at)


def _staying_values(staying: list[Case], terms: WorkTerms, at: datetime) -> dict[str, Value]:
    latest = max(staying, key=lambda case: case.reported_at)
    gone = latest.transferred_at is not None and latest.transferred_at <= at
    return {
        "reported": latest.reported_at,
        "missing": "完成终末消毒" if gone else "转运",
        "missing_en": "followed by disinfection" if gone else "transferred",
        "days": terms.clean_days.value,
    }
