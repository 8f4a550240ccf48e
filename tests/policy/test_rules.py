"""Each rule against its table, and the tables against the list of rules."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from resume.policy import parse_moment, rules
from resume.policy.findings import Finding
from resume.policy.parameters import Rule
from tests.policy.vectors import OF_OTHERS, VECTORS, facts_of, terms_for, terms_with, vectors

EVERY: tuple[Rule[Any], ...] = (*rules.RTW, *rules.LEAVE, *rules.MOVER, *rules.MEDICAL)
RULES: dict[str, Rule[Any]] = {rule.__name__: rule for rule in EVERY}
TABLE = [(name, case) for name in RULES for case in vectors(name)]
CASES = [pytest.param(name, case, id=f"{name}-{case['name']}") for name, case in TABLE]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_rule_table(name: str, case: dict[str, Any]) -> None:
    """Outcome, code, moments and records are those of the table."""
    finding = RULES[name](facts_of(case), terms_for(name, **case.get("terms", {})), parse_moment(case["at"]))
    assert as_expected(finding, case["expect"]) == case["expect"]
    if finding is not None:
        assert finding.rule == name
        assert all(finding.text[language] for language in ("zh", "en"))


def as_expected(finding: Finding | None, expect: dict[str, Any] | None) -> dict[str, Any] | None:
    """The finding with the keys that the table names."""
    if finding is None or expect is None:
        return None if finding is None else finding.to_json()
    moments = {"clears_at": finding.clears_at, "holds_until": finding.holds_until}
    # Moments of the table are compared as instants, whatever offset they are written with.
    written = {
        key: expect[key] if expect.get(key) and parse_moment(expect[key]) == moment else moment
        for key, moment in moments.items()
    }
    found = {"outcome": finding.outcome.value, "code": finding.code, "refs": list(finding.refs)} | written
    found["zh"] = finding.text["zh"]
    return {key: found[key] for key in expect}


def test_one_rule_one_file_one_table() -> None:
    """Every file of the rules is a rule in the list, and every rule has a table."""
    folder = Path(rules.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(RULES)
    assert all((VECTORS / f"policy-{name}.json").is_file() for name in RULES)


def test_the_order_is_that_of_the_formats_page() -> None:
    """Findings come out in this order."""
    assert [rule.__name__ for rule in rules.RTW] == [
        "plan_approved",
        "building_clear",
        "building_review",
        "no_positive",
        "no_review",
        "no_co_resident_review",
        "pcr_fresh",
        "code_green",
        "no_contact",
    ]


def test_every_rule_says_what_not_known_means() -> None:
    """The docstring of a rule names its source and the meaning of not known."""
    for rule in RULES.values():
        assert rule.__doc__ is not None
        source = "domain" if rule.__name__ in OF_OTHERS else "RTW"
        assert source in rule.__doc__, rule.__name__
        assert "ot known" in rule.__doc__, rule.__name__


def test_texts_are_calm_and_filled() -> None:
    """No exclamation marks, no gap left open; a building's date is worded as a civil servant would."""
    for name, case in TABLE:
        finding = RULES[name](
            facts_of(case), terms_for(name, **case.get("terms", {})), parse_moment(case["at"])
        )
        if finding is None:
            continue
        for text in finding.text.values():
            assert not re.search(r"[!！{}]", str(text))
    late = RULES["building_clear"](
        facts_of(vectors("building_clear")[0]), terms_with(), parse_moment("2022-04-24T09:00+08:00")
    )
    assert late is not None
    assert late.text["zh"].startswith("楼内4月17日有阳性；4月25日0时起可再申请")
    assert "17 April; apply again from 25 April 00:00" in late.text["en"]


def test_an_antigen_lifts_no_review_whatever_its_method() -> None:
    """The JSON refuses an antigen with a method; the rule does not rely on it."""
    facts = facts_of({"with": {"tests": vectors("no_review")[2]["with"]["tests"]}})
    positive, negative = facts.tests
    at = parse_moment("2022-04-23T09:00:00+08:00")
    antigen = replace(negative, kind="antigen")
    for second, code in ((negative, "OK"), (antigen, "REVIEW_PENDING")):
        tests = (positive, second)
        finding = RULES["no_review"](replace(facts, tests=tests), terms_with(), at)
        assert finding is not None
        assert finding.code == code
