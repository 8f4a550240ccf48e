"""Rule 7 of RTW: the worker's own negative PCR of the last 48 hours."""

from datetime import datetime, timedelta

from resume.policy.facts import Facts, Test
from resume.policy.findings import Finding, Outcome, Sentence, Value
from resume.policy.moments import SECOND
from resume.policy.parameters import PcrClock, PersonTerms
from resume.policy.records import refs_of, reported

_RULE = "pcr_fresh"
_MET = Sentence(
    zh="{since:minute}{clock}的核酸为阴性，有效至{until:minute}。",
    en="The PCR {clock_en} {since:minute} is negative and counts until {until:minute}.",
)
_PENDING = Sentence(
    zh="{sampled:minute}采样的核酸尚未出结果；请等待，出结果后重新判断。",
    en="The PCR sampled {sampled:minute} has no result yet; wait, with the result this is judged again.",
)
_EXPIRED = Sentence(
    zh="核酸已超{hours}小时（{since:minute}{clock}起算）；请重新采样，出阴性结果后重新判断。",
    en="The PCR is older than {hours} hours (counted from {clock_en} {since:minute}); sample again, with the "
    "negative result this is judged again.",
)
_NONE = Sentence(
    zh="未查到有效的核酸阴性结果；请做核酸检测，出阴性结果后重新判断。",
    en="No valid negative PCR was found; take a PCR, with its negative result this is judged again.",
)
_CLOCKS: dict[PcrClock, tuple[str, str]] = {
    "sampled_at": ("采样", "sampled"),
    "reported_at": ("报告", "reported"),
}


def pcr_fresh(facts: Facts, terms: PersonTerms, at: datetime) -> Finding:
    """By "本人48小时核酸阴性": a negative PCR reported by T with 0 <= T - sampled_at <= 48 h, to the second.

    The latest sample counts (formats, RTW 7; 解放日报 2022-04-22). By the clock `reported_at` the hours run
    from the report instead (S32).

    Not known: a result that is still out (PCR_PENDING), and no record at all (PCR_NONE), which is never
    "positive". An older negative is known to be too old: not met.
    """
    latest, since = latest_negative(facts, terms, at)
    if latest is not None:
        until = last_second(since, terms)
        if at <= until:
            return _judged(Outcome.MET, "OK", _MET, latest, since, until, terms)
    pending = [test for test in facts.tests if is_awaited(test, terms, at)]
    if pending:
        sampled = {"sampled": max(test.sampled_at for test in pending)}
        return Finding(_RULE, Outcome.NOT_KNOWN, "PCR_PENDING", _PENDING, sampled, refs=refs_of(pending))
    if latest is not None:
        return _judged(Outcome.NOT_MET, "PCR_EXPIRED", _EXPIRED, latest, since, None, terms)
    return Finding(_RULE, Outcome.NOT_KNOWN, "PCR_NONE", _NONE)


def latest_negative(facts: Facts, terms: PersonTerms, at: datetime) -> tuple[Test | None, datetime]:
    """The negative PCR known at T that counts longest, and from when its hours run; else None and T."""
    by_report = terms.pcr_clock.value == "reported_at"
    latest: Test | None = None
    since = at
    for test in facts.tests:
        if test.result == "negative" and test.kind == "pcr" and test.sampled_at <= at:
            reported_at = test.reported_at
            if reported_at is None or reported_at > at:
                continue
            start = reported_at if by_report else test.sampled_at
            if latest is None or start > since:
                latest, since = test, start
    return latest, since


def last_second(since: datetime, terms: PersonTerms) -> datetime:
    """The last second at which a sample whose hours run from `since` counts."""
    end = since + timedelta(hours=terms.pcr_hours.value)
    return end if terms.hours_inclusive.value else end - SECOND


def is_awaited(test: Test, terms: PersonTerms, at: datetime) -> bool:
    """Whether the test is a PCR sampled within the hours whose result is not known at T."""
    return (
        test.kind == "pcr"
        and not reported(test, at)
        and test.sampled_at <= at <= last_second(test.sampled_at, terms)
    )


def _judged(
    outcome: Outcome,
    code: str,
    sentence: Sentence,
    test: Test,
    since: datetime,
    until: datetime | None,
    terms: PersonTerms,
) -> Finding:
    clock, clock_en = _CLOCKS[terms.pcr_clock.value]
    values: dict[str, Value] = {
        "since": since,
        "clock": clock,
        "clock_en": clock_en,
        "hours": terms.pcr_hours.value,
    }
    if until is not None:
        values["until"] = until
    return Finding(_RULE, outcome, code, sentence, values, holds_until=until, refs=refs_of((test,)))
