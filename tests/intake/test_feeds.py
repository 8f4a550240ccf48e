"""Each feed's lines: what is refused, with line, column and reason, and that no good row is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from resume.db import reading
from resume.evidence.models import Intake, TestRecord
from resume.intake.operations import FileNotTaken, UnknownFeed, take_in
from resume.intake.queries import list_refused
from resume.intake.report import Report
from tests.intake.feeding import (
    AT,
    STEWARD,
    as_csv,
    case_row,
    feed,
    good,
    number,
    person,
    place_row,
    review_row,
    sample_row,
)

LATE = "2022-04-22T09:05:01+08:00"
EDGE = "2022-04-22T09:05:00+08:00"

REFUSED = {
    "tests": [
        ({"sampled_at": "2022-04-20 08:00"}, "sampled_at", "time without offset"),
        ({"sampled_at": "gestern"}, "sampled_at", "not an ISO 8601 time"),
        ({"sampled_at": ""}, "sampled_at", "required, but empty"),
        ({"sampled_at": "0001-01-01T00:00:00+08:00"}, "sampled_at", "time out of range"),
        (
            {"sampled_at": LATE, "reported_at": "", "result": ""},
            "sampled_at",
            "more than 5 minutes in the future",
        ),
        ({"reported_at": LATE}, "reported_at", "more than 5 minutes in the future"),
        ({"reported_at": "2022-04-21T07:59:59+08:00"}, "reported_at", "before sampled_at"),
        ({"reported_at": ""}, "reported_at", "reported_at and result go together"),
        ({"result": ""}, "result", "reported_at and result go together"),
        ({"source": "self"}, "source", "a PCR cannot come from source self"),
        ({"source": "app"}, "source", "not one of cdc, lab, self"),
        ({"method": ""}, "method", "required for a PCR"),
        ({"kind": "cough"}, "kind", "not one of pcr, antigen"),
        ({"document_type": "library card"}, "document_type", "unknown document type"),
        ({"record_id": ""}, "record_id", "required, but empty"),
        ({"record_id": "R" * 65}, "record_id", "longer than 64 characters"),
        ({"tube_code": "T\u202e1\x07"}, "tube_code", "unprintable characters"),
        ({"supersedes": "bad"}, "supersedes", "a record cannot supersede itself"),
    ],
    "cases": [
        ({"place_code": "P9"}, "place_code", "place_code is not registered"),
        ({"place_code": ""}, "place_code", "required, but empty"),
        ({"reported_at": LATE}, "reported_at", "more than 5 minutes in the future"),
        ({"transferred_at": "2022-04-20"}, "transferred_at", "time without offset"),
        ({"excluded": "yes"}, "excluded", "not one of re_positive, found_in_isolation, corrected"),
        ({"kind": "flu"}, "kind", "not one of confirmed, asymptomatic"),
    ],
    "reviews": [
        ({"opened_at": LATE}, "opened_at", "more than 5 minutes in the future"),
        ({"document_number": "12"}, "document_number", "no document has such a number"),
        ({"outcome": "cleared"}, "cleared_at", "required where the outcome is cleared"),
        ({"cleared_at": "2022-04-21T09:59:59+08:00"}, "cleared_at", "before opened_at"),
        ({"origin": "conflict"}, "origin", "not one of antigen, mixed_tube"),
        ({"place_code": "P9"}, "place_code", "place_code is not registered"),
    ],
    "screenings": [
        ({"screened_on": "2022-04-31"}, "screened_on", "not a date like 2022-04-20"),
        ({"complete": "maybe"}, "complete", "neither true nor false"),
    ],
    "zones": [
        ({"level": "open"}, "level", "not one of sealed, controlled, precaution"),
        ({"until": "2022-04-10T23:59:59+08:00"}, "until", "before since"),
    ],
    "codes": [
        ({"changed_at": LATE}, "changed_at", "more than 5 minutes in the future"),
        ({"colour": "blue"}, "colour", "not one of green, yellow, red"),
    ],
    "contacts": [({"kind": "distant"}, "kind", "not one of close, secondary")],
    "discharges": [({"discharged_at": ""}, "discharged_at", "required, but empty")],
    "places": [
        ({"district_code": "110101"}, "district_code", "unknown district"),
        ({"has_units": ""}, "has_units", "neither true nor false"),
        ({"number": ""}, "number", "required, but empty"),
    ],
}


def row_of(name: str, key: str) -> dict[str, str]:
    """A good row of each feed; rows with different keys are different records."""
    serial = len(key) % 9 + 1
    return {
        "places": lambda: place_row(f"P{serial}0"),
        "tests": lambda: sample_row(key, serial),
        "cases": lambda: case_row(key),
        "reviews": lambda: review_row(key),
        "screenings": lambda: {"place_code": "P1", "screened_on": f"2022-04-1{serial}", "complete": "是"},
        "zones": lambda: {
            "place_code": f"P{serial % 3 + 1}",
            "level": "sealed",
            "kind": "declared",
            "since": "2022-04-11T00:00:00+08:00",
            "until": "",
            "reason": "",
        },
        "codes": lambda: {**person(serial), "colour": "绿码", "changed_at": EDGE, "reason": ""},
        "contacts": lambda: {**person(serial), "kind": "密接", "since": EDGE, "until": ""},
        "discharges": lambda: {**person(serial), "discharged_at": EDGE},
    }[name]()


@pytest.mark.parametrize("name", REFUSED)
def test_each_bad_row_is_reported_and_no_good_row_is_lost(places: Flask, name: str) -> None:
    """One file with every fault of the feed between two good rows."""
    bad = [row_of(name, "bad") | changes for changes, _, _ in REFUSED[name]]
    report = feed(name, row_of(name, "first"), *bad, row_of(name, "second"))
    assert report.accepted == 2
    assert [(r.line, r.column, r.reason) for r in report.refused] == [
        (line, column, reason) for line, (_, column, reason) in enumerate(REFUSED[name], start=3)
    ]


def test_five_minutes_ahead_is_still_good(places: Flask) -> None:
    good("tests", sample_row("R1", sampled_at=EDGE, reported_at=EDGE))
    good("cases", case_row("C1", reported_at=EDGE))


@pytest.mark.parametrize("method", ["", "single", "单采"])
def test_a_positive_antigen_is_not_lost_over_its_method(places: Flask, method: str) -> None:
    row = sample_row("A1", kind="antigen", method=method, result="positive", source="self")
    assert feed("tests", row).accepted == 1
    assert feed("tests", row | {"method": ""}).unchanged == 1


def test_a_bad_document_number_is_masked(places: Flask) -> None:
    broken = number(1)[:-1] + ("0" if number(1)[-1] != "0" else "1")
    (refused,) = feed("tests", sample_row("R1", document_number=broken)).refused
    assert refused.column == "document_number"
    assert refused.value == f"319***********{broken[-4:]}"
    assert broken not in str(reading().scalar(select(Intake.report).where(Intake.feed == "tests")))


def test_chinese_headers_and_words_in_gb18030(places: Flask) -> None:
    text = (
        "来源,记录编号,证件类型,证件号码,检测类型,采样方式,采样时间,报告时间,结果,备忘\n"
        f"疾控,R1,居民身份证,{number(1)},核酸,混管,2022-04-21T08:00:00+08:00,2022-04-21T20:00:00+08:00,阴性,x\n"
    )
    report = take_in("tests", text.encode("gb18030"), "检测.csv", by=STEWARD, at=AT)
    assert (report.accepted, report.refused, report.unknown_columns) == (1, (), ("备忘",))
    row = reading().scalars(select(TestRecord)).one()
    assert (row.source, row.kind, row.method, row.result, row.lab) == ("cdc", "pcr", "mixed", "negative", "")


def test_a_missing_required_column_refuses_the_file(places: Flask) -> None:
    rows = [{key: value for key, value in sample_row("R1").items() if key != "source"}]
    with pytest.raises(FileNotTaken) as refused:
        take_in("tests", as_csv(rows), "tests.csv", by=STEWARD, at=AT)
    assert refused.value.code == "missing_columns"
    assert "source" in str(refused.value.message)
    assert reading().scalar(select(Intake).where(Intake.feed == "tests")) is None


def test_an_unknown_feed(places: Flask) -> None:
    with pytest.raises(UnknownFeed):
        take_in("weather", b"a\n", "weather.csv", by=STEWARD, at=AT)


def test_the_sample_of_the_formats_page(places: Flask) -> None:
    report = feed("tests", sample_row("R1"), sample_row("R2", sampled_at="2022-04-20 08:00"))
    assert report.to_json() == {
        "feed": "tests",
        "accepted": 1,
        "unchanged": 0,
        "refused": [
            {
                "line": 3,
                "column": "sampled_at",
                "value": "2022-04-20 08:00",
                "reason": "time without offset",
            }
        ],
        "effects": {"suspended": 0, "healed": 0, "raised_zones": 0},
    }
    kept = reading().scalar(select(Intake.report).where(Intake.feed == "tests"))
    assert replace(Report.loads(kept or ""), refused=report.refused) == report
    assert list_refused(report.intake_id, limit=9) == list(report.refused)
