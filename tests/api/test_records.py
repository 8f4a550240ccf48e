"""Batches of records: an answer for each, effects at once, shapes and limits."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from resume import audit
from resume.db import reading
from resume.evidence.models import Intake, ScreeningRecord, TestRecord
from resume.intake.queries import get_receipt
from resume.web.request_log import configure_logging
from tests.api.conftest import Party, is_problem
from tests.intake.feeding import case_row, number, person, review_row, sample_row

ZONE = {"place_code": "P1", "level": "sealed", "kind": "declared", "since": "2022-04-20T00:00:00+08:00"}
GOOD: dict[str, dict[str, Any]] = {
    "tests": sample_row("R1"),
    "cases": case_row("C1"),
    "reviews": review_row("V1"),
    "screenings": {"place_code": "P1", "screened_on": "2022-04-21", "complete": True},
    "zones": ZONE,
    "codes": {**person(1), "colour": "green", "changed_at": "2022-04-20T00:00:00+08:00"},
    "contacts": {**person(1), "kind": "close", "since": "2022-04-20T00:00:00+08:00", "until": None},
    "discharges": {**person(1), "discharged_at": "2022-04-20T00:00:00+08:00"},
}


@pytest.mark.parametrize("feed", GOOD)
def test_each_feed_is_taken_in_and_the_same_again_changes_nothing(lab: Party, feed: str) -> None:
    first = lab.records(feed, GOOD[feed])
    assert (first["feed"], first["accepted"], first["refused"]) == (feed, 1, 0)
    assert first["records"] == [{"index": 0, "status": "accepted"}]
    again = lab.records(feed, GOOD[feed])
    assert (again["unchanged"], again["records"]) == (1, [{"index": 0, "status": "unchanged"}])
    row = reading().get_one(Intake, first["intake"])
    assert (row.origin, row.taken_by, row.feed) == ("api", f"api:{lab.name}", feed)


def test_a_bad_record_loses_no_good_one(lab: Party) -> None:
    answer = lab.records(
        "tests",
        sample_row("R1"),
        sample_row("R2", sampled_at="2022-04-20 08:00"),
        sample_row("R1"),
        sample_row("R1", result="positive"),
        {},
        sample_row("R3"),
    )
    statuses = [record["status"] for record in answer["records"]]
    assert statuses == ["accepted", "refused", "unchanged", "refused", "refused", "accepted"]
    assert [record["index"] for record in answer["records"]] == list(range(6))
    assert (answer["accepted"], answer["unchanged"], answer["refused"]) == (2, 1, 3)
    bad = answer["records"][1]
    assert (bad["column"], bad["reason"]) == ("sampled_at", "time without offset")
    assert bad["reason_zh"].startswith("时间没有时区偏移")
    assert "value" not in bad
    receipt = lab.get(f"intakes/{answer['intake']}").get_json()
    assert receipt["records"] == [record for record in answer["records"] if record["status"] == "refused"]
    assert receipt["received_at"] == "2022-04-22T09:00:00+08:00"


def test_what_it_set_off_is_in_the_answer(lab: Party) -> None:
    answer = lab.records("cases", case_row("C1"))
    assert answer["effects"] == {"suspended": 0, "healed": 0, "raised_zones": 1}


def test_unknown_names_are_ignored_and_reported(lab: Party) -> None:
    record = sample_row("R1") | {"colour": "x", "": 1, "Kind": {"a": [1]}, "行\n": None}
    answer = lab.records("tests", record, sample_row("R2") | {"colour": 2})
    assert answer["accepted"] == 2
    assert answer["unknown_columns"] == ["colour", "Kind", "行"]
    assert get_receipt(answer["intake"]).report.unknown_columns == ("colour", "Kind", "行")


def test_flags_come_as_truth_values_or_words(lab: Party) -> None:
    days = [True, "否", "1", "maybe", None]
    records = [
        {"place_code": "P1", "screened_on": f"2022-04-0{day}", "complete": complete}
        for day, complete in enumerate(days, start=1)
    ]
    answer = lab.records("screenings", *records)
    statuses = [record["status"] for record in answer["records"]]
    assert statuses == ["accepted"] * 3 + ["refused"] * 2
    stored = reading().scalars(select(ScreeningRecord.complete).order_by(ScreeningRecord.screened_on))
    assert list(stored) == [True, False, True]


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ({}, ["records"]),
        ({"records": []}, ["records"]),
        ({"records": {}}, ["records"]),
        ({"records": [sample_row("R1")], "more": 1}, ["more"]),
        (
            {"records": [{"kind": 1}, sample_row("R1"), "x", None]},
            ["records[0].kind", "records[2]", "records[3]"],
        ),
        ({"records": [{"result": True, "lab": ["a"]}]}, ["records[0].result", "records[0].lab"]),
        ({"records": [{"lab": "x" * 1001}]}, ["records[0].lab"]),
        ([], [""]),
        ("x", [""]),
        (None, ["records"]),
    ],
    ids=str,
)
def test_a_wrong_shape_is_refused_with_its_places(lab: Party, content: Any, places: list[str]) -> None:
    problem = is_problem(lab.post("tests", content), 422, "bad_shape")
    assert sorted(place["path"] for place in problem["errors"]) == sorted(places)
    for place in problem["errors"]:
        assert place["text"]["zh"]
        assert place["text"]["en"]
    assert reading().scalar(select(func.count()).select_from(TestRecord)) == 0


def test_a_flag_of_another_type_is_one_fault(lab: Party) -> None:
    problem = is_problem(lab.post("screenings", {"records": [{"complete": 1}]}), 422, "bad_shape")
    assert [place["path"] for place in problem["errors"]] == ["records[0].complete"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"records": [NaN]}',
        b"[" * 100_000,
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "\\ud800"}',
    ],
    ids=["empty", "cut", "not-utf8", "nan", "deep", "surrogate-bytes", "surrogate"],
)
def test_what_is_no_json_is_refused(lab: Party, body: bytes) -> None:
    is_problem(lab.post("tests", body=body), 400, "http_400")


@pytest.mark.parametrize("kind", ["text/csv", "", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_type_of_body_is_refused(lab: Party, kind: str) -> None:
    is_problem(lab.post("tests", {}, headers={"Content-Type": kind}), 415, "http_415")


def test_a_batch_has_a_limit_in_records_and_in_bytes(app: Flask, lab: Party) -> None:
    problem = is_problem(lab.post("tests", {"records": [{}] * 10_001}), 422, "bad_shape")
    assert [place["path"] for place in problem["errors"]] == ["records"]
    body = b'{"records": [' + b" " * (20 * 1024 * 1024) + b"{}]}"
    is_problem(lab.post("tests", body=body), 413, "http_413")


def test_ten_thousand_records_have_ten_thousand_answers(lab: Party) -> None:
    records = [sample_row(f"R{place}", place % 900) for place in range(10_000)]
    records[77] = sample_row("R77", kind="x")
    answer = lab.records("tests", *records)
    assert (answer["accepted"], answer["refused"], len(answer["records"])) == (9_999, 1, 10_000)
    assert answer["records"][77]["column"] == "kind"


def test_a_batch_of_a_thousand_costs_no_more_statements_than_one_of_ten(lab: Party, statements) -> None:
    def count(start: int, many: int) -> int:
        records = [sample_row(f"R{start + place}", place % 900) for place in range(many)]
        statements.clear()
        lab.records("tests", *records)
        return len([sent for sent in statements if not sent.startswith("COPY")])

    count(0, 10)
    small = count(100, 10)
    large = count(1_000, 1_000)  # from 500 on PostgreSQL compares them as a set, with a table aside
    assert large <= small + 8
    assert count(2_000, 2_000) <= large + 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/", 404),
        ("POST", "/api/v2/tests", 404),
        ("GET", "/api/v1/tests", 405),
        ("DELETE", "/api/v1/intakes/1", 405),
        ("POST", "/api/v1/tests/", 404),
    ],
)
def test_addresses_that_do_not_exist_are_problems_too(
    lab: Party, method: str, path: str, status: int
) -> None:
    answer = lab.client.open(path, method=method)
    is_problem(answer, status, f"http_{status}")
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_bug_is_a_problem_that_says_nothing(
    app: Flask, lab: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError(number(1))

    monkeypatch.setattr("resume.api.routes.records.take_records", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = lab.post("tests", {"records": [sample_row("R1")]})
    is_problem(answer, 500, "bug")
    assert number(1) not in answer.text


def test_nothing_personal_is_in_answers_logs_or_audit(lab: Party, app: Flask) -> None:
    log = io.StringIO()
    configure_logging(log)
    mistyped = number(2)[:-1] + ("0" if number(2)[-1] != "0" else "1")
    rows = [
        sample_row("R1"),
        {**sample_row("R2"), "document_number": mistyped},
        {"document_number": number(3)},
    ]
    answers = [
        lab.post("tests", {"records": rows}),
        lab.post("tests", {"records": [{"kind": {number(4): 1}}]}),
    ]
    said = [answer.text for answer in answers] + [log.getvalue(), lab.get("intakes/1").text]
    said += [entry.detail for entry in audit.list_entries(before=None, action="", limit=100)]
    said += list(reading().scalars(select(Intake.report)))
    for serial in (1, 2, 3, 4):
        assert not any(number(serial)[:17] in text for text in said)
    assert lab.text not in "".join(said)
    assert lab.text.split("_", 2)[2] not in log.getvalue()


texts = st.text(max_size=12)
cells = st.none() | texts | st.sampled_from(["pcr", "2022-04-20T08:00:00+08:00", "resident_id", number(5)])
columns = st.sampled_from([*GOOD["tests"], "lab", "unknown"])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(st.dictionaries(columns, cells, max_size=6), min_size=1, max_size=6))
def test_whatever_the_texts_every_record_is_answered(lab: Party, records: list[dict[str, Any]]) -> None:
    answer = lab.post("tests", body=json.dumps({"records": records}).encode("utf-8", "surrogatepass"))
    assert answer.status_code == 200, answer.text
    counted = answer.get_json()
    assert counted["accepted"] + counted["unchanged"] + counted["refused"] == len(records)
    assert [record["index"] for record in counted["records"]] == list(range(len(records)))
