"""Tokens: made, shown once, listed, revoked; by the administrator's pages and by the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from resume import audit
from resume.api.models import ApiToken
from resume.api.operations.tokens import BadToken, NewToken, TokenNameTaken, create_token, revoke_token
from resume.api.queries import find_live, list_tokens
from resume.cli.tokens import token as command
from resume.clock import real_now
from resume.db import reading
from resume.home import settle_home
from resume.refusals import NotFound
from resume.roles import Role
from resume.settings import Settings
from tests.api.conftest import ADMIN, MakeParty
from tests.roster import city

NO_TOKEN = "00000000-0000-0000-0000-000000000009"
CREDIT_CODE = "91310115MA10001800"


def make(at, *scopes: str, name: str = "虚构检测所", **narrowed: Any) -> tuple[ApiToken, str]:
    return create_token(NewToken(name, scopes, **narrowed), by=ADMIN, at=at, real_at=real_now())


@pytest.fixture
def settled(app: Flask, at) -> Flask:
    settle_home([], at=at)
    return app


def test_what_is_stored_is_not_the_secret(settled: Flask, at) -> None:
    row, text = make(at, "tests:write")
    secret = text.split("_", 2)[2]
    stored = reading().execute(select(ApiToken.__table__)).one()
    assert all(secret not in str(value) for value in stored)
    assert secret.encode() not in stored.secret_hash
    assert len(stored.secret_hash) == 32
    assert find_live(text).id == row.id
    entry = audit.list_entries(before=None, action="token.created", limit=1)[0]
    assert (entry.actor, entry.subject) == ("admin-1", f"token:{row.id}")
    assert secret not in entry.detail


@pytest.mark.parametrize(
    ("name", "scopes", "narrowed"),
    [
        ("x", ["tests:write"], {}),
        ("a\nb", ["tests:write"], {}),
        ("lab", [], {}),
        ("lab", ["all"], {}),
        ("lab", ["lists:write"], {}),
        ("lab", ["tests:write"], {"firm_id": 1}),
        ("lab", ["tests:write"], {"gate_id": 1}),
        ("lab", ["tests:write"], {"district_code": "110000"}),
    ],
)
def test_what_does_not_fit_together(settled: Flask, at, name: str, scopes: list[str], narrowed: dict) -> None:
    with pytest.raises(BadToken):
        make(at, *scopes, name=name, **narrowed)


def test_firm_and_gate_must_be_there(settled: Flask, at) -> None:
    with pytest.raises(NotFound):
        make(at, "lists:write", firm_id=99)
    with pytest.raises(NotFound):
        make(at, "passes:check", gate_id=99)
    assert list_tokens() == []


def test_one_live_token_a_name(settled: Flask, at) -> None:
    row, _text = make(at, "tests:write")
    with pytest.raises(TokenNameTaken):
        make(at, "cases:write")
    revoke_token(row.id, by=ADMIN, at=at, real_at=real_now())
    revoke_token(row.id, by=ADMIN, at=at, real_at=real_now())
    assert make(at, "cases:write")[0].id != row.id
    assert len(audit.list_entries(before=None, action="token.revoked", limit=9)) == 1
    with pytest.raises(NotFound):
        revoke_token(UUID(NO_TOKEN), by=ADMIN, at=at, real_at=real_now())


def test_the_page_shows_a_new_token_once(settled: Flask, sign_in, at) -> None:
    administrator = sign_in(Role.ADMINISTRATOR)
    assert "还没有令牌" in administrator.get("/api-tokens").text
    assert "签发令牌" in administrator.get("/api-tokens/new").text
    form = {"name": "虚构检测所", "scopes": ["tests:write", "cases:write"], "district": ""}
    made = administrator.post("/api-tokens/new", data=form)
    assert made.status_code == 200
    text = re.search(r'id="token">([^<]+)<', made.text)[1]
    assert find_live(text).scopes == ["tests:write", "cases:write"]
    assert made.headers["Cache-Control"] == "no-store"
    listed = administrator.get("/api-tokens").text
    assert text not in listed
    for shown in ("虚构检测所", "报送检测", "尚未使用", "有效"):
        assert shown in listed
    again = administrator.post("/api-tokens/new", data=form)
    assert again.status_code == 409
    assert "已有同名的有效令牌" in again.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "使用方"),
        ({"scopes": []}, "权限"),
        ({"scopes": ["all"]}, "权限"),
        ({"scopes": ["lists:write"]}, "须填写企业"),
        ({"credit_code": CREDIT_CODE}, "其他令牌不填"),
        ({"scopes": ["lists:write"], "credit_code": "91310115MA10002803"}, "没有登记这个代码的企业"),
        ({"gate": "x"}, "门岗编号"),
    ],
)
def test_a_form_that_is_refused_says_why(settled: Flask, sign_in, changes: dict, said: str) -> None:
    form = {"name": "虚构检测所", "scopes": ["tests:write"], "district": ""} | changes
    answer = sign_in(Role.ADMINISTRATOR).post("/api-tokens/new", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert list_tokens() == []


def test_the_page_revokes(settled: Flask, sign_in, at) -> None:
    row, text = make(at, "passes:check", district_code="310115")
    administrator = sign_in(Role.ADMINISTRATOR)
    assert "浦东新区" in administrator.get("/api-tokens").text
    assert administrator.post(f"/api-tokens/{row.id}/revoked").status_code == 303
    assert find_live(text) is None
    assert "已撤销" in administrator.get("/api-tokens").text
    assert administrator.post(f"/api-tokens/{NO_TOKEN}/revoked").status_code == 404


Run = Callable[..., Any]


@pytest.fixture
def run(settled: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("RESUME_HOME", str(settings.home))
    monkeypatch.setenv("RESUME_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("RESUME_CLOCK", "2022-04-22T09:00:00+08:00")

    def call(*arguments: str) -> Any:
        reading().rollback()
        result = CliRunner().invoke(command, arguments, standalone_mode=False)
        reading().rollback()
        if result.exception is not None:
            return str(getattr(result.exception, "message", result.exception))
        return [json.loads(line) for line in result.stdout.splitlines()]

    return call


def test_the_command_line_makes_lists_and_revokes(run: Run, at) -> None:
    firm_id = city.firm(CREDIT_CODE, at=at)
    (made,) = run("create", "hr-system", "--scope", "lists:write", "--firm", CREDIT_CODE)
    assert find_live(made["token"]).firm_id == firm_id
    (listed,) = run("list")
    assert (listed["name"], listed["firm"], listed["revoked_at"]) == ("hr-system", firm_id, None)
    assert made["token"] not in json.dumps(listed)
    assert run("revoke", made["id"]) == [{"id": made["id"], "revoked": True}]
    assert run("list")[0]["revoked_at"] is not None
    assert find_live(made["token"]) is None
    entry = audit.list_entries(before=None, action="token.revoked", limit=1)[0]
    assert entry.actor == "cli"


def test_the_command_line_says_what_is_wrong(run: Run) -> None:
    assert "bad_token" in run("create", "lab", "--scope", "all")
    assert "no firm" in run("create", "lab", "--scope", "lists:write", "--firm", "x")
    assert "not_found" in run("revoke", NO_TOKEN)


def test_unused_parties_are_told_apart(party: MakeParty) -> None:
    assert party("tests:write").text != party("tests:write").text
