"""The rule of LEAVE on antigen tests: a negative one of 24 hours, or a PCR that waives it."""

from datetime import datetime, timedelta

from resume.policy.facts import Facts, Test
from resume.policy.findings import Finding, Outcome, Sentence, Value
from resume.policy.moments import SECOND
from resume.policy.parameters import LeaveTerms
from resume.policy.records import refs_of
from resume.policy.rules.pcr_fresh import latest_negative

_RULE = "antigen_fresh"
_MET = Sentence(
    zh="{since:minute}的抗原为阴性，有效至{until:minute}。",
    en="The antigen test of {since:minute} is negative and counts until {until:minute}.",
)
_WAIVED = Sentence(
    zh="核酸在{hours}小时内，免查抗原，至{until:minute}。",
    en="The PCR is not older than {hours} hours: no antigen test is needed until {until:minute}.",
)
_EXPIRED = Sentence(
    zh="抗原已超{hours}小时（{since:minute}起算）；请重做抗原并上传，阴性后重新判断。",
    en="The antigen test is older than {hours} hours (counted from {since:minute}); take and upload a new "
    "one, when it is negative this is judged again.",
)
_NONE = Sentence(
    zh="未查到{hours}小时内的抗原阴性结果；请做抗原并上传，阴性后重新判断。",
    en="No negative antigen test of the last {hours} hours was found; take and upload one, when it is "
    "negative this is judged again.",
)


def antigen_fresh(facts: Facts, terms: LeaveTerms, at: datetime) -> Finding:
    """By "PCR 48 h AND antigen 24 h AND green" (domain 9.2, P5; S31): a negative antigen test reported by T
    with 0 <= T - its time <= 24 h, to the second, its time by B9. From 29 May 2022 a negative PCR of at most
    24 hours waives it (S30); then the later of the two ends counts.

    AG_EXPIRED, not met: an older negative is known to be too old. Not known, under the same code: no negative
    antigen test is on record, which is never "positive".
    """
    hours = terms.antigen_hours.value
    latest, since = _latest(facts, terms, at)
    until = _last_second(since, hours, terms)
    fresh = latest is not None and at <= until
    waived_by, waived_until = _waiver(facts, terms, at)
    if waived_by is not None and not (fresh and until >= waived_until):
        waived: dict[str, Value] = {"hours": terms.antigen_waived_pcr_hours.value or 0, "until": waived_until}
        return Finding(
            _RULE, Outcome.MET, "OK", _WAIVED, waived, holds_until=waived_until, refs=refs_of((waived_by,))
        )
    if latest is None:
        return Finding(_RULE, Outcome.NOT_KNOWN, "AG_EXPIRED", _NONE, {"hours": hours})
    refs = refs_of((latest,))
    values: dict[str, Value] = {"hours": hours, "since": since, "until": until}
    if fresh:
        return Finding(_RULE, Outcome.MET, "OK", _MET, values, holds_until=until, refs=refs)
    return Finding(_RULE, Outcome.NOT_MET, "AG_EXPIRED", _EXPIRED, values, refs=refs)


def _latest(facts: Facts, terms: LeaveTerms, at: datetime) -> tuple[Test | None, datetime]:
    """The negative antigen test known at T that counts longest, and its time; else None and T."""
    latest, since = None, at
    for test in facts.tests:
        if test.kind != "antigen" or test.result != "negative" or test.sampled_at > at:
            continue
        if test.reported_at is None or test.reported_at > at:
            continue
        taken = _time_of(test.sampled_at, test.reported_at, terms)
        if latest is None or taken > since:
            latest, since = test, taken
    return latest, since


def _time_of(sampled_at: datetime, uploaded_at: datetime, terms: LeaveTerms) -> datetime:
    """B9: "test time, not later than upload, and not more than 30 min before upload; else upload time"."""
    earliest = uploaded_at - timedelta(minutes=terms.antigen_upload_minutes.value)
    return uploaded_at if sampled_at < earliest else min(sampled_at, uploaded_at)


def _waiver(facts: Facts, terms: LeaveTerms, at: datetime) -> tuple[Test | None, datetime]:
    """The negative PCR that waives the antigen at T, and its last second; else None and T."""
    hours = terms.antigen_waived_pcr_hours.value
    if hours is None:
        return None, at
    latest, since = latest_negative(facts, terms, at)
    until = _last_second(since, hours, terms)
    return (latest, until) if latest is not None and at <= until else (None, at)


def _last_second(since: datetime, hours: int, terms: LeaveTerms) -> datetime:
    end = since + timedelta(hours=hours)
    return end if terms.hours_inclusive.value else end - SECOND
