"""Keys in their time: rotated, retired, distrusted; what each signed, and who may sign."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from resume import audit
from resume.audit import AuditEntry
from resume.cli import cli
from resume.credential.keys import KeyState, NotGenuine, open_key_list
from resume.credential.status import open_status_list
from resume.credential.token import parse
from resume.db import reading, transaction
from resume.gate.answer import ANYWHERE
from resume.gate.sheet_check import check_sheet
from resume.passes import rotation
from resume.passes.authority import ROOT_FILE, files_of, load_file, make_signer
from resume.passes.drafts import status_uri
from resume.passes.issue import prepare, write
from resume.passes.keys import (
    ISSUER,
    NOTICE,
    NoKeyFile,
    NoSigningKey,
    SignerMoved,
    key_set,
    list_anchor,
    sheet_signer,
    signing_kid,
    status_signer,
    token_signer,
)
from resume.passes.models import Pass
from resume.passes.sheet.readback import read_back
from resume.passes.sheets import render, sheet_of, token_of
from resume.review.operations import sign_off
from resume.roles import CLI, Role
from resume.roster.models import Worker
from resume.sealing import sealer
from resume.settings import Settings
from tests.conftest import SignIn
from tests.passes.city import SIGNER, City
from tests.passes.conftest import MakeCity

ARGUMENTS = {"reason": "演练", "by": CLI}


@pytest.fixture
def city(city_of: MakeCity, at: datetime) -> City:
    return city_of(workers=2)


def folder(app: Flask) -> Path:
    return Path(app.config["RESUME_KEYS_FOLDER"])


def judged(token: bytes) -> str:
    opened = parse(token)
    claims = opened.claims
    return key_set().judge(opened.kid, issuer=claims.iss, purpose="RTW", issued_at=claims.iat)


def test_a_new_key_is_known_before_it_signs(city: City, at: datetime) -> None:
    old = signing_kid("RTW", at)
    made = rotation.rotate("RTW", at=at, **ARGUMENTS)
    assert (made.role, made.has_file, made.live) == ("announced", True, 0)
    assert {entry.kid.hex() for entry in key_set().entries} >= {old, made.kid}
    assert signing_kid("RTW", at + NOTICE - timedelta(seconds=1)) == old
    assert signing_kid("RTW", at + NOTICE) == made.kid
    assert token_signer("RTW", at=at + NOTICE).kid.hex() == made.kid
    roles = {key.kid: key.role for key in rotation.list_keys(at=at + NOTICE) if key.purpose == "RTW"}
    assert roles == {old: "standby", made.kid: "signing"}
    assert reading().scalar(select(func.count()).where(AuditEntry.action == "key.rotated")) == 1
    assert audit.verify().is_whole


def test_retired_stays_good_and_distrusted_does_not(app: Flask, city: City, at: datetime) -> None:
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    first, second = reading().scalars(select(Pass).order_by(Pass.number))
    old, later = first.kid, at + timedelta(hours=1)
    with pytest.raises(rotation.LastKey):
        rotation.retire(old, at=later, **ARGUMENTS)
    made = rotation.rotate("RTW", at=later, at_once=True, **ARGUMENTS)
    rotation.retire(old, at=later, **ARGUMENTS)
    assert judged(token_of(first)) == "OK"
    assert token_signer("RTW", at=later).kid.hex() == made.kid
    with pytest.raises(rotation.KeyOver):
        rotation.retire(old, at=later, **ARGUMENTS)
    gone = rotation.distrust(old, at=later, **ARGUMENTS)
    assert (gone.role, gone.live) == ("distrusted", 2)
    assert judged(token_of(first)) == judged(token_of(second)) == "KEY_DISTRUSTED"
    assert rotation.live_by_firm(old, at=later) == [("临江精密仪器制造有限公司", 2)]
    assert signing_kid("RTW", later) == made.kid
    root = load_file(folder(app) / "pass-signer.p12").root
    sheet = sealer().open_bytes(render(first.id)["sealed_pdf"], place=f"sheet:sealed_pdf:{first.id}")
    found = read_back(sheet, trust_roots=[root])
    assert found.signature == "good"
    assert (
        found.certificate
        == sheet_signer("RTW").certificate
        == load_file(files_of(folder(app), purpose="RTW")[1]).certificate
    )


def test_a_sheet_that_a_distrusted_key_signed_is_untrusted(city: City, at: datetime) -> None:
    """Its token may be another key's, and stays good."""
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    made = rotation.rotate("RTW", at=at, at_once=True, **ARGUMENTS)
    found = reading().scalars(select(Pass).order_by(Pass.number)).first()
    assert found is not None
    pdf = sheet_of(found.id).pdf
    before = check_sheet(pdf, gate=ANYWHERE, at=at)
    assert (before.answer.code, before.layers["signature"]) == ("OK", "good")
    rotation.distrust(made.kid, at=at, **ARGUMENTS)
    after = check_sheet(pdf, gate=ANYWHERE, at=at)
    assert (after.answer.code, after.layers["signature"], after.layers["qr"]) == (
        "ALTERED",
        "untrusted",
        "good",
    )
    assert judged(token_of(found)) == "OK"


