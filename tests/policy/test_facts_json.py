"""Facts as JSON: what must be there, what is refused and under which path, what is ignored."""

import copy
from typing import Any

import pytest

from resume.policy import BadFacts, BadMoment, facts_from_json, facts_to_json, parse_moment, shown
from tests.policy.vectors import BASE

FULL: dict[str, Any] = BASE | {
    "reviews": [
        {"of": "self", "origin": "conflict", "opened_at": "2022-04-22T10:00:00Z", "cleared_at": None}
    ],
    "building": BASE["building"]
    | {
        "cases": [
            {
                "reported_at": "2022-04-17T23:59:59+08:00",
                "transferred_at": None,
                "excluded": None,
                "disinfected_at": "2022-04-19T08:00:00+08:00",
                "ref": "case:C7",
            }
        ]
    },
}


def changed(path: str, value: object) -> dict[str, Any]:
    """The full facts with the value at `a.0.b` set."""
    facts = copy.deepcopy(FULL)
    *parents, last = path.split(".")
    holder: Any = facts
    for step in parents:
        holder = holder[int(step) if step.isdigit() else step]
    holder[int(last) if last.isdigit() else last] = value
    return facts


def without(path: str) -> dict[str, Any]:
    """The full facts with the key at `a.0.b` taken out."""
    facts = copy.deepcopy(FULL)
    *parents, last = path.split(".")
    holder: Any = facts
    for step in parents:
        holder = holder[int(step) if step.isdigit() else step]
    del holder[last]
    return facts


def errors_of(obj: object) -> list[tuple[str, str]]:
    """Path and reason of every fault."""
    with pytest.raises(BadFacts) as caught:
        facts_from_json(obj)
    return [(error["path"], error["reason"]) for error in caught.value.errors]


MUST = [
    *["tests", "code", "contact", "reviews", "building", "zone", "plan"],
    *[f"tests.0.{key}" for key in ("kind", "method", "sampled_at", "reported_at", "result", "source")],
    *["code.colour", "code.changed_at"],
    *[f"reviews.0.{key}" for key in ("of", "origin", "opened_at", "cleared_at")],
    *["building.known", "building.cases"],
    *[f"building.cases.0.{key}" for key in ("reported_at", "transferred_at", "excluded")],
]


def shown_path(path: str) -> str:
    """`tests.0.kind` as the errors write it."""
    return path.replace(".0", "[0]")


@pytest.mark.parametrize("path", MUST)
def test_a_key_that_must_be_there(path: str) -> None:
    """Each is named when it is missing, and nothing else is."""
    assert errors_of(without(path)) == [(shown_path(path), "missing")]


@pytest.mark.parametrize("path", ["discharged_at", "building.known_until", "building.cases.0.disinfected_at"])
def test_a_key_that_may_be_absent_or_null(path: str) -> None:
    """They mean the same."""
    facts = changed(path, None)
    absent = without(path) if path != "discharged_at" else {k: v for k, v in FULL.items() if k != path}
    assert facts_from_json(facts) == facts_from_json(absent)


BAD_VALUES: list[tuple[str, object, str]] = [
    ("tests.0.sampled_at", "2022-04-20T08:00:00", "time without offset"),
    ("tests.0.sampled_at", "2022-04-20 08:00", "not an ISO 8601 time"),
    ("tests.0.sampled_at", "2022-04-31T08:00:00+08:00", "not an ISO 8601 time"),
    ("tests.0.sampled_at", "2022-04-20T24:00:00+08:00", "not an ISO 8601 time"),
    ("tests.0.sampled_at", "２022-04-20T08:00:00+08:00", "not an ISO 8601 time"),
    ("tests.0.sampled_at", "0001-01-01T00:00:00+08:00", "time out of range"),
    ("tests.0.sampled_at", "9999-12-31T23:59:59+00:00", "time out of range"),
    ("tests.0.sampled_at", 1650412800, "not a text with an ISO 8601 time"),
    ("tests.0.sampled_at", None, "not a text with an ISO 8601 time"),
    ("tests.0.sampled_at", float("nan"), "not a text with an ISO 8601 time"),
    ("tests.0.kind", "PCR", "not one of pcr, antigen"),
    ("tests.0.kind", ["pcr"], "not one of pcr, antigen"),
    ("tests.0.kind", None, "not one of pcr, antigen"),
    ("tests.0.method", None, "a PCR has single or mixed"),
    ("tests.0.source", "hospital", "not one of cdc, lab, self"),
    ("tests.0.result", "ok", "not one of negative, positive, pending_review, invalid, null"),
    ("tests.0.result", None, "null although reported_at is there"),
    ("tests.0.reported_at", None, "null although result is there"),
    ("tests.0", "negative", "not an object"),
    ("tests", {}, "not a list"),
    ("tests", None, "not a list"),
    ("code", "green", "not an object"),
    ("code.colour", "grey", "not one of green, yellow, red"),
    ("code.changed_at", True, "not a text with an ISO 8601 time"),
    ("contact", "third", "not one of close, secondary, null"),
    ("contact", False, "not one of close, secondary, null"),
    ("reviews.0.of", "neighbour", "not one of self, co_resident, building"),
    ("reviews.0.origin", "rumour", "not one of antigen, mixed_tube, conflict"),
    ("reviews.0.cleared_at", "", "not an ISO 8601 time"),
    ("building", None, "not an object"),
    ("building.known", 1, "not true or false"),
    ("building.known", None, "not true or false"),
    ("building.known", "true", "not true or false"),
    ("building.known_until", "2022-04-30", "not an ISO 8601 time"),
    ("building.cases", None, "not a list"),
    ("building.cases.0.excluded", "", "not one of re_positive, found_in_isolation, corrected, null"),
    ("building.cases.0.transferred_at", 0, "not a text with an ISO 8601 time"),
    ("zone", "open", "not one of sealed, controlled, precaution, null"),
    ("plan", True, "not a text or null"),
    ("discharged_at", "yesterday", "not an ISO 8601 time"),
]


