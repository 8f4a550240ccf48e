"""The ledger: same id same content, corrections in any order, completions, next states, few statements."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from resume.db import reading, transaction
from resume.evidence.models import CaseRecord, CodeRecord, ReviewRecord, TestRecord, ZoneRecord
from resume.evidence.watermark import watermark
from resume.places.models import Building, PlaceState
from resume.places.register import building_ids_of
from tests.intake.feeding import AT, case_row, feed, good, number, person, place_row, review_row, sample_row

WAITING: dict[str, Any] = {"reported_at": "", "result": ""}


def counting_tests() -> dict[str, str | None]:
    """Record id -> result of the tests that count."""
    rows = reading().scalars(select(TestRecord).where(TestRecord.replaced_at.is_(None)))
    return {row.record_id: row.result for row in rows}


def test_the_same_again_changes_nothing(places: Flask) -> None:
    good("tests", sample_row("R1"), sample_row("R2", 2))
    before = watermark()
    report = good("tests", sample_row("R2", 2), sample_row("R1"))
    assert (report.accepted, report.unchanged) == (0, 2)
    assert watermark() == before
    assert len(reading().scalars(select(TestRecord)).all()) == 2


def test_other_content_under_the_same_id_is_refused(places: Flask) -> None:
    good("tests", sample_row("R1"))
    report = feed("tests", sample_row("R1", result="positive"), sample_row("R2", 2))
    assert (report.accepted, [line.line for line in report.refused]) == (1, [2])
    assert report.refused[0].column == "record_id"
    assert counting_tests() == {"R1": "negative", "R2": "negative"}


def test_a_waiting_sample_is_completed_once(places: Flask) -> None:
    good("tests", sample_row("R1", **WAITING))
    assert good("tests", sample_row("R1")).accepted == 1
    assert counting_tests() == {"R1": "negative"}
    assert feed("tests", sample_row("R1", result="positive")).refused
    assert good("tests", sample_row("R1", **WAITING)).unchanged == 1  # what was sent before, sent again
    first, second = reading().scalars(select(TestRecord).order_by(TestRecord.id))
    assert (first.result, first.replaced_at) == (None, AT)
    assert (second.result, second.replaced_at) == ("negative", None)


def test_a_completion_that_changes_something_else_is_refused(places: Flask) -> None:
    good("tests", sample_row("R1", **WAITING))
    assert feed("tests", sample_row("R1", method="mixed")).refused
    assert counting_tests() == {"R1": None}


def test_all_in_one_file_goes_in_the_files_order(places: Flask) -> None:
    report = feed(
        "tests",
        sample_row("R1", **WAITING),
        sample_row("R1"),
        sample_row("R1"),
        sample_row("R1", result="positive"),
        sample_row("R3", supersedes="R1", result="positive"),
    )
    assert (report.accepted, report.unchanged, [line.line for line in report.refused]) == (3, 1, [5])
    assert counting_tests() == {"R3": "positive"}


def test_transfer_and_disinfection_are_filled_in_once_each(places: Flask) -> None:
    moved = {"transferred_at": "2022-04-20T15:00:00+08:00"}
    clean = {"disinfected_at": "2022-04-20T20:00:00+08:00"}
    good("cases", case_row("C1"))
    assert good("cases", case_row("C1", **moved)).accepted == 1
    assert good("cases", case_row("C1", **moved, **clean)).accepted == 1
    assert feed("cases", case_row("C1", transferred_at="2022-04-20T16:00:00+08:00", **clean)).refused
    assert feed("cases", case_row("C1", **clean)).refused
    row = reading().scalars(select(CaseRecord).where(CaseRecord.replaced_at.is_(None))).one()
    assert row.transferred_at is not None
    assert row.disinfected_at is not None


@pytest.mark.parametrize("order", list(permutations("ABC")))
def test_a_chain_of_corrections_in_any_order(places: Flask, order: tuple[str, ...]) -> None:
    rows = {
        "A": sample_row("A"),
        "B": sample_row("B", supersedes="A", result="positive"),
        "C": sample_row("C", supersedes="B", result="invalid"),
    }
    for record_id in order:
        good("tests", rows[record_id])
    assert counting_tests() == {"C": "invalid"}


@pytest.mark.parametrize("cut", [1, 2, 3])
@pytest.mark.parametrize("length", [2, 3, 4])
def test_corrections_in_a_circle_never_make_a_positive_vanish(places: Flask, length: int, cut: int) -> None:
    rows = [sample_row(f"R{n}", result="positive", supersedes=f"R{(n + 1) % length}") for n in range(length)]
    good("tests", *rows[: min(cut, length - 1)])
    report = feed("tests", *rows[min(cut, length - 1) :])
    assert [(line.column, line.value) for line in report.refused] == [("supersedes", "R0")]
    assert counting_tests() == {"R0": "positive"}


def test_the_completion_of_a_superseded_sample_comes_in_closed(places: Flask) -> None:
    good("tests", sample_row("A", **WAITING))
    good("tests", sample_row("B", supersedes="A", result="positive"))
    assert good("tests", sample_row("A")).accepted == 1
    assert counting_tests() == {"B": "positive"}


ROWS = [
    sample_row("A"),
    sample_row("B", 2, result="positive"),
    sample_row("C", supersedes="A", result="positive"),
    sample_row("D", 3, **WAITING),
    sample_row("E", supersedes="C", result="invalid"),
    sample_row("F", 2, supersedes="Z"),
    sample_row("Z", 2),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(ROWS), cuts=st.sets(st.integers(1, 6)))
def test_order_and_cutting_of_arrival_do_not_matter(
    places: Flask, order: list[dict[str, str]], cuts: set[int]
) -> None:
    """Distinct ids, any order, cut into any files: the rows that count are the same."""
    bounds = [0, *sorted(cuts), len(order)]
    for start, end in pairwise(bounds):
        good("tests", *order[start:end])
    assert counting_tests() == {"B": "positive", "D": None, "E": "invalid", "F": "negative"}
    with transaction() as session:
        session.execute(delete(TestRecord))


def test_another_state_under_a_natural_key_is_the_next_state(places: Flask) -> None:
    row: dict[str, Any] = {
        **person(1),
        "colour": "red",
        "changed_at": "2022-04-21T08:00:00+08:00",
        "reason": "",
    }
    good("codes", row)
    assert good("codes", row).unchanged == 1
    assert good("codes", row | {"colour": "green"}, at=AT + timedelta(hours=1)).accepted == 1
    first, second = reading().scalars(select(CodeRecord).order_by(CodeRecord.id))
    assert (first.colour, first.replaced_at) == ("red", second.received_at)
    assert (second.colour, second.replaced_at) == ("green", None)


def test_two_states_of_one_key_in_one_file(places: Flask) -> None:
    opened = review_row("V1")
    cleared = review_row("V1", cleared_at="2022-04-21T12:00:00+08:00", outcome="cleared")
    assert good("reviews", opened, opened, cleared).accepted == 2
    rows = reading().scalars(select(ReviewRecord).order_by(ReviewRecord.id)).all()
    assert [row.replaced_at is None for row in rows] == [False, True]


def test_a_case_raises_its_building_until_it_is_corrected(places: Flask) -> None:
    def raised() -> set[int]:
        rows = reading().scalars(select(ZoneRecord).where(ZoneRecord.replaced_at.is_(None)))
        return {row.building_id for row in rows if (row.kind, row.level) == ("raised", "sealed")}

    ids = building_ids_of(["P1", "P2"])
    assert good("cases", case_row("C1"), case_row("C0")).raised_zones == 1
    assert raised() == {ids["P1"]}
    assert good("cases", case_row("C2", "P2", supersedes="C1")).raised_zones == 1
    assert raised() == {ids["P1"], ids["P2"]}  # C0 is still there
    good("cases", case_row("C3", supersedes="C0", excluded="corrected"))
    assert raised() == {ids["P2"]}


def test_the_negative_closes_the_open_review_whatever_came_first(places: Flask) -> None:
    review = review_row("V1", document_number=number(1))
    negative = sample_row("R1", sampled_at="2022-04-21T10:00:01+08:00")
    for files in ([("reviews", review), ("tests", negative)], [("tests", negative), ("reviews", review)]):
        for name, row in files:
            good(name, row)
        counting = select(ReviewRecord).where(ReviewRecord.replaced_at.is_(None))
        row_now = reading().scalars(counting).one()
        assert (row_now.outcome, row_now.settled_by) == ("cleared", "R1")
        assert row_now.cleared_at == AT.replace(day=21, hour=20)
        assert good("reviews", review).unchanged == 1
        good("tests", sample_row("R2", supersedes="R1", result="invalid"))
        row_now = reading().scalars(counting).one()
        assert (row_now.outcome, row_now.cleared_at, row_now.settled_by) == (None, None, None)
        with transaction() as session:
            session.execute(delete(ReviewRecord))
            session.execute(delete(TestRecord))


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "mixed"},
        {"result": "invalid"},
        {"sampled_at": "2022-04-21T10:00:00+08:00"},
        {"kind": "antigen", "method": ""},
    ],
)
def test_what_does_not_close_a_review(places: Flask, changes: dict[str, Any]) -> None:
    good("reviews", review_row("V1", document_number=number(1)))
    good("tests", sample_row("R1", **{"sampled_at": "2022-04-21T10:00:01+08:00"} | changes))
    assert reading().scalars(select(ReviewRecord)).one().cleared_at is None


def test_the_newest_state_of_a_place_wins(places: Flask) -> None:
    report = good("places", place_row("P1"), place_row("P2", compound="新名"), place_row("P2", lane="甲"))
    assert (report.accepted, report.unchanged) == (2, 1)
    building = reading().scalars(select(Building).where(Building.place_code == "P2")).one()
    assert (building.compound.name, building.lane) == ("联洋新苑", "甲")
    states = reading().scalars(select(PlaceState).where(PlaceState.place_code == "P2")).all()
    assert [state.replaced_at is None for state in states] == [False, False, True]


@pytest.mark.parametrize("name", ["tests", "cases", "codes", "places"])
def test_statements_do_not_grow_with_the_rows(places: Flask, statements: list[str], name: str) -> None:
    def rows(start: int, count: int) -> list[dict[str, str]]:
        serials = range(start, start + count)
        if name == "tests":
            return [sample_row(f"R{n}", n % 900) for n in serials]
        if name == "cases":
            return [case_row(f"C{n}") for n in serials]
        if name == "codes":
            moment = "2022-04-21T08:00:00+08:00"
            return [{**person(n), "colour": "red", "changed_at": moment, "reason": ""} for n in serials]
        return [place_row(f"P{n}", compound=f"小区{n % 7}") for n in serials]

    counts = []
    for start, count in ((100, 3), (200, 300)):
        statements.clear()
        good(name, *rows(start, count))
        counts.append(len(statements))
    assert counts[0] >= counts[1]
    assert counts[1] <= 22
