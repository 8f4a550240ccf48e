"""`/p`: who puts a pass on a phone, what the phone is told, what gates say to its codes and to pictures."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from resume import clock
from resume.accounts.models import FailedAttempt
from resume.audit import AuditEntry
from resume.credential.check import check
from resume.credential.views import GateView, PassStatus, Verdict
from resume.db import new_id, reading, transaction
from resume.gate.operations.scans import NonceTaken, check_scan, let_through
from resume.passes.keys import key_set
from resume.passes.models import Pass
from resume.passes.operations import revoke
from resume.passes.queries import status_of
from resume.passes.reassess import Scope, reassess
from resume.roles import CLI, Role
from tests.conftest import SignIn
from tests.disclosure.conftest import key_of, last_four
from tests.gate.conftest import Way, guard_of
from tests.invariants import broken
from tests.passes.city import REVIEWER, add_case
from tests.phone.conftest import NewPhone, Phone

STEP = timedelta(seconds=30)


def code_of(answer: object) -> str:
    return str(answer.json["refused"]["code"])  # type: ignore[attr-defined]


def test_own_link_and_last_four_put_the_pass_on_the_phone(way: Way, put: Phone, at: datetime) -> None:
    paper, phone = sorted(reading().scalars(select(Pass)), key=lambda found: found.number)
    assert (paper.medium, str(status_of(paper, at=at))) == ("paper", "replaced")
    assert put.pass_ is not None
    assert put.pass_["facts"]["number"] == phone.number
    assert put.pass_["facts"]["name"] == "王小明"
    assert put.pass_["facts"]["expires_at"] == int(paper.expires_at.timestamp())
    assert put.pass_["state"] == {"word": "active", "now_on": "", "out_at": None, "in_at": None}
    assert put.pass_["server_time"] == int(at.timestamp())
    (entry,) = reading().scalars(select(AuditEntry).where(AuditEntry.action == "pass.reissued"))
    assert json.loads(entry.detail) == {"number": phone.number, "medium": "phone", "was": "paper"}
    assert broken(at=at) == []


def test_whatever_is_wrong_gets_one_answer_and_numbers_none(way: Way, new_phone: NewPhone) -> None:
    phone, key = new_phone(), key_of(way.city)
    wrong = phone.put(key, "0000")
    unknown = phone.put("ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-A", last_four())
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.json["refused"] == unknown.json["refused"]
    assert code_of(wrong) == "wrong_key"
    assert code_of(phone.put(way.first().number, last_four())) == "link_only"
    assert code_of(phone.browser.post("/p", data={"key": key, "last_four": last_four()})) == "bad_request"
    ends_nowhere = {"key": key, "last_four": last_four(), "x": "00" * 32, "y": "11" * 32}
    assert code_of(phone.browser.post("/p", json=ends_nowhere)) == "bad_request"
    assert [found.medium for found in way.passes()] == ["paper"]


def test_guesses_are_counted_with_those_of_the_other_page(way: Way, new_phone: NewPhone) -> None:
    phone, key = new_phone(), key_of(way.city)
    for _ in range(4):
        phone.put(key, "0000")
    assert phone.browser.post("/w", data={"key": key, "last_four": "0000"}).status_code == 422
    refused = phone.put(key, last_four())
    assert (refused.status_code, code_of(refused)) == (429, "too_many_tries")
    assert refused.headers["Retry-After"]
    assert reading().scalars(select(FailedAttempt)).first() is not None


def test_who_has_no_pass_is_told(way: Way, new_phone: NewPhone, at: datetime) -> None:
    revoke(way.first().id, reason="离职", by=REVIEWER, at=at)
    refused = new_phone().put(key_of(way.city), last_four())
    assert (refused.status_code, code_of(refused)) == (409, "nothing_to_put")


def test_a_second_phone_takes_it_over_and_the_first_is_told(
    way: Way, put: Phone, new_phone: NewPhone
) -> None:
    second = new_phone()
    assert second.put(key_of(way.city), last_four()).status_code == 200
    assert put.state().json["state"] == {"word": "replaced", "now_on": "phone", "out_at": None, "in_at": None}
    assert second.state().json["state"]["word"] == "active"
    assert put.pass_ is not None
    assert second.pass_ is not None
    assert put.pass_["facts"]["number"] != second.pass_["facts"]["number"]
    token = second.pass_["token"]
    assert second.put(key_of(way.city), last_four()).json["token"] == token, "pressed again, no second pass"


def test_a_phone_is_told_that_it_is_held_and_not_why(way: Way, put: Phone, at: datetime) -> None:
    with transaction():
        add_case(way.city, at=at)
        reassess(scope=Scope(building_ids=frozenset([way.city.building_id])), at=at, by=CLI)
    said = put.state()
    assert said.json["state"] == {"word": "suspended", "now_on": "", "out_at": None, "in_at": None}
    assert set(said.json) == {"state", "server_time"}


def test_only_the_whole_token_is_answered_and_guesses_are_slowed(way: Way, put: Phone) -> None:
    assert put.pass_ is not None
    token = put.pass_["token"]
    put.pass_["token"] = ("A" if token[-3] != "A" else "B").join([token[:-3], token[-2:]])
    assert code_of(put.state()) == "not_of_here"
    put.pass_["token"] = "AAAA"
    answers = [put.state() for _ in range(31)]
    assert {answer.status_code for answer in answers[:29]} == {404}
    assert code_of(answers[-1]) == "too_many_checks"
    put.pass_["token"] = token
    assert put.state().status_code == 200, "who has the token is not slowed by others"


def test_off_line_a_code_is_good_for_its_half_minute(way: Way, put: Phone, at: datetime) -> None:
    shown_at = at + timedelta(minutes=10)
    text, keys = put.text(shown_at), key_set()

    def asked(late: timedelta) -> str:
        moment = shown_at + late
        return check(
            text,
            keys,
            at=moment,
            gate=GateView("1", "compound", "RTW", building_ids=frozenset([way.city.building_id])),
            status_of=lambda _: PassStatus.ACTIVE,
            status_as_of=moment,
        ).code

    assert [asked(steps * STEP) for steps in (-1, 0, 1)] == ["OK"] * 3
    assert [asked(steps * STEP) for steps in (-2, 2, 120)] == ["PHONE_STALE"] * 3


def test_on_line_the_same_scan_a_step_later_is_the_same_scan(way: Way, put: Phone, at: datetime) -> None:
    nonce, by = new_id(), guard_of(way.home)
    first = check_scan(put.text(at), nonce=nonce, by=by, at=at)
    assert first.answer.verdict is Verdict.GREEN
    again = check_scan(put.text(at + STEP), nonce=nonce, by=by, at=at + STEP)
    assert again.scan.nonce == first.scan.nonce
    assert again.answer.verdict is Verdict.GREEN
    with pytest.raises(NonceTaken):
        check_scan(way.token(), nonce=nonce, by=by, at=at)
    gone = let_through(nonce, by=by, at=at + 3 * STEP)  # the guard compared faces for a minute
    assert gone.scan.action == "let_through"


def test_no_second_look_makes_a_picture_the_live_pass(way: Way, put: Phone, at: datetime) -> None:
    nonce, by = new_id(), guard_of(way.home)
    picture, late = put.text(at), at + timedelta(seconds=90)
    assert check_scan(picture, nonce=nonce, by=by, at=late).answer.code == "PHONE_STALE"
    result = let_through(nonce, by=by, at=late)
    assert (result.scan.action, result.answer.verdict) == ("checked", Verdict.RED)
    naked = check_scan(picture.partition("#")[2].partition(".")[0], nonce=new_id(), by=by, at=at)
    assert naked.answer.code == "PHONE_STALE"
    assert all(found.out_at is None for found in way.passes())


def test_gate_and_check_page_say_what_it_is_on(way: Way, put: Phone, sign_in: SignIn, at: datetime) -> None:
    guard = sign_in(Role.GUARD, gate_id=way.home)
    shown = guard.post("/gate", data={"presented": put.text(at), "nonce": str(new_id())})
    assert "手机动态证" in shown.text
    assert 'data-verdict="go"' in shown.text
    assert "手机动态证" in guard.post("/v", data={"token": put.text(at)}).text
    stale = guard.post("/v", data={"token": put.text(at - timedelta(minutes=2))})
    assert 'data-verdict="stop"' in stale.text
    paper = way.first()
    assert paper.medium == "paper"
    assert "纸质证" in guard.post("/gate", data={"presented": paper.number, "nonce": str(new_id())}).text


def test_back_to_paper_by_oneself(way: Way, put: Phone, client: FlaskClient) -> None:
    own, key = client, key_of(way.city)
    own.post("/w", data={"key": key, "last_four": last_four(), "code": ""})
    record = own.get("/w/record")
    assert "手机动态证" in record.text
    assert key not in record.text, "whoever finds this page open keeps nothing of it"
    ticket = re.search(r'/p#([^"]+)"', record.text)
    assert ticket is not None
    wrong = put.put(ticket[1][:-1], last_four())
    assert code_of(wrong) == "wrong_key"
    assert put.put(ticket[1], "0000").status_code == 422
    assert put.put(ticket[1], last_four()).status_code == 200
    assert own.get("/w/sheet.pdf").status_code == 409
    assert own.get("/w/paper").status_code == 200
    assert own.post("/w/paper").status_code == 303
    assert put.state().json["state"]["now_on"] == "paper"
    assert own.get("/w/sheet.pdf").data.startswith(b"%PDF")


def test_a_number_leads_to_no_key_and_changes_nothing(way: Way, client: FlaskClient) -> None:
    client.post("/w", data={"key": way.first().number, "last_four": last_four(), "code": ""})
    assert "/p#" not in client.get("/w/record").text
    assert client.post("/w/paper").status_code == 403


def test_hr_gives_paper_to_whose_phone_is_lost(way: Way, put: Phone, sign_in: SignIn, at: datetime) -> None:
    hr = sign_in(Role.HR, firm_id=way.city.firm_id)
    found = way.passes()[1]
    listed = hr.get("/passes")
    assert "手机动态证" in listed.text
    assert f"/passes/{found.number}/paper" in listed.text
    assert hr.get(f"/passes/{found.number}/sheet.pdf").status_code == 409
    address = f"/passes/{found.number}/paper"
    assert hr.get(address).status_code == 200
    assert hr.post(address, data={"reason": ""}).status_code == 422
    assert hr.post(address, data={"reason": "手机丢失"}).status_code == 303
    assert put.state().json["state"] == {"word": "replaced", "now_on": "paper", "out_at": None, "in_at": None}
    entry = reading().scalars(select(AuditEntry).where(AuditEntry.action == "pass.reissued")).all()[-1]
    assert json.loads(entry.detail)["reason"] == "手机丢失"
    assert sign_in(Role.HR, firm_id=None).get(address).status_code == 404
    assert broken(at=at) == []


def test_the_page_is_nobodys_and_is_whole_without_network(app: Flask, way: Way, sign_in: SignIn) -> None:
    hr = sign_in(Role.HR, firm_id=way.city.firm_id)
    shown = hr.get("/p").text
    assert "临江精密" not in shown, "the page is kept on a phone: no reader stands in it"
    script = hr.get("/p/worker.js")
    assert script.headers["Service-Worker-Allowed"] == "/p"
    kept = json.loads(re.search(r"const KEPT = (.*);\n", script.text).group(1))  # type: ignore[union-attr]
    asked = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', shown))
    assert asked <= set(kept["files"])
    for address in kept["files"]:
        answer = hr.get(address)
        assert answer.status_code == 200, address
        imported = re.findall(r'from "(\.[^"]+)"', answer.text) if ".js" in address else []
        for name in imported:
            whole = re.sub(r"/\./", "/", re.sub(r"[^/]+$", "", address.partition("?")[0]) + name)
            assert re.sub(r"[^/]+/\.\./", "", whole) in kept["files"], (address, name)


def test_the_clock_a_phone_is_given_is_the_domains(app: Flask, put: Phone) -> None:
    assert put.state().json["server_time"] == int(clock.now().timestamp())
    assert UUID(hex=put.pass_["cti"])  # type: ignore[index]
