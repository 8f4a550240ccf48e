"""Whole verdicts: the table, what is printed, and what a broken rule comes to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from resume.policy import (
    VERSIONS,
    Answer,
    Facts,
    NoPolicy,
    Policy,
    Profile,
    UnknownProfile,
    decide,
    parse_moment,
    policy_at,
    shown,
)
from resume.policy.parameters import Rule, WorkTerms
from tests.policy.vectors import facts_of, terms_with, vectors

AT = parse_moment("2022-04-24T09:00:00+08:00")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in vectors("rtw")])
def test_verdict_table(case: dict[str, Any]) -> None:
    """Outcome, both moments and every code in order."""
    printed: Any = decide(facts_of(case), profile="RTW", at=parse_moment(case["at"])).to_json()
    found = {key: printed[key] for key in ("outcome", "eligible_from", "good_until")}
    found["codes"] = [finding["code"] for finding in printed["findings"]]
    assert found == case["expect"]


@pytest.mark.parametrize("case", [pytest.param(each, id=each["name"]) for each in vectors("profiles")])
def test_verdicts_of_the_other_profiles(case: dict[str, Any]) -> None:
    """LEAVE, MOVER and MEDICAL under the version in force."""
    printed: Any = decide(facts_of(case), profile=case["profile"], at=parse_moment(case["at"])).to_json()
    found = {key: printed[key] for key in ("outcome", "eligible_from", "good_until")}
    found["codes"] = [finding["code"] for finding in printed["findings"]]
    assert found == case["expect"]
    assert printed["profile"] == case["profile"]


def test_printed_shape() -> None:
    """The keys and the writing of times are those of the formats page; `refs` stay inside."""
    case = vectors("rtw")[0]
    printed: Any = decide(facts_of(case), profile="RTW", at=parse_moment(case["at"])).to_json()
    keys = ["outcome", "policy_version", "profile", "at", "eligible_from", "good_until", "findings"]
    assert list(printed) == keys
    assert (printed["policy_version"], printed["profile"]) == ("SH-2022-04", "RTW")
    assert printed["at"] == "2022-04-24T09:00:00+08:00"
    building = printed["findings"][1]
    assert list(building) == ["rule", "outcome", "code", "clears_at", "text"]
    assert building["clears_at"] == "2022-04-25T00:00:00+08:00"
    assert set(building["text"]) == {"zh", "en"}


def test_fractions_of_the_moment_are_cut() -> None:
    """48:00:00.999999 is 48:00:00."""
    at = parse_moment("2022-04-25T08:30:00+08:00") + timedelta(microseconds=999_999)
    verdict = decide(facts_of({}), profile="RTW", at=at)
    assert verdict.outcome is Answer.ELIGIBLE
    assert verdict.at.microsecond == 0


def test_unusable_questions() -> None:
    """No offset, no such profile, and no policy yet are told apart."""
    with pytest.raises(ValueError, match="offset"):
        decide(facts_of({}), profile="RTW", at=datetime(2022, 4, 24, 9))  # noqa: DTZ001
    with pytest.raises(UnknownProfile, match="RIDER"):
        decide(facts_of({}), profile="RIDER", at=AT)
    with pytest.raises(NoPolicy, match="2022-04-01T00:00:00"):
        decide(facts_of({}), profile="RTW", at=datetime(2022, 3, 31, 15, 59, 59, tzinfo=UTC))


def policy_of(*rules: Rule[WorkTerms]) -> Policy:
    """A policy with these rules alone."""
    return replace(VERSIONS[0], profiles={"RTW": Profile(rules, terms_with())})


def broken(facts: Facts, terms: WorkTerms, at: datetime) -> None:
    """A rule with a bug."""
    raise ZeroDivisionError(at)


def unasked(facts: Facts, terms: WorkTerms, at: datetime) -> None:
    """A rule that has nothing to say."""


def test_a_rule_that_raises_never_ends_as_eligible() -> None:
    """The fault is a finding that is not known, told to the caller, and the other rules are still asked."""
    sound = policy_at(AT).profiles["RTW"].rules
    verdict = decide(facts_of({}), profile="RTW", at=AT, policy=policy_of(*sound[:3], broken, *sound[3:]))
    assert verdict.outcome is Answer.NOT_KNOWN
    assert (verdict.eligible_from, verdict.good_until) == (None, None)
    assert [finding.code for finding in verdict.findings] == ["OK"] * 3 + ["RULE_FAILED"] + ["OK"] * 6
    assert [(fault.rule, type(fault.error)) for fault in verdict.faults] == [("broken", ZeroDivisionError)]


def test_nothing_asked_is_nothing_shown() -> None:
    """A profile without findings is not known."""
    assert decide(facts_of({}), profile="RTW", at=AT, policy=policy_of()).outcome is Answer.NOT_KNOWN
    assert decide(facts_of({}), profile="RTW", at=AT, policy=policy_of(unasked)).outcome is Answer.NOT_KNOWN


def test_versions_follow_each_other() -> None:
    """The waiver comes in at 2022-05-29 00:00, the August clock at 2022-08-05 00:00; nothing else changes."""
    first, may, august = VERSIONS
    assert policy_at(parse_moment("2022-04-01T00:00:00+08:00")) is first
    for before, begins, after in (
        (first, "2022-05-29T00:00:00+08:00", may),
        (may, "2022-08-05T00:00:00+08:00", august),
    ):
        last_second = parse_moment(begins) - timedelta(seconds=1)
        assert policy_at(last_second) is before
        assert policy_at(last_second + timedelta(milliseconds=999)) is before
        assert policy_at(last_second + timedelta(seconds=1)) is after
    for name in ("RTW", "LEAVE", "MOVER"):
        one, two, three = (dict(version.profiles[name].terms.listed()) for version in VERSIONS)
        waived = {"antigen_waived_pcr_hours"} if name == "LEAVE" else set()
        assert {each for each in one if one[each] != two[each]} == waived
        assert {each for each in two if two[each] != three[each]} == {"pcr_clock"}
    assert [version.version for version in VERSIONS] == ["SH-2022-04", "SH-2022-05-29", "SH-2022-08"]
    assert [list(version.profiles) for version in VERSIONS] == [["RTW", "LEAVE", "MOVER", "MEDICAL"]] * 3


def test_the_same_facts_under_both_versions() -> None:
    """Vector 3 of the domain page 9.4: sampled 08:30, reported 23:10, asked two days later at 20:00."""
    facts = facts_of({})
    at = parse_moment("2022-04-25T20:00:00+08:00")
    april = decide(facts, profile="RTW", at=at)
    august = decide(facts, profile="RTW", at=at, policy=VERSIONS[2])
    assert april.outcome is Answer.NOT_ELIGIBLE
    assert (august.outcome, august.policy_version) == (Answer.ELIGIBLE, "SH-2022-08")
    assert august.good_until is not None
    assert shown(august.good_until) == "2022-04-25T23:10:00+08:00"


def test_every_parameter_says_where_it_comes_from() -> None:
    """Value, source, mark and a title in both languages."""
    for version in VERSIONS:
        for name, parameter in (one for each in version.profiles.values() for one in each.terms.listed()):
            assert parameter.source, name
            assert parameter.title["zh"], name
            assert parameter.title["en"], name
    marks = {name: parameter.mark for name, parameter in VERSIONS[0].profiles["RTW"].terms.listed()}
    assumed = {"positive_ends", "mixed_positive", "screening_days", "lenient", "anchor", "hours_inclusive"}
    assert {name for name in assumed if marks[name] == "ASSUMED"} == assumed
    assert (marks["pcr_hours"], marks["clean_days"]) == ("SEED", "SEED")
