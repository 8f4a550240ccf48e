"""What holds for all facts: nothing missing passes, order is nothing, and the two moments say the truth."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from resume.policy import (
    SHANGHAI,
    Answer,
    Building,
    Case,
    Code,
    Facts,
    Outcome,
    Review,
    Test,
    decide,
    facts,
    facts_from_json,
    facts_to_json,
    for_hr,
)

SECOND = timedelta(seconds=1)
START = datetime(2022, 4, 12, tzinfo=SHANGHAI).astimezone(UTC)
# Midnights, noons and the seconds beside them make equal times and boundaries likely.
MOMENTS = st.builds(
    lambda half_days, seconds: START + timedelta(hours=12 * half_days, seconds=seconds),
    st.integers(0, 40),
    st.sampled_from([0, 0, 0, 1, -1, 3600, 7777]),
)
KINDS: st.SearchStrategy[facts.Kind] = st.sampled_from(["pcr", "pcr", "antigen"])
Record = TypeVar("Record")
SOME_REF = st.none() | st.sampled_from(["test:R1", "case:C7"])


@st.composite
def one_test(draw: st.DrawFn) -> Test:
    """A test, reported or waiting."""
    kind = draw(KINDS)
    sampled_at = draw(MOMENTS)
    waits = draw(st.booleans()) and draw(st.booleans())
    return Test(
        kind=kind,
        method=None if kind == "antigen" else draw(st.sampled_from(["single", "mixed"])),
        sampled_at=sampled_at,
        reported_at=None
        if waits
        else sampled_at + draw(st.sampled_from([SECOND * 0, SECOND, SECOND * 30_000])),
        result=None
        if waits
        else draw(
            st.sampled_from(["negative", "negative", "negative", "positive", "pending_review", "invalid"])
        ),
        source=draw(st.sampled_from(get_args(facts.Source))),
        ref=draw(SOME_REF),
    )


REVIEWS = st.builds(
    Review,
    of=st.sampled_from(get_args(facts.ReviewOf)),
    origin=st.sampled_from(get_args(facts.Origin)),
    opened_at=MOMENTS,
    cleared_at=st.none() | MOMENTS,
    ref=SOME_REF,
)
CASES = st.builds(
    Case,
    reported_at=MOMENTS,
    transferred_at=MOMENTS | MOMENTS | st.none(),
    excluded=st.none() | st.none() | st.sampled_from(get_args(facts.Excluded)),
    disinfected_at=st.none() | MOMENTS,
    ref=SOME_REF,
)
BUILDINGS = st.builds(
    Building,
    known=st.sampled_from([True, True, True, False]),
    cases=st.lists(CASES, max_size=3).map(tuple),
    known_until=st.none() | MOMENTS,
    ref=SOME_REF,
)
FACTS = st.builds(
    Facts,
    tests=st.lists(one_test(), max_size=5).map(tuple),
    code=st.none() | st.builds(Code, st.sampled_from(["green", "green", "red"]), MOMENTS),
    contact=st.sampled_from([None, None, None, "close", "secondary"]),
    reviews=st.lists(REVIEWS, max_size=2).map(tuple),
    building=BUILDINGS,
    zone=st.sampled_from([None, *get_args(facts.Zone)]),
    plan=st.sampled_from([None, "approved", "approved", "suspended", "draft"]),
    discharged_at=st.none() | MOMENTS,
    consented_at=st.none() | MOMENTS,
)


@st.composite
def nearly_good(draw: st.DrawFn) -> tuple[Facts, datetime]:
    """Facts that are eligible but perhaps for the building's days, and a moment."""
    at = draw(MOMENTS)
    sampled_at = at - SECOND * draw(st.integers(0, 50 * 3600))
    test = Test("pcr", draw(st.sampled_from(["single", "mixed"])), sampled_at, at, "negative", "lab")
    cases = tuple(
        replace(case, reported_at=min(case.reported_at, at), transferred_at=at)
        for case in draw(st.lists(CASES, max_size=2))
    )
    ends_in = draw(st.none() | st.integers(0, 4 * 86400))
    until = None if ends_in is None else at + SECOND * ends_in
    building = Building(True, cases, until)
    return Facts(
        (test,), Code("green", START - timedelta(days=9)), None, (), building, "sealed", "approved"
    ), at


def known_at(facts_: Facts, at: datetime) -> Facts:
    """The facts without what came after T: nothing new happens."""

    def past(moment: datetime | None) -> datetime | None:
        return moment if moment is not None and moment <= at else None

    return replace(
        facts_,
        tests=tuple(
            test if past(test.reported_at) else replace(test, reported_at=None, result=None)
            for test in facts_.tests
            if test.sampled_at <= at
        ),
        code=facts_.code if facts_.code and past(facts_.code.changed_at) else None,
        reviews=tuple(replace(r, cleared_at=past(r.cleared_at)) for r in facts_.reviews if r.opened_at <= at),
        building=replace(
            facts_.building,
            cases=tuple(
                replace(
                    case, transferred_at=past(case.transferred_at), disinfected_at=past(case.disinfected_at)
                )
                for case in facts_.building.cases
                if case.reported_at <= at
            ),
        ),
        discharged_at=past(facts_.discharged_at),
        consented_at=past(facts_.consented_at),
    )