def test_the_last_key_that_leaked_has_a_successor(app: Flask, city: City, at: datetime) -> None:
    old = signing_kid("RTW", at)
    rotation.distrust(old, at=at, **ARGUMENTS)
    assert signing_kid("RTW", at) != old
    assert {row.detail for row in reading().scalars(select(AuditEntry)) if row.action == "key.distrusted"}
    with pytest.raises(rotation.KeyOver):
        rotation.distrust(old, at=at, **ARGUMENTS)
    (folder(app) / ROOT_FILE).unlink()
    rotation.distrust(signing_kid("RTW", at), at=at, **ARGUMENTS)
    with pytest.raises(NoSigningKey):
        token_signer("RTW", at=at)
    with pytest.raises(rotation.NoRoot):
        rotation.rotate("RTW", at=at, **ARGUMENTS)


def test_what_a_crash_leaves(app: Flask, city: City, at: datetime) -> None:
    """A file without a row signs nothing and is taken by the next rotation; a row without file is said."""
    path = make_signer(folder(app), purpose="RTW", at=at)
    kid = load_file(path).kid.hex()
    assert [key.kid for key in rotation.list_keys(at=at) if key.role == "not_registered"] == [kid]
    assert signing_kid("RTW", at) != kid
    assert rotation.rotate("RTW", at_once=True, at=at, **ARGUMENTS).kid == kid
    assert len(files_of(folder(app), purpose="RTW")) == 2
    path.rename(path.with_suffix(".away"))
    with pytest.raises(NoKeyFile):
        token_signer("RTW", at=at)
    assert not next(key for key in rotation.list_keys(at=at) if key.kid == kid).has_file


def test_a_key_that_went_while_a_batch_was_made_signs_nothing(city: City, at: datetime) -> None:
    from resume.applications.models import Application

    workers = reading().scalars(select(Worker)).all()
    prepared = prepare(workers, application=reading().get_one(Application, city.application_id), at=at)
    rotation.distrust(signing_kid("RTW", at), at=at, **ARGUMENTS)
    with pytest.raises(SignerMoved), transaction():
        write(prepared, by=SIGNER)
    assert reading().scalar(select(func.count()).select_from(Pass)) == 0
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    assert {judged(token_of(found)) for found in reading().scalars(select(Pass))} == {"OK"}


def test_a_pass_that_got_in_before_its_keys_retirement_stays_good(city: City, at: datetime) -> None:
    later = at + timedelta(seconds=3)
    sign_off(city.application_id, revision=2, by=SIGNER, at=later)
    old = signing_kid("RTW", at)
    rotation.rotate("RTW", at_once=True, at=at, **ARGUMENTS)
    assert rotation.retire(old, at=at, **ARGUMENTS).since == later
    assert {judged(token_of(found)) for found in reading().scalars(select(Pass))} == {"OK"}


