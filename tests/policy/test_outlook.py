"""The days ahead say what `decide` says at every moment of them; the advice to be sampled keeps its word."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from resume.policy import (
    DAYS_AHEAD,
    VERSIONS,
    Answer,
    Building,
    Case,
    Code,
    Facts,
    NoPolicy,
    Outcome,
    Outlook,
    Policy,
    Test,
    decide,
    for_hr,
    outlook,
    parse_moment,
)
from tests.policy.test_properties import FACTS, MOMENTS, SECOND, known_at, nearly_good

AHEAD = timedelta(days=DAYS_AHEAD)
LAB = timedelta(hours=12)
POLICIES = st.sampled_from(VERSIONS)
# Boundaries of hours and of days are likely, as MOMENTS are at noons and midnights.
LATER = st.one_of(
    st.integers(0, 2 * DAYS_AHEAD).map(lambda half_days: timedelta(hours=12 * half_days)),
    st.integers(0, DAYS_AHEAD * 86400).map(lambda seconds: SECOND * seconds),
)
NEARLY = st.tuples(FACTS, MOMENTS) | nearly_good()


def is_eligible(facts: Facts, at: datetime, policy: Policy) -> bool:
    return decide(facts, profile="RTW", at=at, policy=policy).outcome is Answer.ELIGIBLE


def sampled(facts: Facts, at: datetime, reported_at: datetime) -> Facts:
    """The facts with one more negative of the ordinary kind."""
    return replace(facts, tests=(*facts.tests, Test("pcr", "mixed", at, reported_at, "negative", "lab")))


def asked(facts: Facts, at: datetime, policy: Policy = VERSIONS[0]) -> Outlook:
    return outlook(facts, profile="RTW", at=at, policy=policy)


def moments_of(ahead: Outlook, at: datetime) -> list[datetime]:
    """The ends of every span and the seconds beside them, within the days ahead."""
    ends = [end for span in (*ahead.in_hand, *ahead.if_sampled) for end in span]
    beside = [end + SECOND * step for end in ends for step in (-1, 0, 1)]
    return [moment for moment in beside if at <= moment <= at + AHEAD]


@settings(max_examples=400)
@given(NEARLY, st.lists(LATER, min_size=3, max_size=6), POLICIES)
def test_it_says_what_decide_says_at_every_moment(
    case: tuple[Facts, datetime], later: list[timedelta], policy: Policy
) -> None:
    facts, at = case
    ahead = asked(facts, at, policy)
    known = known_at(facts, at)
    for moment in [*(at + wait for wait in later), *moments_of(ahead, at)]:
        assert any(span.holds(moment) for span in ahead.in_hand) == is_eligible(known, moment, policy)
        helped = sampled(known, moment - LAB, moment) if moment - LAB >= at else known
        assert any(span.holds(moment) for span in ahead.if_sampled) == is_eligible(helped, moment, policy)


@settings(max_examples=300)
@given(NEARLY, POLICIES)
def test_spans_are_in_order_and_within_the_days(case: tuple[Facts, datetime], policy: Policy) -> None:
    facts, at = case
    ahead = asked(facts, at, policy)
    for spans in (ahead.in_hand, ahead.if_sampled):
        assert all(at <= span.start <= span.until <= at + AHEAD for span in spans)
        assert all(one.until + SECOND < other.start for one, other in pairwise(spans))
    for span in ahead.in_hand:
        assert any(other.holds(span.start) and other.holds(span.until) for other in ahead.if_sampled)


@settings(max_examples=400)
@given(nearly_good(), POLICIES)
def test_who_is_sampled_by_then_is_never_without_a_negative(
    case: tuple[Facts, datetime], policy: Policy
) -> None:
    """A sample at the last advised moment, reported in the laboratory's hours, leaves no second uncovered."""
    facts, at = case
    ahead = asked(facts, at, policy)
    if ahead.sample_by is None or ahead.sample_by < at:
        return
    assert ahead.sample_after is None or at <= ahead.sample_after <= ahead.sample_by
    for taken in {ahead.sample_by, ahead.sample_after or ahead.sample_by}:
        helped = sampled(facts, taken, taken + LAB)
        needed = max(ahead.sample_by + LAB, ahead.clears_at or at)
        ends = facts.building.known_until
        for moment in (needed, needed + SECOND):
            if (ends is None or moment <= ends) and taken == ahead.sample_by:
                assert is_eligible(helped, moment, policy)
        if ahead.clears_at is not None and ahead.sample_after is not None:
            fresh = max(ahead.clears_at, taken + LAB)
            if ends is None or fresh <= ends:
                assert is_eligible(helped, fresh, policy)


