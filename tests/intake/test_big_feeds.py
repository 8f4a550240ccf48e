"""Big feeds: piece by piece, killed and taken up again, the same whatever the cuts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import delete, select

from resume import audit
from resume.db import db, reading, transaction
from resume.evidence import staging
from resume.evidence.models import LEDGER, Intake
from resume.intake.models import RefusedLine
from resume.intake.operations import AlreadyUnderWay, Progress, files, take_in
from resume.intake.queries import list_receipts
from resume.people.models import Person
from resume.settings import ROOT, Settings
from tests.intake.feeding import AT, STEWARD, as_csv, sample_row
from tests.intake.standing import what_counts


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK", 4)
    monkeypatch.setattr(staging, "LEAST", 1)


def rows(count: int) -> list[dict[str, str]]:
    """Lines that meet in every way: corrections before and after, completions, doubles, bad ones."""
    made = []
    for n in range(count):
        row = sample_row(f"R{n}", n % 7 + 1)
        if n % 5 == 1:
            row |= {"supersedes": f"R{n - 1 if n % 2 else n + 6}", "result": "positive"}
        if n % 9 == 2:
            row |= {"result": "", "reported_at": ""}
        if n % 9 == 5:
            row = sample_row(f"R{n - 3}", (n - 3) % 7 + 1)
        if n % 11 == 3:
            row |= {"source": "app"}
        made.append(row)
    return made


def forget() -> None:
    """Empty what a run filled."""
    with transaction() as session:
        for model in (*LEDGER, RefusedLine, Person, Intake):
            if model is not Intake:
                session.execute(delete(model))
        session.execute(delete(Intake).where(Intake.feed == "tests"))


def test_pieces_come_to_what_the_whole_comes_to(places: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    content = as_csv(rows(50))
    whole = take_in("tests", content, "t.csv", by=STEWARD, at=AT)
    standing = what_counts()
    forget()
    monkeypatch.setattr(files, "CHUNK", 4)
    monkeypatch.setattr(staging, "LEAST", 1)
    told: list[Progress] = []
    report = take_in("tests", content, "t.csv", by=STEWARD, at=AT, on_progress=told.append)
    assert report == whole
    now = what_counts()
    assert now == standing
    assert [step.done for step in told] == [*range(4, 50, 4), 50]
    assert {step.total for step in told} == {50}
    assert audit.verify().is_whole


@examples(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    chosen=st.lists(st.integers(min_value=0, max_value=49), min_size=1, max_size=40),
    size=st.integers(min_value=1, max_value=12),
)
def test_any_cut_gives_the_same_rows_that_count(places: Flask, chosen: list[int], size: int) -> None:
    """Also lines in any order, some of them twice."""
    made = rows(50)
    content = as_csv([made[n] for n in chosen])
    reports, standings = [], []
    before = files.CHUNK, staging.LEAST
    for files.CHUNK, staging.LEAST in (before, (size, 1)):
        reports.append(take_in("tests", content, "t.csv", by=STEWARD, at=AT))
        standings.append(what_counts())
        forget()
    files.CHUNK, staging.LEAST = before
    assert reports[0] == reports[1]
    assert standings[0] == standings[1]


class Stopped(Exception):
    """What ends a run in the middle."""


def test_an_interrupted_run_goes_on_where_it_stood(places: Flask, small_pieces: None) -> None:
    content = as_csv(rows(50))
    whole = take_in("tests", content, "t.csv", by=STEWARD, at=AT)
    standing = what_counts()
    forget()

    def stop(progress: Progress) -> None:
        if progress.done == 20:
            raise Stopped

    with pytest.raises(Stopped):
        take_in("tests", content, "t.csv", by=STEWARD, at=AT, on_progress=stop)
    assert not list_receipts()[0].is_done
    other = take_in("tests", as_csv(rows(6)), "t.csv", by=STEWARD, at=AT)  # another file: another intake
    told: list[Progress] = []
    report = take_in("tests", content, "t.csv", by=STEWARD, at=AT, on_progress=told.append)
    assert (told[0].done, told[0].began_at) == (24, 20)
    assert other.intake_id != report.intake_id
    assert report.lines == whole.lines
    assert what_counts()["test_record"] == standing["test_record"]


def test_a_second_process_on_the_same_file_is_refused(places: Flask, small_pieces: None) -> None:
    content = as_csv(rows(20))
    standing = []

    def overtake(progress: Progress) -> None:
        if progress.done == 8:
            take_in("tests", content, "t.csv", by=STEWARD, at=AT)  # the other one, quicker
            standing.append(what_counts())

    with pytest.raises(AlreadyUnderWay):
        take_in("tests", content, "t.csv", by=STEWARD, at=AT, on_progress=overtake)
    assert what_counts() == standing[0]
    assert list_receipts()[0].report.lines == 20


COMMAND = """
import sys
from resume.evidence import staging
from resume.intake.operations import files
files.CHUNK, staging.LEAST = 4, 1
if sys.argv[1] == "dies":
    import os, signal
    from resume.intake import taking
    record = taking._record
    def kill(action, report, **more):
        record(action, report, **more)
        if more.get("position", 0) >= 24:
            os.kill(os.getpid(), signal.SIGKILL)
    taking._record = kill
sys.argv = ["resume", "intake", "tests", sys.argv[2]]
from resume.cli import main
main()
"""


def test_killed_and_taken_up_again_it_is_as_if_undisturbed(
    places: Flask, settings: Settings, tmp_path: Path
) -> None:
    """kill -9 inside the sixth piece's transaction, then the same command again."""
    file = tmp_path / "feed.csv"
    file.write_bytes(as_csv(rows(50)))
    environment = {
        **os.environ,
        "RESUME_HOME": str(settings.home),
        "RESUME_DATABASE_URL": settings.database_url,
        "RESUME_CLOCK": AT.isoformat(),
    }

    def run(how: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", COMMAND, how, str(file)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    undisturbed = run("lives")
    standing = what_counts()
    forget()
    db.session.remove()
    assert run("dies").returncode == -signal.SIGKILL
    reading().rollback()
    assert reading().scalars(select(Intake.position).where(Intake.feed == "tests")).all() == [20]
    again = run("lives")
    assert again.returncode == undisturbed.returncode == 1
    assert json.loads(again.stdout) == json.loads(undisturbed.stdout)
    assert again.stdout.count("\n") == 1
    assert what_counts() == standing
    reading().rollback()
    assert audit.verify().is_whole
