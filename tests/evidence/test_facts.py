"""From the ledger to the policy's facts: reviews, tubes, conflicts, units, screenings, zones; few queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from resume.clock import SHANGHAI
from resume.evidence.facts import Subject, facts_for
from resume.people.documents import Document, DocumentType, parse_document
from resume.people.identify import keys_of
from resume.places.register import building_ids_of
from resume.policy import Facts
from tests.intake.feeding import AT, case_row, good, number, person, review_row, sample_row

FLAT = b"f" * 16


def keys(serial: int) -> tuple[bytes, bytes]:
    document = parse_document(DocumentType.RESIDENT_ID, number(serial))
    assert isinstance(document, Document)
    return keys_of(document)


def subject(serial: int = 1, place: str | None = "P1", unit: str = "", flat: bytes | None = None) -> Subject:
    building_id = building_ids_of([place])[place] if place else None
    return Subject(*keys(serial), building_id, unit, flat)


def facts(
    who: Subject | None = None, at: datetime = AT, flats: Mapping[bytes, set[bytes]] | None = None
) -> Facts:
    known = flats or {}

    def flatmates_of(flat_keys: Collection[bytes]) -> Mapping[bytes, set[bytes]]:
        return {key: known[key] for key in flat_keys if key in known}

    (found,) = facts_for([who or subject()], at=at, plan="approved", flatmates_of=flatmates_of)
    return found


def day(number_of_day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2022, 4, number_of_day, hour, minute, tzinfo=SHANGHAI)


def test_nothing_known_is_not_clean(places: Flask) -> None:
    found = facts()
    assert (found.tests, found.code, found.contact, found.reviews) == ((), None, None, ())
    assert (found.building.known, found.building.cases, found.zone, found.discharged_at) == (
        False,
        (),
        None,
        None,
    )
    assert facts(subject(place=None)).building.known is False


def test_tests_come_in_the_order_of_sampling_with_their_names(places: Flask) -> None:
    early: dict[str, Any] = {"sampled_at": "2022-04-20T08:00:00+08:00"}
    good("tests", sample_row("R2"), sample_row("R1", **early), sample_row("R3", 2))
    assert [test.ref for test in facts().tests] == ["test:R1", "test:R2"]
    assert facts().tests[1].sampled_at == day(21, 8)


def test_a_review_for_its_person_his_flat_and_his_building(places: Flask) -> None:
    good("reviews", review_row("V1", document_number=number(1)))
    flats = {FLAT: {keys(1)[1]}}

    def kinds(who: Subject) -> list[str]:
        return [review.of for review in facts(who, flats=flats).reviews]

    assert kinds(subject(1, flat=FLAT)) == ["self"]
    assert kinds(subject(1, place="P2")) == ["self"]
    assert kinds(subject(2, flat=FLAT)) == ["co_resident"]
    assert kinds(subject(2, flat=b"g" * 16)) == ["building"]
    assert kinds(subject(2)) == ["building"]  # an empty room matches nobody
    assert kinds(subject(2, place="P2")) == []
    # Sampled elsewhere, he still shares his flat: the review's place need not be where he lives.
    assert kinds(subject(2, place="P2", flat=FLAT)) == ["co_resident"]
    assert facts(subject(2)).reviews[0].ref == "review:V1"


def test_confirmed_ends_it_for_others_and_stays_for_its_person_until_he_is_discharged(places: Flask) -> None:
    done = {"cleared_at": "2022-04-21T18:00:00+08:00", "outcome": "confirmed"}
    good("reviews", review_row("V1", document_number=number(1), **done))
    assert facts(subject(1)).reviews[0].cleared_at is None
    assert facts(subject(2)).reviews[0].cleared_at == day(21, 18)
    good(
        "discharges",
        {**person(1), "discharged_at": "2022-04-10T08:00:00+08:00"},
        {**person(1), "discharged_at": "2022-05-02T08:00:00+08:00"},
    )
    after = day(30) + timedelta(days=9)
    assert facts(subject(1), at=after).reviews[0].cleared_at == day(30, 8) + timedelta(days=2)
    assert facts(subject(1), at=after).discharged_at == day(30, 8) + timedelta(days=2)
    assert facts(subject(1)).discharged_at == day(10, 8)


def test_confirmed_without_a_moment_is_over_for_others(places: Flask) -> None:
    good("reviews", review_row("V1", document_number=number(1), outcome="confirmed"))
    assert facts(subject(2)).reviews == ()
    assert facts(subject(1)).reviews[0].cleared_at is None


def test_everybody_in_a_pending_tube_is_pending_with_it(places: Flask) -> None:
    mixed: dict[str, Any] = {"method": "mixed", "tube_code": "T1"}
    waiting: dict[str, Any] = {"reported_at": "", "result": ""}
    later: dict[str, Any] = {"sampled_at": "2022-04-21T08:05:00+08:00"}
    good(
        "tests",
        sample_row("R1", 1, **mixed, **waiting, **later),
        sample_row("R2", 2, **mixed | {"result": "positive"}),
        sample_row("R3", 3, method="mixed", tube_code="T2"),
    )
    own, of_the_tube = sorted(facts(subject(1)).tests, key=lambda test: test.ref or "")
    assert (own.ref, own.result) == ("test:R1", None)
    assert (of_the_tube.ref, of_the_tube.result, of_the_tube.method) == ("test:R2", "positive", "mixed")
    assert of_the_tube.sampled_at == own.sampled_at  # his own sample: a single tube after it lifts it
    assert len(facts(subject(3)).tests) == 1
    good("tests", sample_row("R4", 2, supersedes="R2", **mixed))
    assert [test.ref for test in facts(subject(1)).tests] == ["test:R1"]


@pytest.mark.parametrize("changes", [{}, {"source": "cdc"}, {"result": "pending_review", "method": "mixed"}])
def test_two_results_for_one_sample_are_a_review_until_one_is_superseded(
    places: Flask, changes: dict[str, str]
) -> None:
    other: dict[str, Any] = {"result": "positive", "reported_at": "2022-04-21T22:00:00+08:00"} | changes
    good("tests", sample_row("R1"), sample_row("R2", **other))
    (review,) = facts().reviews
    assert (review.of, review.origin, review.opened_at, review.cleared_at) == (
        "self",
        "conflict",
        day(21, 22),
        None,
    )
    assert review.ref == "test:R1+R2"
    good("tests", sample_row("R3", supersedes="R2"))
    assert facts().reviews == ()


def test_a_repeated_or_invalid_result_is_no_conflict(places: Flask) -> None:
    good("tests", sample_row("R1"), sample_row("R2"), sample_row("R3", result="invalid"))
    good("tests", sample_row("R4", result="positive", sampled_at="2022-04-21T08:00:01+08:00"))
    assert facts().reviews == ()


def test_one_tube_is_one_sample(places: Flask) -> None:
    good("tests", sample_row("R1", tube_code="T1"))
    good("tests", sample_row("R2", tube_code="T1", result="positive", sampled_at="2022-04-21T08:01:00+08:00"))
    assert [review.origin for review in facts().reviews] == ["conflict"]


def test_units_count_apart_only_where_the_building_has_them(places: Flask) -> None:
    good("cases", case_row("C1", "P3", unit="2单元"), case_row("C2", "P1", unit="2单元"))

    def cases(place: str, unit: str) -> int:
        return len(facts(subject(place=place, unit=unit)).building.cases)

    assert [cases("P3", unit) for unit in ("2", "二单元", "02", "1单元", "")] == [1, 1, 1, 0, 1]
    assert [cases("P1", unit) for unit in ("2", "1", "")] == [1, 1, 1]
    good("cases", case_row("C3", "P3"))
    assert cases("P3", "1单元") == 1


def test_a_case_carries_its_times_and_name(places: Flask) -> None:
    good("cases", case_row("C1", transferred_at="2022-04-20T15:00:00+08:00", excluded="复阳"))
    (case,) = facts().building.cases
    assert (case.reported_at, case.transferred_at, case.excluded, case.ref) == (
        day(20, 10),
        day(20, 15),
        "re_positive",
        "case:C1",
    )


@pytest.mark.parametrize(
    ("at", "known"),
    [
        (day(15, 0) - timedelta(seconds=1), False),
        (day(15, 0), True),
        (day(22, 23, 59), True),
        (day(23, 0), False),
    ],
)
def test_a_complete_screening_makes_a_building_known_for_seven_days(
    places: Flask, at: datetime, known: bool
) -> None:
    good("screenings", {"place_code": "P1", "screened_on": "2022-04-15", "complete": "是"})
    building = facts(at=at).building
    assert building.known is known
    assert building.known_until == (day(23) - timedelta(seconds=1) if known else None)


def test_only_the_latest_complete_screening_counts(places: Flask) -> None:
    row = {"place_code": "P1", "screened_on": "2022-04-20", "complete": "1"}
    good("screenings", row, row | {"screened_on": "2022-04-21", "complete": "0"})
    assert facts().building.known_until == day(28) - timedelta(seconds=1)
    good("screenings", row | {"complete": "0"})
    assert facts().building.known is False


def test_the_code_is_the_latest_known_at_t(places: Flask) -> None:
    row = {**person(1), "reason": ""}
    for colour, moment in (("red", day(20)), ("green", day(21)), ("yellow", day(22, 9, 1))):
        good("codes", row | {"colour": colour, "changed_at": moment.isoformat()})
    code = facts().code
    assert code is not None
    assert (code.colour, code.ref) == ("green", "code:2022-04-21T00:00:00+08:00")
    assert facts(at=day(19)).code is None


def test_a_contact_holds_from_since_to_before_until_and_close_beats_secondary(places: Flask) -> None:
    row = {**person(1), "since": day(20).isoformat(), "until": day(22, 9).isoformat()}
    good("contacts", row | {"kind": "close"}, row | {"kind": "secondary", "until": ""})
    assert facts(at=day(20) - timedelta(seconds=1)).contact is None
    assert facts(at=day(20)).contact == "close"
    assert (
        facts(at=day(22, 9) - timedelta(seconds=1)).contact_ref == "contact:close:2022-04-20T00:00:00+08:00"
    )
    assert facts(at=day(22, 9)).contact == "secondary"


def test_the_zone(places: Flask) -> None:
    def zone(kind: str, level: str, since: datetime, until: str = "") -> None:
        row = {"place_code": "P1", "kind": kind, "level": level, "since": since.isoformat(), "until": until}
        good("zones", row | {"reason": ""})

    zone("declared", "precaution", day(11))
    assert facts().zone == "precaution"
    zone("uplift", "controlled", day(12), day(21).isoformat())
    assert (facts(at=day(20)).zone, facts().zone) == ("controlled", "precaution")
    good("cases", case_row("C1"))
    assert facts().zone == "sealed"
    zone("declared", "controlled", day(21))
    assert facts().zone == "controlled"


def test_queries_do_not_grow_with_the_subjects(places: Flask, statements: list[str]) -> None:
    good("tests", *[sample_row(f"R{n}", n, tube_code=f"T{n}") for n in range(1, 400)])
    good("reviews", *[review_row(f"V{n}", document_number=number(n)) for n in range(1, 40)])
    many = [subject(n, place=f"P{n % 3 + 1}") for n in range(1, 400)]
    for subjects in (many[:1], many):
        statements.clear()
        facts_for(subjects, at=AT, plan=None, flatmates_of=lambda flats: {})
        assert len(statements) == 4
    assert facts_for([], at=AT, plan=None, flatmates_of=lambda flats: {}) == []