@settings(max_examples=400)
@given(NEARLY)
def test_nothing_is_advised_where_health_evidence_stands_against_it(case: tuple[Facts, datetime]) -> None:
    """What HR reads of sampling is the same whichever hidden reason there is: nothing."""
    facts, at = case
    ahead = asked(facts, at)
    if any(finding.code == "HEALTH" for finding in for_hr(ahead.binding)):
        assert (ahead.sample_after, ahead.sample_by, ahead.in_hand, ahead.if_sampled) == (None, None, (), ())


@settings(max_examples=200)
@given(NEARLY)
def test_a_verdict_given_is_not_asked_again_and_changes_nothing(case: tuple[Facts, datetime]) -> None:
    facts, at = case
    verdict = decide(facts, profile="RTW", at=at)
    ahead = outlook(facts, profile="RTW", at=at, verdict=verdict)
    assert ahead == outlook(facts, profile="RTW", at=at)
    assert ahead.binding == tuple(one for one in verdict.findings if one.outcome is not Outcome.MET)
    assert any(span.holds(verdict.at) for span in ahead.in_hand) == (verdict.outcome is Answer.ELIGIBLE)
    if verdict.eligible_from is not None and verdict.eligible_from <= at + AHEAD:
        assert ahead.in_hand[0].start == verdict.eligible_from


def shanghai(text: str) -> datetime:
    return parse_moment(f"2022-04-{text}:00+08:00")


NOW = shanghai("22T09:00")


def worker(*negatives: str, waiting: str = "", case: str = "") -> Facts:
    """A clean worker, sampled at those moments; his building's case was reported at `case`."""
    tests = [
        Test("pcr", "mixed", shanghai(one), shanghai(one) + timedelta(hours=6), "negative", "lab")
        for one in negatives
    ]
    if waiting:
        tests.append(Test("pcr", "mixed", shanghai(waiting), None, None, "lab"))
    cases = (Case(shanghai(case), shanghai(case), None),) if case else ()
    return Facts(
        tuple(tests), Code("green", shanghai("01T00:00")), None, (), Building(True, cases), "sealed", None
    )


@pytest.mark.parametrize(
    ("facts", "clears", "stale", "after", "by"),
    [
        # Fresh until the 23rd 19:00, so by 07:00 of that day; and the same long past its hours: at once.
        (worker("21T19:00"), None, "23T19:00", None, "23T07:00"),
        (worker("20T10:00"), None, "22T10:00", None, "21T22:00"),
        (worker("19T08:00"), None, "21T08:00", "22T09:00", "22T09:00"),
        (worker(), None, None, "22T09:00", "22T09:00"),
        # He has been sampled already: the next is counted from that one.
        (worker("20T20:00", waiting="22T07:00"), None, "22T20:00", None, "23T19:00"),
        (worker(waiting="22T07:00"), None, None, None, "23T19:00"),
        # The building is clear on the 25th 00:00: a sample before the 23rd is stale by then.
        (worker("21T19:00", case="17T12:00"), "25T00:00", "23T19:00", "23T00:00", "24T12:00"),
        (worker(case="15T12:00"), "23T00:00", None, "22T09:00", "22T12:00"),
        # It is clear while his negative still counts: the ordinary rhythm.
        (worker("21T19:00", case="15T12:00"), "23T00:00", "23T19:00", None, "23T07:00"),
    ],
)
def test_by_when_to_be_sampled(
    facts: Facts, clears: str | None, stale: str | None, after: str | None, by: str
) -> None:
    ahead = asked(facts, NOW)
    assert ahead.clears_at == (shanghai(clears) if clears else None)
    assert ahead.pcr_stale_at == (shanghai(stale) if stale else None)
    assert ahead.sample_after == (shanghai(after) if after else None)
    assert ahead.sample_by == shanghai(by)


def test_the_two_stretches_of_a_worker_whose_building_clears() -> None:
    """In hand: from the building's day to the end of his negative; sampled: to the end of the days."""
    ahead = asked(worker("21T19:00", case="15T12:00"), NOW)
    assert ahead.in_hand == ((shanghai("23T00:00"), shanghai("23T19:00")),)
    assert ahead.if_sampled == ((shanghai("23T00:00"), NOW + AHEAD),)


def test_a_new_result_takes_the_laboratorys_hours() -> None:
    """Stale at 10:00, sampled at 09:00: the result is there at 21:00, and between he is not eligible."""
    ahead = asked(worker("20T10:00"), NOW)
    assert ahead.if_sampled == ((NOW, shanghai("22T10:00")), (shanghai("22T21:00"), NOW + AHEAD))


@example(timedelta(0))
@given(LATER)
def test_a_plan_that_is_not_approved_leaves_nothing_to_be_sampled_for(wait: timedelta) -> None:
    ahead = asked(replace(worker(), plan="suspended"), NOW + wait)
    assert (ahead.sample_by, ahead.if_sampled) == (None, ())


def test_before_the_first_policy_there_is_no_outlook() -> None:
    with pytest.raises(NoPolicy):
        outlook(worker(), profile="RTW", at=parse_moment("2022-03-31T23:59:59+08:00"))
