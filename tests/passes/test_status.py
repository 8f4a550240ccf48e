"""Status of a pass, first that holds; what the command line prints."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from resume.cli import cli
from resume.credential.keys import open_key_list
from resume.credential.status import StatusBits, open_status_list
from resume.credential.token import parse
from resume.db import reading, transaction
from resume.passes.drafts import status_uri
from resume.passes.keys import ISSUER, key_set
from resume.passes.models import Pass, Suspension
from resume.passes.operations import revoke
from resume.passes.queries import count_by_status, iterate_passes, list_of_firm, status_of
from resume.passes.status_list import current_list, make_list
from resume.review.operations import sign_off
from resume.settings import Settings
from tests.passes.city import REVIEWER, SIGNER, City
from tests.passes.conftest import MakeCity

ORDER = ("revoked", "replaced", "used", "expired", "suspended", "active")


@pytest.fixture
def city(city_of: MakeCity, at: datetime) -> City:
    made = city_of(workers=1)
    sign_off(made.application_id, revision=2, by=SIGNER, at=at)
    return made


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, at: datetime):
    monkeypatch.setenv("RESUME_HOME", str(settings.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("RESUME_CLOCK", at.isoformat())

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments, standalone_mode=False)

    return invoke


def one() -> Pass:
    return reading().scalars(select(Pass)).one()


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_the_first_that_holds(city: City, at: datetime, first: int) -> None:
    """Everything from `first` on holds at once; the row and SQL say the same one."""
    later, holds = at + timedelta(hours=1), ORDER[first:]
    with transaction() as session:
        found = session.get_one(Pass, one().id)
        if "revoked" in holds:
            found.revoked_at = later
        if "replaced" in holds:
            found.replaced_at = later
        if "used" in holds:
            found.in_at = later
        if "expired" in holds:
            found.expires_at = later
        if "suspended" in holds:
            session.add(Suspension(pass_id=found.id, code="CONTACT", cause="x", since=later))
    assert status_of(one(), at=later) == ORDER[first]
    assert [word for _found, word in iterate_passes(at=later)] == [ORDER[first]]
    rows = list_of_firm(firm_id=city.firm_id, at=later)
    assert [word for _found, word, _ready in rows] == [ORDER[first]]
    counts = count_by_status(firm_id=city.firm_id, at=later)
    assert {word for word, count in counts.items() if count} == {ORDER[first]}
    assert status_of(one(), at=later - timedelta(seconds=1)) == "active"
    assert [word for _found, word in iterate_passes(at=later - timedelta(seconds=1))] == ["active"]


def test_nothing_is_listed_before_its_issue(city: City, at: datetime) -> None:
    assert list(iterate_passes(at=at - timedelta(seconds=1))) == []
    assert len(list(iterate_passes(at=at))) == 1


def test_show_and_list(app: Flask, city: City, run, at: datetime) -> None:
    number = one().number
    shown = json.loads(run("pass", "show", number).output)
    assert (shown["number"], shown["status"], shown["profile"]) == (number, "active", "RTW")
    assert shown["issued_at"] == "2022-04-22T09:00:00+08:00"
    assert shown["expires_at"] == "2022-04-29T09:00:00+08:00"
    assert shown["good_until"] == "2022-04-23T23:00:00+08:00"
    assert shown["case"] == str(city.application_id)
    assert shown["token"].startswith("http://127.0.0.1:8000/v#")
    assert parse(shown["token"]).claims.payload.number == number
    lines = run("pass", "list").output.splitlines()
    assert [json.loads(line)["number"] for line in lines] == [number]
    assert run("pass", "list", "--status", "revoked").output == ""
    week_on = run("pass", "list", "--status", "expired", "--at", "2022-04-29T09:00:00+08:00")
    assert json.loads(week_on.output)["status"] == "expired"


def test_sheet_is_written(app: Flask, city: City, run, tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    said = json.loads(run("pass", "sheet", one().number, "-o", str(target)).output)
    assert target.read_bytes().startswith(b"%PDF")
    assert said["number"] == one().number


@pytest.mark.parametrize("number", ["310115000017A", "x", "310115999999"])
def test_an_unknown_number_is_exit_code_2(
    app: Flask, run, number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from resume.cli import main

    monkeypatch.setattr("sys.argv", ["resume", "pass", "show", number])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_a_change_that_is_dated_after_the_request_is_listed(city: City, at: datetime) -> None:
    """Its moment was read, somebody revoked, the list was made: it is kept for a quarter of an hour."""
    found = one()
    revoke(found.id, reason="test", by=REVIEWER, at=at + timedelta(seconds=1))
    for moment in (at, at + timedelta(minutes=2)):
        listed = current_list(found.shard, at=moment).message
        opened = open_status_list(listed, key_set(), uri=status_uri(found.shard), at=moment)
        assert opened.status_at(found.status_index) is StatusBits.INVALID
    was = open_status_list(make_list(0, at=at), key_set(), uri=status_uri(0), at=at)
    assert was.status_at(found.status_index) is StatusBits.VALID, "an export as of a moment says that moment"


def test_status_export(app: Flask, city: City, run, tmp_path: Path, at: datetime) -> None:
    folder = tmp_path / "lists"
    said = run("status", "export", str(folder)).output.splitlines()
    assert {Path(line).name for line in said} == {"keys.cwt", "keys.json", "status-0.cwt"}
    plain = json.loads((folder / "keys.json").read_text())
    assert {frozenset(entry) for entry in plain} == {frozenset(["kid", "certificate", "state"])}
    keys = key_set()
    signer = next(entry for entry in keys.entries if entry.purpose == "status")
    opened = open_key_list((folder / "keys.cwt").read_bytes(), signer.public_key, issuer=ISSUER, at=at)
    assert opened.issued_at == at
    assert opened.keys.entries == keys.entries
    listed = open_status_list((folder / "status-0.cwt").read_bytes(), opened.keys, uri=status_uri(0), at=at)
    assert listed.issued_at == at
