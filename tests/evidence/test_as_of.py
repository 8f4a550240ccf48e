"""What is so at T, and what was known at K: order of arrival, corrections, healing, the ledger's past.

Random feeds through the door of intake. The larger runs are on SQLite, a smaller one of each on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resume.db import db
from resume.evidence.facts import facts_for
from resume.evidence.knowledge import Known
from resume.policy import facts_from_json, facts_to_json
from tests.evidence import histories
from tests.evidence.histories import ANY, ago, at_second, cases, distinct, facts, said, samples, start_again
from tests.intake.feeding import AT, case_row, feed, good, number, person, place_row, review_row, sample_row

Test = Callable[..., None]


def drawn(examples: int, **strategies: st.SearchStrategy[Any]) -> Callable[[Test], Callable[[Flask], None]]:
    """So many examples on SQLite, a third of them on PostgreSQL."""

    def decorate(test: Test) -> Callable[[Flask], None]:
        def run(places: Flask) -> None:
            count = examples if db.engine.dialect.name == "sqlite" else examples // 3
            kept = settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
            kept(given(**strategies)(test))(places=places)

        run.__doc__ = test.__doc__
        return run

    return decorate


@drawn(25, history=st.lists(st.one_of(ANY, histories.units()), min_size=2, max_size=9))
def test_the_past_is_as_it_was_read_then(places: Flask, history: list[histories.Feed]) -> None:
    """Facts read right after each feed are those that the end gives for that feed, and for that second."""
    start_again()
    then = []
    for place, (name, row) in enumerate(history):
        report = feed(name, row, at=at_second(place))
        then.append((report.intake_id, facts()))
    for place, (intake_id, expected) in enumerate(then):
        assert facts(Known(at_second(place))) == expected
        assert facts(Known(at_second(place), intake_id)) == expected
        # Replay: what is stored with a decision is what the ledger gives again.
        stored = [facts_from_json(facts_to_json(one)) for one in expected]
        assert histories.verdicts(stored) == histories.verdicts(facts(Known(at_second(place), intake_id)))
    assert facts(Known(histories.BEFORE)) == facts(Known(AT - timedelta(seconds=1)))


@drawn(15, history=st.lists(ANY, min_size=2, max_size=8))
def test_feeds_of_one_second_are_told_apart_by_the_feed(places: Flask, history: list[histories.Feed]) -> None:
    start_again()
    then = [(feed(name, row, at=AT).intake_id, facts()) for name, row in history]
    for intake_id, expected in then:
        assert facts(Known(AT, intake_id)) == expected
    assert facts(Known(AT)) == then[-1][1] == facts()


@drawn(20, data=st.data(), feeds=distinct())
def test_the_order_of_arrival_does_not_matter(
    places: Flask, data: st.DataObject, feeds: list[histories.Feed]
) -> None:
    found = []
    for order in (feeds, data.draw(st.permutations(feeds))):
        start_again()
        for name, row in order:
            good(name, row)
        found.append(facts())
    assert found[0] == found[1]
    assert histories.verdicts(found[0]) == histories.verdicts(found[1])


@drawn(20, others=distinct(), wrong=st.one_of(samples("X"), cases("X")), data=st.data())
def test_a_superseded_record_leaves_no_trace(
    places: Flask, others: list[histories.Feed], wrong: histories.Feed, data: st.DataObject
) -> None:
    """With the wrong record and its correction it is as with the correction alone, in whatever order."""
    name, _ = wrong
    right = data.draw(samples("Y", ["X"]) if name == "tests" else cases("Y", ["X"]))
    right[1]["supersedes"] = "X"
    found = []
    for feeds in ([*others, right], data.draw(st.permutations([*others, wrong, right]))):
        start_again()
        for each, row in feeds:
            good(each, row)
        found.append(facts())
    assert found[0] == found[1]
    assert not any(
        ref.endswith(":X") for v in histories.verdicts(found[1]) for f in v.findings for ref in f.refs
    )


POSITIVE: dict[str, Any] = {"result": "positive", "sampled_at": ago(20), "reported_at": ago(10)}
CODE = {**person(1), "changed_at": ago(5), "reason": ""}
CONTACT = {**person(1), "kind": "close", "since": ago(9)}
SCREENING = {"place_code": "P1", "screened_on": AT.date().isoformat()}
REVIEW: dict[str, Any] = {"document_number": number(2), "opened_at": ago(9)}
MOVED = place_row("P3", has_units="否")
#: What is taken in, and what takes it back: superseding, excluding, clearing, ending, the next state.
WITHDRAWN = {
    "a positive": (("tests", sample_row("X", **POSITIVE)),
                   ("tests", sample_row("Y", **POSITIVE | {"result": "invalid"}, supersedes="X"))),
    "a negative that settles": (("tests", sample_row("X", 2, sampled_at=ago(6), reported_at=ago(1))),
                   ("tests", sample_row("Y", 2, sampled_at=ago(6), reported_at=ago(1), result="invalid",
                                        supersedes="X"))),
    "a case": (("cases", case_row("X")), ("cases", case_row("Y", excluded="corrected", supersedes="X"))),
    "a case elsewhere": (("cases", case_row("X")), ("cases", case_row("Y", "P2", supersedes="X"))),
    "a review": (("reviews", review_row("X", **REVIEW)),
                 ("reviews", review_row("X", **REVIEW, cleared_at=ago(9), outcome="cleared"))),
    "a contact": (("contacts", {**CONTACT, "until": ""}), ("contacts", {**CONTACT, "until": ago(9)})),
    "a code": (("codes", {**CODE, "colour": "red"}), ("codes", {**CODE, "colour": "green"})),
    "a screening": (("screenings", {**SCREENING, "complete": "1"}),
                    ("screenings", {**SCREENING, "complete": "0"})),
    "separate units": (("places", MOVED), ("places", place_row("P3", has_units="是"))),
}  # fmt: skip


@drawn(30, word=st.sampled_from(list(WITHDRAWN)), others=distinct())
def test_withdrawing_heals_to_the_state_before(
    places: Flask, word: str, others: list[histories.Feed]
) -> None:
    """Whatever else is known: the verdicts are again those from before the record came."""
    start_again()
    good("codes", {**CODE, "colour": "green", "changed_at": ago(99)})
    wanted = [{"name": name, "row": row} for name, row in others if _is_of_another_key(name, row)]
    for each in wanted:
        good(each["name"], each["row"])
    before = facts()
    wrong, right = WITHDRAWN[word]
    good(wrong[0], wrong[1], at=at_second(1))
    good(right[0], right[1], at=at_second(2))
    assert said(facts()) == said(before)
    assert facts(Known(at_second(0))) == before


def _is_of_another_key(name: str, row: histories.Row) -> bool:
    """Not the very record that is withdrawn, nor a code or screening between it and what it goes back to."""
    return name not in ("codes", "contacts", "screenings") or row.get("document_number") == number(3)


def test_what_a_withdrawn_record_did_meanwhile_is_still_told(places: Flask) -> None:
    """The verdict heals, the past does not: what was known in between stays known to have been known."""
    good("screenings", {**SCREENING, "complete": "1"}, at=at_second(0))
    good("cases", case_row("X"), at=at_second(1))
    good("cases", case_row("Y", "P2", supersedes="X"), at=at_second(2))
    codes = [facts(Known(at_second(place)))[0].building.cases for place in range(3)]
    assert [len(found) for found in codes] == [0, 1, 0]
    assert [facts(Known(at_second(place)))[0].zone for place in range(3)] == [None, "sealed", None]


def test_a_record_closed_on_arrival_was_never_known(places: Flask) -> None:
    """The correction came first: the wrong record is in the ledger, and counts at no moment."""
    good("tests", sample_row("Y", supersedes="X"), at=at_second(0))
    report = good("tests", sample_row("X", **POSITIVE), at=at_second(1))
    for known in (None, Known(at_second(0)), Known(at_second(1)), Known(at_second(1), report.intake_id)):
        assert [test.ref for test in facts(known)[0].tests] == ["test:Y"]


def test_a_tube_is_known_as_it_was(places: Flask) -> None:
    """The result of a stranger in his tube, superseded later."""
    mixed: dict[str, Any] = {"method": "mixed", "tube_code": "T1"}
    first = good("tests", sample_row("R1", 1, **mixed), at=at_second(0)).intake_id
    second = good("tests", sample_row("R2", 9, **mixed | {"result": "positive"}), at=at_second(1)).intake_id
    good("tests", sample_row("R3", 9, **mixed, supersedes="R2"), at=at_second(2))
    for known, refs in (
        (Known(at_second(0)), ["test:R1"]),
        (Known(at_second(2), first), ["test:R1"]),
        (Known(at_second(1)), ["test:R1", "test:R2"]),
        (Known(at_second(2), second), ["test:R1", "test:R2"]),
        (Known(at_second(2)), ["test:R1"]),
        (None, ["test:R1"]),
    ):
        assert [test.ref for test in facts(known)[0].tests] == refs


def test_a_place_registered_later_is_asked_as_it_is(places: Flask) -> None:
    """`places` are received at AT; of before that nothing is known but their newest state."""
    good("cases", case_row("C1", "P3", unit="2", reported_at=ago(40)), at=AT - timedelta(hours=1))
    assert facts(Known(AT - timedelta(minutes=1)))[2].building.cases == ()
    good("places", place_row("P3", has_units="否"), at=at_second(5))
    assert len(facts()[2].building.cases) == 1
    assert facts(Known(at_second(4)))[2].building.cases == ()
    assert len(facts(Known(at_second(5)))[2].building.cases) == 1


def test_the_past_costs_as_many_queries_as_the_present(places: Flask, statements: list[str]) -> None:
    good("tests", *[sample_row(f"R{n}", n, tube_code=f"T{n}") for n in range(1, 40)])
    asked = histories.subjects()
    for known in (None, Known(AT), Known(AT, 1)):
        statements.clear()
        facts_for(
            asked,
            at=AT,
            plan=None,
            flatmates_of=lambda _flats: {},
            screening_days=7,
            known=known,
        )
        assert len(statements) <= 4