def answer(facts_: Facts, at: datetime) -> Answer:
    """The outcome alone."""
    return decide(facts_, profile="RTW", at=at).outcome


def hold_the_moments(facts_: Facts, at: datetime) -> None:
    """Eligible at eligible_from and not a second before; good at good_until and not a second after."""
    verdict = decide(facts_, profile="RTW", at=at)
    start, end = verdict.eligible_from, verdict.good_until
    assert (end is not None) == (verdict.outcome is Answer.ELIGIBLE)
    if start is not None:
        assert start >= at
        assert answer(facts_, start) is Answer.ELIGIBLE
        assert (start == at) == (verdict.outcome is Answer.ELIGIBLE)
        if start > at:
            assert answer(facts_, start - SECOND) is not Answer.ELIGIBLE
    if end is not None:
        assert answer(facts_, end) is Answer.ELIGIBLE
        assert answer(facts_, at + (end - at) / 2) is Answer.ELIGIBLE
        assert answer(facts_, end + SECOND) is not Answer.ELIGIBLE


@settings(max_examples=200)
@given(FACTS, MOMENTS)
def test_moments_are_true_for_any_facts(facts_: Facts, at: datetime) -> None:
    """If nothing new happens."""
    hold_the_moments(known_at(facts_, at), at)


@settings(max_examples=200)
@given(nearly_good())
def test_moments_are_true_for_nearly_good_facts(asked: tuple[Facts, datetime]) -> None:
    """The same where they are nearly always given."""
    hold_the_moments(*asked)


@settings(max_examples=200)
@given(nearly_good())
def test_eligible_from_is_null_only_where_no_later_second_is_eligible(asked: tuple[Facts, datetime]) -> None:
    """The verdict changes only at midnights, so those of the next ten days are asked."""
    facts_, at = asked
    if decide(facts_, profile="RTW", at=at).eligible_from is None:
        midnight = datetime.combine(at.astimezone(SHANGHAI).date(), datetime.min.time(), SHANGHAI)
        for days in range(1, 11):
            assert answer(facts_, midnight + timedelta(days=days)) is not Answer.ELIGIBLE


@settings(max_examples=200)
@given(FACTS, MOMENTS)
def test_what_comes_after_t_is_not_known_at_t(facts_: Facts, at: datetime) -> None:
    """The future of the records changes no verdict."""
    assert decide(facts_, profile="RTW", at=at) == decide(known_at(facts_, at), profile="RTW", at=at)


@settings(max_examples=200)
@given(nearly_good(), st.sampled_from(["building", "tests", "code", "past", "plan"]))
def test_never_eligible_when_a_fact_is_missing(asked: tuple[Facts, datetime], missing: str) -> None:
    """Unknown is never yes."""
    facts_, at = asked
    lacking = {
        "building": replace(facts_, building=replace(facts_.building, known=False)),
        "past": replace(facts_, building=replace(facts_.building, known_until=at - SECOND)),
        "tests": replace(facts_, tests=()),
        "code": replace(facts_, code=None),
        "plan": replace(facts_, plan=""),
    }[missing]
    verdict = decide(lacking, profile="RTW", at=at)
    assert verdict.outcome is not Answer.ELIGIBLE
    assert verdict.eligible_from is None


@settings(max_examples=200)
@given(FACTS, MOMENTS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(facts_: Facts, at: datetime, random: Random) -> None:
    """Shuffled records give the same printed verdict and the same set of causes."""

    def shuffled(records: tuple[Record, ...]) -> tuple[Record, ...]:
        mixed = list(records)
        random.shuffle(mixed)
        return tuple(mixed)

    other = replace(
        facts_,
        tests=shuffled(facts_.tests),
        reviews=shuffled(facts_.reviews),
        building=replace(facts_.building, cases=shuffled(facts_.building.cases)),
    )
    one, two = (decide(each, profile="RTW", at=at) for each in (facts_, other))
    assert one.to_json() == two.to_json()


@settings(max_examples=200)
@given(FACTS)
def test_facts_round_trip(facts_: Facts) -> None:
    """Through the text of JSON."""
    assert facts_from_json(json.loads(json.dumps(facts_to_json(facts_)))) == facts_


@settings(max_examples=200)
@given(FACTS, MOMENTS)
def test_hr_cannot_tell_one_health_reason_from_another(facts_: Facts, at: datetime) -> None:
    """One finding stands for all of them, met or not, and names no record."""
    findings = decide(facts_, profile="RTW", at=at).findings
    seen = for_hr(findings)
    private = {"no_positive", "no_review", "no_co_resident_review", "code_green", "no_contact"}
    assert {f.rule for f in seen} & private <= {f.rule for f in findings if f.code == "CODE_UNKNOWN"}
    health = [f for f in seen if f.rule == "health"]
    assert len(health) == 1
    blocked = any(f.outcome is Outcome.NOT_MET for f in findings if f.rule in private)
    assert (health[0].code, health[0].refs) == ("HEALTH" if blocked else "OK", ())
    assert (health[0].outcome is Outcome.NOT_MET) == blocked
    assert [f for f in seen if f.rule not in private | {"health"}] == [
        f for f in findings if f.rule not in private
    ]
