"""The verdict: the rules of a profile asked in order, and what their findings come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome, Sentence
from resume.policy.moments import shown, whole_second
from resume.policy.parameters import Policy, Profile
from resume.policy.versions import policy_at

_FAILED = Sentence(
    zh="本项规则未能判断，不作符合处理；请报告系统管理员，并联系审核人员人工核实。",
    en="This rule could not be judged, so it is not taken as met; tell the administrator and ask a reviewer.",
)


class Answer(StrEnum):
    """What the findings come to."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class RuleFault:
    """A rule that raised: a bug, for the caller to log. Its finding is not known."""

    rule: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one worker at one moment, with every finding and the version it was taken under.

    `eligible_from`: the first moment at which it becomes eligible if nothing new happens; None where only new
    evidence can help. `good_until`: of an eligible one, the last second at which it holds.
    """

    outcome: Answer
    policy_version: str
    profile: str
    at: datetime
    eligible_from: datetime | None
    good_until: datetime | None
    findings: tuple[Finding, ...]
    faults: tuple[RuleFault, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The verdict as the formats page prints it."""
        return {
            "outcome": self.outcome.value,
            "policy_version": self.policy_version,
            "profile": self.profile,
            "at": shown(self.at),
            "eligible_from": None if self.eligible_from is None else shown(self.eligible_from),
            "good_until": None if self.good_until is None else shown(self.good_until),
            "findings": [finding.to_json() for finding in self.findings],
        }


def decide(facts: Facts, *, profile: str, at: datetime, policy: Policy | None = None) -> Verdict:
    """The verdict of `profile` at `at` (aware; cut to the second), by default under the policy then in force.

    Raises NoPolicy, UnknownProfile, and ValueError for a time without offset. A rule that raises makes its
    finding not known.
    """
    at = whole_second(at).astimezone(UTC)
    policy = policy or policy_at(at)
    findings, faults = _ask(policy.profile(profile), facts, at)
    outcome = _outcome(findings)
    good_until = _good_until(findings) if outcome is Answer.ELIGIBLE else None
    eligible_from = at if outcome is Answer.ELIGIBLE else _eligible_from(findings)
    return Verdict(
        outcome, policy.version, profile, at, eligible_from, good_until, tuple(findings), tuple(faults)
    )


def _ask(profile: Profile[Any], facts: Facts, at: datetime) -> tuple[list[Finding], list[RuleFault]]:
    findings: list[Finding] = []
    faults: list[RuleFault] = []
    terms = profile.terms
    for rule in profile.rules:
        try:
            finding = rule(facts, terms, at)
        except Exception as error:
            # One worker's fault must neither pass him nor stop the other 9,999 of his list.
            faults.append(RuleFault(rule.__name__, error))
            finding = Finding(rule.__name__, Outcome.NOT_KNOWN, "RULE_FAILED", _FAILED)
        if finding is not None:
            findings.append(finding)
    return findings, faults


def _outcome(findings: Sequence[Finding]) -> Answer:
    # A profile whose rules all went unasked has shown nothing: no findings at all are not known.
    answer = Answer.ELIGIBLE if findings else Answer.NOT_KNOWN
    for finding in findings:
        if finding.outcome is Outcome.NOT_MET:
            return Answer.NOT_ELIGIBLE
        if finding.outcome is not Outcome.MET:
            answer = Answer.NOT_KNOWN
    return answer


def _good_until(findings: Sequence[Finding]) -> datetime | None:
    return min((f.holds_until for f in findings if f.holds_until is not None), default=None)


def _eligible_from(findings: Sequence[Finding]) -> datetime | None:
    """The moment the one finding that is in the way clears, where all findings still hold then."""
    in_the_way = [finding for finding in findings if finding.outcome is not Outcome.MET]
    if len(in_the_way) != 1:
        return None
    clears_at = in_the_way[0].clears_at
    end = _good_until(findings)
    return clears_at if clears_at is not None and (end is None or clears_at <= end) else None
