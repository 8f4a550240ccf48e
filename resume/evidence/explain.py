"""Why a building is not clear, and when: the policy's own findings, put together in words about the building.

Never a person, a case or a number of persons: what is said here is read by firms. And never anything else
than the verdict: every line is made from a finding, none from the records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from resume.evidence.buildings import BuildingEvidence, read_buildings
from resume.evidence.reviews import read_reviews, reviews_for
from resume.evidence.zones import ZoneStatus, zone_status
from resume.policy import Building, Facts, Finding, Outcome, Review, Text, WorkTerms, policy_at, reason
from resume.policy.findings import Said, Sentence
from resume.policy.rules.building_clear import building_clear
from resume.policy.rules.building_review import building_review

State = Literal["clear", "not_clear", "not_known"]
RULES = ("building_clear", "building_review")

_DATED = Sentence(
    zh="楼内{reported:day}报告有阳性，当日不计；没有新增的，{clears:hour}起满{days}日。",
    en="A positive was reported in the building on {reported:day}, that day not counted; without another the "
    "{days} days are over from {clears:hour}.",
)
_UNDATED = Sentence(
    zh="楼内{reported:day}报告的阳性尚未{missing}，登记之后才能算出日期。",
    en="The positive reported in the building on {reported:day} has not been {missing_en} yet; there is a "
    "date only after that is on record.",
)
_HOLD = Sentence(
    zh="楼内{opened:day}起有结果待复核，结果出来前暂不放行。",
    en="A result in the building has been under review since {opened:day}; nobody is let out before that.",
)
_NEVER = Sentence(
    zh="没有{days}日内的完整筛查记录：情况待查，不按无阳性处理。",
    en="There is no complete screening of the last {days} days on record: not known, and not taken as clear.",
)
_RAN_OUT = Sentence(
    zh="筛查记录已于{until:minute}失效：情况待查，不按无阳性处理。",
    en="The record of screening ran out at {until:minute}: not known, and not taken as clear.",
)
_CLEAR = Sentence(zh="楼内连续{days}日没有阳性。", en="No positive in the building for {days} days.")
_KNOWN_UNTIL = Sentence(
    zh="筛查记录到{until:minute}失效。", en="The record of screening runs out at {until:minute}."
)
_SCREEN_FIRST = Sentence(
    zh="届时还须有新的完整筛查记录。", en="By then a new complete screening must also be on record."
)


@dataclass(frozen=True, slots=True)
class BuildingWhy:
    """The state of a building (or of a unit of it) in words.

    `clears_at`: the first moment at which it is clear if nothing new happens; None: clear already, or only
    new evidence can make it so. `next_step` None: nothing to do.
    """

    state: State
    lines: tuple[Text, ...]
    clears_at: datetime | None
    next_step: Text | None


@dataclass(frozen=True, slots=True)
class PlaceNotes:
    """What is said of a worker's building beside his verdict. `why` None: no rule on buildings was asked."""

    why: BuildingWhy | None
    zone: ZoneStatus


def notes_on(
    judged: Sequence[tuple[int | None, Iterable[Finding]]], *, at: datetime
) -> list[PlaceNotes | None]:
    """The notes for each (building, findings of a verdict taken at `at`), in the order given; None without a
    building. One query."""
    zones = zone_status({building_id for building_id, _ in judged if building_id is not None}, at=at)
    return [
        None if building_id is None else PlaceNotes(why_of(findings, at=at), zones[building_id])
        for building_id, findings in judged
    ]


def why_building(building: Building, reviews: Sequence[Review], *, at: datetime) -> BuildingWhy:
    """Why as the rules on buildings find it at `at` for somebody who lives there; no queries.

    `reviews`: those that he meets (`reviews.reviews_for`). Raises NoPolicy before the first policy.
    """
    terms = policy_at(at).profile("RTW").terms
    facts = Facts((), None, None, tuple(reviews), building, None, None)
    return _why((building_clear(facts, terms, at), building_review(facts, terms, at)), terms, at)


def why_of(findings: Iterable[Finding], *, at: datetime) -> BuildingWhy | None:
    """The same from the findings of a verdict taken at `at`; None where no rule on buildings was asked."""
    asked = [finding for finding in findings if finding.rule in RULES]
    return _why(asked, policy_at(at).profile("RTW").terms, at) if asked else None


def why_buildings(
    wanted: Mapping[int, Collection[str]], *, at: datetime
) -> dict[int, tuple[BuildingEvidence, dict[str, BuildingWhy]]]:
    """Building -> units ("" for who gives none): its evidence, and why for each unit, as a neighbour of all
    persons under review there meets it. Two queries."""
    terms = policy_at(at).profile("RTW").terms
    evidence = read_buildings(wanted, at=at, screening_days=terms.screening_days.value)
    reviews = read_reviews(wanted.keys(), ())
    found = {}
    for building_id, units in wanted.items():
        met = reviews_for(reviews, number_key=b"", building_id=building_id, flatmates=(), discharges=())
        place = evidence[building_id]
        found[building_id] = (
            place,
            {unit: why_building(place.for_unit(unit), met, at=at) for unit in units},
        )
    return found


def _why(findings: Sequence[Finding], terms: WorkTerms, at: datetime) -> BuildingWhy:
    lines = [line.text for finding in findings for line in _lines(finding, terms, at)]
    return BuildingWhy(_state(findings), tuple(lines), _clears_at(findings), _next_step(findings))


def _state(findings: Iterable[Finding]) -> State:
    outcomes = {finding.outcome for finding in findings}
    if Outcome.NOT_MET in outcomes:
        return "not_clear"
    return "clear" if outcomes == {Outcome.MET} else "not_known"


def _lines(finding: Finding, terms: WorkTerms, at: datetime) -> Iterable[Said]:
    days = {"days": terms.clean_days.value}
    if finding.code == "BLDG_POS_7D":
        yield Said(_DATED if finding.clears_at else _UNDATED, {**days, **finding.values})
        if finding.clears_at and finding.holds_until and finding.holds_until < finding.clears_at:
            yield Said(_SCREEN_FIRST)
    elif finding.code == "BLDG_UNKNOWN":
        yield Said(_RAN_OUT if "until" in finding.values else _NEVER, finding.values)
    elif finding.code == "BLDG_HOLD":
        yield Said(_HOLD, finding.values)
    elif finding.outcome is not Outcome.MET:
        yield Said(finding.sentence, finding.values)  # RULE_FAILED, or a code that is younger than this page
    elif finding.rule == "building_clear":
        yield Said(_CLEAR, days)
    if finding.holds_until is not None and finding.holds_until > at:
        yield Said(_KNOWN_UNTIL, {"until": finding.holds_until})


def _clears_at(findings: Sequence[Finding]) -> datetime | None:
    """As the verdict's `eligible_from`: what is in the way clears by itself and the screening still holds."""
    in_the_way = [finding for finding in findings if finding.outcome is not Outcome.MET]
    if len(in_the_way) != 1:
        return None
    (finding,) = in_the_way
    end, clears_at = finding.holds_until, finding.clears_at
    return clears_at if clears_at is not None and (end is None or clears_at <= end) else None


def _next_step(findings: Iterable[Finding]) -> Text | None:
    """What the first finding in the way asks of the firm."""
    for finding in findings:
        if finding.outcome is not Outcome.MET:
            return reason(finding.code).hr
    return None
