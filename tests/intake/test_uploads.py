"""A file is looked at before it acts; a big one is taken in by jobs, piece by piece."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from resume.clock import real_now
from resume.db import db, reading, transaction
from resume.evidence.models import Intake
from resume.intake.models import Upload
from resume.intake.operations import AlreadyUnderWay, FileNotTaken, files, take_in
from resume.intake.operations.uploads import confirm, drop, keep
from resume.intake.queries import get_kept, get_receipt, list_kept
from resume.jobs import Job, work_once
from resume.refusals import NotFound
from resume.roles import Role
from tests.intake.feeding import AT, STEWARD, as_csv, case_row, number, sample_row
from tests.intake.standing import Rows, what_counts

SignIn = Callable[..., FlaskClient]


def everything() -> Rows:
    """All rows of all tables but those of a kept file: it, its job, its line of the audit."""
    own = {"upload", "job", "audit_entry"}
    reading().rollback()
    return {
        name: sorted(map(repr, reading().execute(select(table))))
        for name, table in db.metadata.tables.items()
        if name not in own
    }


def finish() -> None:
    while work_once():
        pass


def test_a_preview_stores_nothing_and_says_what_would_come(places: Flask) -> None:
    before = everything()
    rows = [case_row("C1"), case_row("C2", place_code="P9")]
    kept = get_kept(keep("cases", as_csv(rows), "病例.csv", by=STEWARD, at=AT))
    assert everything() == before
    report = kept.preview.report
    assert (report.accepted, report.refused_count, report.raised_zones) == (1, 1, 1)
    assert [line.column for line in kept.preview.refused] == ["place_code"]
    assert list_kept() == [kept]
    intake_id = confirm(kept.id, by=STEWARD, at=AT)
    taken = get_receipt(intake_id).report
    assert (taken.accepted, taken.refused_count, taken.raised_zones) == (1, 1, 1)
    assert list_kept() == []


def test_a_kept_file_is_sealed_until_it_is_dropped(places: Flask) -> None:
    upload_id = keep("tests", as_csv([sample_row("R1")]), "t.csv", by=STEWARD, at=AT)
    row = reading().scalars(select(Upload)).one()
    assert number(1).encode() not in row.sealed_file
    assert number(1) not in row.preview
    drop(upload_id, by=STEWARD, at=AT)
    assert reading().scalars(select(Upload)).all() == []
    for door in (drop, confirm):
        with pytest.raises(NotFound):
            door(upload_id, by=STEWARD, at=AT)


def test_an_abandoned_file_is_dropped_after_a_day(places: Flask) -> None:
    upload_id = keep("tests", as_csv([sample_row("R1")]), "t.csv", by=STEWARD, at=AT)
    finish()
    assert get_kept(upload_id)
    with transaction() as session:
        session.execute(update(Job).values(not_before=real_now()))
    finish()
    with pytest.raises(NotFound):
        get_kept(upload_id)


def test_the_wrong_feed_is_told(places: Flask) -> None:
    with pytest.raises(FileNotTaken) as refused:
        keep("tests", as_csv([case_row("C1")]), "c.csv", by=STEWARD, at=AT)
    assert "阳性感染者" in str(refused.value.message)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK", 3)


ROWS = [sample_row(f"R{n}", n + 1, source="app" if n == 5 else "lab") for n in range(8)]


def test_a_big_file_is_taken_in_by_jobs(places: Flask, sign_in: SignIn, small_pieces: None) -> None:
    steward = sign_in(Role.STEWARD)
    upload = (io.BytesIO(as_csv(ROWS)), "big.csv")
    preview = steward.post("/intake", data={"feed": "tests", "file": upload}).location
    assert "7</span> 行可以收下" in steward.get(preview).text
    receipt = steward.post(f"{preview}/confirm").location
    assert steward.post(f"{preview}/confirm").location == receipt
    shown = steward.get(receipt).text
    assert "0 / 8" in shown
    assert "hx-trigger" in shown
    work_once()
    assert "3 / 8" in steward.get(receipt, headers={"HX-Request": "true"}).text
    finish()
    shown = steward.get(receipt, headers={"HX-Request": "true"}).text
    assert "hx-trigger" not in shown
    assert "7</span> 行收下" in shown
    assert reading().scalars(select(Upload)).all() == []


def test_the_command_may_overtake_the_jobs(places: Flask, small_pieces: None) -> None:
    upload_id = keep("tests", as_csv(ROWS), "big.csv", by=STEWARD, at=AT)
    intake_id = confirm(upload_id, by=STEWARD, at=AT)
    work_once()
    other = keep("tests", as_csv(ROWS), "big.csv", by=STEWARD, at=AT)
    assert get_kept(other).preview.position == 3
    with pytest.raises(AlreadyUnderWay):
        confirm(other, by=STEWARD, at=AT)
    report = take_in("tests", as_csv(ROWS), "big.csv", by=STEWARD, at=AT)
    assert (report.intake_id, report.accepted, report.refused_count) == (intake_id, 7, 1)
    finish()
    assert get_receipt(intake_id).report.accepted == 7
    assert reading().scalars(select(Upload.id)).all() == [other]


def test_two_workers_on_one_piece_take_it_in_once(places: Flask, small_pieces: None) -> None:
    """The lease lapsed while the first was reading: only one effect holds."""
    from resume.intake.jobs import take_piece_of

    upload_id: UUID = keep("tests", as_csv(ROWS), "big.csv", by=STEWARD, at=AT)
    confirm(upload_id, by=STEWARD, at=AT)
    payload = {"upload": str(upload_id), "position": 0}
    first, second = take_piece_of(payload), take_piece_of(payload)
    with transaction() as session:
        first(session, AT)
    with transaction() as session:
        second(session, AT)
    assert reading().scalars(select(Intake.position).where(Intake.feed == "tests")).all() == [3]
    finish()
    assert len(what_counts()["test_record"]) == 7