@pytest.mark.parametrize(("path", "value", "reason"), BAD_VALUES)
def test_a_value_that_is_refused(path: str, value: object, reason: str) -> None:
    """With its path and the reason, and nothing else is blamed."""
    assert errors_of(changed(path, value)) == [(shown_path(path), reason)]


def test_an_antigen_has_no_method() -> None:
    """Method null is right for it, any other is refused."""
    test = FULL["tests"][0] | {"kind": "antigen", "method": None}
    assert facts_from_json(FULL | {"tests": [test]}).tests[0].method is None
    assert errors_of(FULL | {"tests": [test | {"method": "single"}]}) == [
        ("tests[0].method", "an antigen has null")
    ]


@pytest.mark.parametrize("obj", [None, [], "facts", 7, True])
def test_only_an_object_is_facts(obj: object) -> None:
    """One reason, not one for each key."""
    assert errors_of(obj) == [("facts", "not an object")]


def test_all_faults_are_told_at_once() -> None:
    """In the order of the object."""
    bad = changed("tests.0.kind", "x") | {"zone": "y"}
    del bad["plan"]
    assert [path for path, _ in errors_of(bad)] == ["tests[0].kind", "zone", "plan"]


def test_unknown_keys_are_ignored() -> None:
    """Whatever is in them; a `ref` that is no text is an unknown key too."""
    extra = changed("tests.0.lab", {"deep": [1, None]}) | {"name": 7}
    extra["code"]["ref"] = 5
    assert facts_from_json(extra) == facts_from_json(changed("code.ref", None))


def test_refs_come_back() -> None:
    """Names of records are read and written."""
    named = FULL | {"contact": "close", "contact_ref": "contact:3", "plan_ref": "plan:9"}
    printed: Any = facts_to_json(facts_from_json(named))
    assert printed["tests"][0]["ref"] == "test:R1"
    assert printed["building"]["cases"][0]["ref"] == "case:C7"
    assert (printed["contact_ref"], printed["plan_ref"]) == ("contact:3", "plan:9")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-04-24T09:00:00.999999+08:00", "2022-04-24T09:00:00+08:00"),
        ("2022-04-24T09:00:00,1234567890Z", "2022-04-24T17:00:00+08:00"),
        ("2022-04-24T09:00+08:00", "2022-04-24T09:00:00+08:00"),
        ("2022-04-24T09:00:00+0800", "2022-04-24T09:00:00+08:00"),
        ("2022-04-24T09:00:00+08", "2022-04-24T09:00:00+08:00"),
        ("2022-04-23T20:30:00-04:30", "2022-04-24T09:00:00+08:00"),
        ("9999-12-31T23:59:59+08:00", "9999-12-31T23:59:59+08:00"),
    ],
)
def test_moments_that_are_read(text: str, moment: str) -> None:
    """Any offset; printed with +08:00; fractions of a second are cut."""
    assert shown(parse_moment(text)) == moment


@pytest.mark.parametrize(
    "text", ["", "now", "2022-04-24T09:00:00+25:00", "2022-W16-7T09:00+08:00", " 2022-04-24T09:00Z"]
)
def test_moments_that_are_not(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(BadMoment, match="not an ISO 8601 time"):
        parse_moment(text)
