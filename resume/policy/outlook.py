"""The days ahead of one worker: what binds, when it clears, when he is eligible, and by when to be sampled.

All of it follows from one verdict. A finding says from when it is met (`clears_at`) and until when
(`holds_until`) if nothing new happens; where the stretches of all findings meet, the verdict is eligible.
No later moment is judged by itself, so a list of 10,000 is looked ahead in one pass.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from resume.policy.decide import Verdict, decide
from resume.policy.facts import Facts
from resume.policy.findings import Finding, Outcome
from resume.policy.moments import SECOND, whole_second
from resume.policy.parameters import PersonTerms, Policy
from resume.policy.rules.pcr_fresh import is_awaited, last_second, latest_negative, pcr_fresh
from resume.policy.versions import policy_at

DAYS_AHEAD = 14
_PCR = pcr_fresh.__name__


class Span(NamedTuple):
    """Whole seconds from `start` to `until`, both included, in UTC."""

    start: datetime
    until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.start <= moment <= self.until


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one worker may expect after the moment of his verdict; moments in UTC, None where there is none.

    `binding`: the findings not met or not known. `clears_at`: when the last of what clears by itself has;
    what then still binds needs new evidence. `pcr_stale_at`: the last second at which the latest negative
    counts, also where it is past.

    `sample_by`: by when to be sampled so that a result is in hand in time, the laboratory given its hours; it
    is past where that is no longer possible. `sample_after`: the earliest moment at which a sample helps,
    where none taken so far does. Both None where a negative alone changes nothing.

    `in_hand`, `if_sampled`: when the verdict is eligible within the days ahead if nothing new happens; and if
    whoever lacks nothing but a negative PCR is sampled at once and again in time. A negative of the ordinary
    kind is meant, as of a mixed tube: it ends no review.
    """

    binding: tuple[Finding, ...]
    clears_at: datetime | None
    pcr_stale_at: datetime | None
    sample_after: datetime | None
    sample_by: datetime | None
    in_hand: tuple[Span, ...]
    if_sampled: tuple[Span, ...]


def outlook(
    facts: Facts,
    *,
    profile: str,
    at: datetime,
    policy: Policy | None = None,
    verdict: Verdict | None = None,
    days: int = DAYS_AHEAD,
) -> Outlook:
    """The `days` after `at` by what is known at `at`; one policy, by default the one then in force, for all.

    `verdict`: that of the same facts, profile, moment and policy, where it is there already. Raises NoPolicy,
    UnknownProfile, and ValueError for a time without offset.
    """
    at = whole_second(at).astimezone(UTC)
    policy = policy or policy_at(at)
    terms = policy.profile(profile).terms
    verdict = verdict or decide(facts, profile=profile, at=at, policy=policy)
    ahead = Span(at, at + timedelta(days=days))
    findings = verdict.findings
    binding = tuple(finding for finding in findings if finding.outcome is not Outcome.MET)
    # A profile that asks nothing has shown nothing, as in `decide`.
    in_hand = _stretch(findings, ahead) if findings else None
    others = [finding for finding in findings if finding.rule != _PCR]
    otherwise = in_hand if len(others) == len(findings) else _stretch(others, ahead)
    stale_at, after, by, with_result = None, None, None, None
    if isinstance(terms, PersonTerms):  # else the profile asks for no PCR
        negative, since = latest_negative(facts, terms, at)
        stale_at = last_second(since, terms) if negative is not None else None
        if otherwise is not None and len(others) < len(findings):
            after, by = _sampling(otherwise.start, _covered_until(facts, stale_at, terms, at), terms, at)
        with_result = _later(otherwise, at + timedelta(hours=terms.lab_hours.value))
    return Outlook(
        binding=binding,
        clears_at=last_clears_at(binding),
        pcr_stale_at=stale_at,
        sample_after=after,
        sample_by=by,
        in_hand=(in_hand,) if in_hand else (),
        if_sampled=_joined(in_hand, with_result),
    )


def last_clears_at(findings: Iterable[Finding]) -> datetime | None:
    """When the last of the findings that clear by themselves has; None where none does."""
    return max((one.clears_at for one in findings if one.clears_at is not None), default=None)


def _stretch(findings: Iterable[Finding], ahead: Span) -> Span | None:
    """When all findings are met, within `ahead`; None for never."""
    start, until = ahead
    for finding in findings:
        if finding.outcome is not Outcome.MET:
            if finding.clears_at is None:
                return None
            start = max(start, finding.clears_at)
        if finding.holds_until is not None and finding.holds_until < until:
            until = finding.holds_until
    return Span(start, until) if start <= until else None


def _later(span: Span | None, moment: datetime) -> Span | None:
    """What of the span lies at the moment or after it."""
    if span is None or span.until < moment:
        return None
    return Span(max(span.start, moment), span.until)


def _joined(first: Span | None, second: Span | None) -> tuple[Span, ...]:
    """Both spans, the first not starting after the second; one where they meet."""
    if first is None or second is None:
        return tuple(span for span in (first, second) if span is not None)
    if second.start <= first.until + SECOND:
        return (Span(first.start, max(first.until, second.until)),)
    return (first, second)


def _covered_until(
    facts: Facts, stale_at: datetime | None, terms: PersonTerms, at: datetime
) -> datetime | None:
    """The last second that the samples taken so far reach, a result that is still out taken as negative."""
    awaited = [test.sampled_at for test in facts.tests if is_awaited(test, terms, at)]
    if not awaited:
        return stale_at
    until = last_second(max(awaited), terms)
    return until if stale_at is None else max(stale_at, until)


def _sampling(
    needed_from: datetime, covered_until: datetime | None, terms: PersonTerms, at: datetime
) -> tuple[datetime | None, datetime]:
    """From when and by when to be sampled, where a fresh negative is needed from a moment on."""
    for_result = timedelta(hours=terms.lab_hours.value)
    if covered_until is not None and covered_until >= needed_from:
        return None, covered_until - for_result
    after = needed_from - (last_second(needed_from, terms) - needed_from)
    return max(after, at), max(needed_from - for_result, at)
