"""Feeds written by hand, persons invented (address code 319999), and a door to put them through."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime

from resume.clock import SHANGHAI
from resume.intake.operations import take_in
from resume.intake.report import Report
from resume.people.documents import check_character
from resume.roles import Actor, Role

STEWARD = Actor("steward-1", role=Role.STEWARD)
AT = datetime(2022, 4, 22, 9, 0, tzinfo=SHANGHAI)


def number(serial: int) -> str:
    """An invented resident number."""
    body = f"31999919850101{serial:03d}"
    return body + check_character(body)


def person(serial: int) -> dict[str, str]:
    return {"document_type": "resident_id", "document_number": number(serial)}


def sample_row(record_id: str, serial: int = 1, **changes: str) -> dict[str, str]:
    """A lab's negative of the evening before, unless said otherwise."""
    return {
        "record_id": record_id,
        **person(serial),
        "kind": "pcr",
        "method": "single",
        "sampled_at": "2022-04-21T08:00:00+08:00",
        "reported_at": "2022-04-21T20:00:00+08:00",
        "result": "negative",
        "source": "lab",
        "tube_code": "",
        "supersedes": "",
        **changes,
    }


def case_row(case_id: str, place_code: str = "P1", **changes: str) -> dict[str, str]:
    return {
        "case_id": case_id,
        "kind": "confirmed",
        "place_code": place_code,
        "unit": "",
        "reported_at": "2022-04-20T10:00:00+08:00",
        "transferred_at": "",
        "disinfected_at": "",
        "excluded": "",
        "supersedes": "",
        **changes,
    }


def review_row(review_id: str, place_code: str = "P1", **changes: str) -> dict[str, str]:
    return {
        "review_id": review_id,
        "place_code": place_code,
        "document_number": "",
        "origin": "antigen",
        "opened_at": "2022-04-21T10:00:00+08:00",
        "cleared_at": "",
        "outcome": "",
        **changes,
    }


def place_row(place_code: str, **changes: str) -> dict[str, str]:
    return {
        "place_code": place_code,
        "district_code": "310115",
        "street": "花木街道",
        "committee_code": "310115001",
        "compound": "联洋新苑",
        "lane": "丁香路1弄",
        "number": place_code.removeprefix("P"),
        "has_units": "否",
        **changes,
    }


def as_csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def feed(name: str, *rows: Mapping[str, str], at: datetime = AT) -> Report:
    """Take these rows in."""
    return take_in(name, as_csv(rows), f"{name}.csv", by=STEWARD, at=at)


def good(name: str, *rows: Mapping[str, str], at: datetime = AT) -> Report:
    """As `feed`, where nothing may be refused."""
    report = feed(name, *rows, at=at)
    assert report.refused == ()
    return report
