"""Lowering a level: both versions against their table, and what holds whatever the dates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.policy import SHANGHAI, Mark, parse_moment, zones
from resume.policy.zone_rules import ZONE_RULES
from resume.policy.zones import Held, Proposal, closed_until, propose
from tests.policy.vectors import VECTORS

TABLE: dict[str, Any] = json.loads((VECTORS / "zones.json").read_text(encoding="utf-8"))
MISSING = {zones._NOT_SCREENED: "screening", zones._STILL_THERE: "transfer", zones._UNDER_REVIEW: "review"}
BEGIN = datetime(2022, 4, 11, tzinfo=SHANGHAI)


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases]


def held_of(case: dict[str, Any]) -> Held:
    words = {"level", "before"}
    return Held(**{key: value if key in words else parse_moment(value) for key, value in case.items()})


@pytest.mark.parametrize("case", named(TABLE["cases"]))
def test_the_table(case: dict[str, Any]) -> None:
    at = parse_moment(case["at"])
    proposal = propose(held_of(case["held"]), at=at)
    expect = case["expect"]
    if expect is None:
        assert proposal is None
        return
    assert proposal is not None
    found = {
        "to": proposal.level_to,
        "from": proposal.from_when,
        "due": proposal.is_due(at),
        "missing": [MISSING[said.sentence] for said in proposal.missing],
        "version": proposal.version,
    }
    assert {key: found[key] for key in expect} == expect | {"from": parse_moment(expect["from"])}
    for said in (*proposal.reasons, *proposal.missing):
        assert said.text["zh"]
        assert said.text["en"]
        assert "{" not in said.text["zh"] + said.text["en"]


@pytest.mark.parametrize("case", named(TABLE["closed"]))
def test_until_when_a_sealed_place_is_closed(case: dict[str, Any]) -> None:
    found = closed_until(
        parse_moment(case["since"]),
        [parse_moment(moment) for moment in case["positives"]],
        at=parse_moment(case["at"]),
    )
    assert found == (case["expect"] and parse_moment(case["expect"]))


def test_every_parameter_says_where_it_comes_from() -> None:
    for rules in ZONE_RULES:
        for name, parameter in rules.listed():
            assert parameter.source, name
            assert parameter.title["zh"], name
            assert parameter.title["en"], name
    assert ZONE_RULES[0].positive_days.mark is Mark.ASSUMED
    assert [rules.in_force_from for rules in ZONE_RULES] == sorted(r.in_force_from for r in ZONE_RULES)


def test_the_words() -> None:
    proposal = propose(
        Held("sealed", parse_moment("2022-04-11T09:00:00+08:00")),
        at=parse_moment("2022-04-20T09:00:00+08:00"),
    )
    assert proposal is not None
    assert [said.text["zh"] for said in proposal.reasons] == [
        "4月11日起为封控区，当日不计，满14日可降为防范区。"
    ]
    assert "第13日" in proposal.missing[0].text["zh"]
    assert "Sealed since 11 April" in proposal.reasons[0].text["en"]


MOMENTS = st.integers(min_value=0, max_value=60 * 86400).map(lambda n: BEGIN + timedelta(seconds=n))
MAYBE = st.none() | MOMENTS


@st.composite
def places(draw: st.DrawFn) -> tuple[Held, datetime]:
    at = draw(MOMENTS)

    def known(moment: datetime | None) -> datetime | None:
        return None if moment is None or moment > at else moment

    return (
        Held(
            draw(st.sampled_from(["sealed", "controlled"])),
            min(draw(MOMENTS), at),
            draw(st.sampled_from([None, "sealed", "controlled", "precaution"])),
            known(draw(MAYBE)),
            known(draw(MAYBE)),
            known(draw(MAYBE)),
            known(draw(MAYBE)),
        ),
        at,
    )


def proposed(held: Held, at: datetime) -> Proposal:
    found = propose(held, at=at)
    assert found is not None
    return found


@given(places())
def test_days_begin_at_midnight_in_shanghai_and_a_level_goes_down_only(case: tuple[Held, datetime]) -> None:
    held, at = case
    found = proposed(held, at)
    local = found.from_when.astimezone(SHANGHAI)
    assert (local.hour, local.minute, local.second, found.from_when.tzinfo) == (0, 0, 0, UTC)
    order = list(zones.LEVELS)
    assert order.index(found.level_to) > order.index(found.level_from)
    assert found.from_when > held.since


@given(places(), MOMENTS)
def test_one_more_positive_never_brings_it_nearer(case: tuple[Held, datetime], moment: datetime) -> None:
    held, at = case
    if moment > at:
        return
    last = max(moment, held.last_positive or moment)
    more = Held(
        held.level,
        held.since,
        held.before,
        last,
        held.not_transferred,
        held.screened,
        held.review_since,
    )
    assert proposed(more, at).from_when >= proposed(held, at).from_when
    assert proposed(held, at).is_due(at) or not proposed(more, at).is_due(at)


@given(places())
def test_what_is_missing_is_never_due(case: tuple[Held, datetime]) -> None:
    held, at = case
    found = proposed(held, at)
    if held.not_transferred is not None or held.review_since is not None:
        assert not found.is_due(at)
    assert found.is_due(at) == (found.from_when <= at and not found.missing)