def test_lists_are_signed_by_the_key_of_their_time(client: FlaskClient, city: City, at: datetime) -> None:
    old_anchor, first = list_anchor(at=at), client.get("/keys.cwt")
    kept = client.get("/keys.cwt", headers={"If-None-Match": first.headers["ETag"]})
    assert (kept.status_code, first.headers["Cache-Control"]) == (304, "public, no-cache")
    old = signing_kid("status", at)
    rotation.rotate("status", at_once=True, at=at, **ARGUMENTS)
    rotation.distrust(old, at=at, **ARGUMENTS)
    again = client.get("/keys.cwt", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert list_anchor(at=at) != old_anchor
    anchor = status_signer(at=at).private_key.public_key()
    keys = open_key_list(again.data, anchor, issuer=ISSUER, at=at).keys
    with pytest.raises(NotGenuine):
        open_key_list(first.data, anchor, issuer=ISSUER, at=at)
    states = {entry.kid.hex(): entry.state for entry in keys.entries if entry.purpose == "status"}
    assert states[old] is KeyState.DISTRUSTED
    assert open_status_list(client.get("/status/0").data, keys, uri=status_uri(0), at=at).issued_at == at


def test_a_reading_of_keys_is_one_statement(city: City, at: datetime, statements: list[str]) -> None:
    first = key_set()
    statements.clear()
    assert key_set() is first
    assert token_signer("RTW", at=at)
    assert len(statements) == 2


def test_commands(
    app: Flask, city: City, settings: Settings, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESUME_HOME", str(settings.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("RESUME_CLOCK", at.isoformat())

    def run(*arguments: str) -> list[dict[str, object]]:
        done = CliRunner().invoke(cli, ["keys", *arguments], standalone_mode=False)
        if done.exception is not None:
            raise done.exception
        return [json.loads(line) for line in done.output.splitlines()]

    (rtw, status) = run("list")
    assert (rtw["purpose"], rtw["state"], rtw["role"]) == ("RTW", "active", "signing")
    assert (rtw["file"], rtw["live_passes"], status["purpose"]) == (True, 0, "status")
    (made,) = run("rotate", "RTW", "--reason", "年度更换")
    assert made["role"] == "announced"
    (gone,) = run("distrust", str(made["kid"]))
    assert gone["state"] == "distrusted"
    for wrong in (("retire", "ff" * 8), ("rotate", "XYZ"), ("retire", str(rtw["kid"]))):
        with pytest.raises(Exception, match=r"key|purpose"):
            run(*wrong)


def test_the_administrators_pages(city: City, sign_in: SignIn, at: datetime) -> None:
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    client, old = sign_in(Role.ADMINISTRATOR), signing_kid("RTW", at)
    assert client.get("/keys/ff").status_code == 404
    assert "正在签发" in client.get("/keys").text
    assert client.post("/keys/new", data={"purpose": "RTW", "reason": "年度更换"}).status_code == 422
    sure = {"purpose": "RTW", "reason": "年度更换", "is_sure": "y", "at_once": "y"}
    done = client.post("/keys/new", data=sure)
    assert "正在签发" in client.get(done.location).text
    assert "2 张在用通行证继续有效" in client.get(f"/keys/{old}/retire").text
    mistyped = client.post(f"/keys/{old}/retire", data={"typed": old[:-1], "reason": "年度更换"})
    assert mistyped.status_code == 422
    assert (
        client.post(f"/keys/{old}/retire", data={"typed": old.upper(), "reason": "更换"}).status_code == 303
    )
    assert client.post(f"/keys/{old}/retire", data={"typed": old, "reason": "更换"}).status_code == 409
    asked = client.get(f"/keys/{old}/distrust").text
    assert "将作废 2 张在用通行证" in asked
    assert "临江精密仪器制造有限公司" in asked
    done = client.post(f"/keys/{old}/distrust", data={"typed": old, "reason": "私钥可能泄露"})
    assert "不可信" in client.get(done.location).text
    detail = reading().scalars(select(AuditEntry.detail).where(AuditEntry.action == "key.distrusted")).one()
    assert json.loads(detail) == {"live_passes": 2, "purpose": "RTW", "reason": "私钥可能泄露"}
