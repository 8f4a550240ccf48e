"""The guard's page and the page for anybody: what they show, what they never show, what they cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from resume import clock
from resume.db import new_id, reading, transaction
from resume.evidence.models import CodeRecord, ReviewRecord, TestRecord
from resume.gate.models import MedicalExit, Scan
from resume.gate.operations.scans import check_scan, let_through
from resume.passes.operations import revoke
from resume.places.models import Gate
from resume.roles import Role
from tests.conftest import SignIn
from tests.gate.conftest import Way, guard_of
from tests.passes.city import REVIEWER, add_contact, add_review

#: No screen says these of anybody.
MEDICAL = (
    "阳性结果",
    "待复核",
    "密接",
    "同住人",
    "阴性结果",
    "POSITIVE",
    "REVIEW",
    "CORES",
    "CONTACT",
    "PCR_",
)


@pytest.fixture
def guard(way: Way, sign_in: SignIn) -> FlaskClient:
    """A guard of the home compound."""
    return sign_in(Role.GUARD, gate_id=way.home)


@pytest.fixture
def plant_guard(way: Way, sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.GUARD, gate_id=way.plant)


def shown(client: FlaskClient, presented: str, nonce: UUID | None = None) -> str:
    response = client.post("/gate", data={"presented": presented, "nonce": str(nonce or new_id())})
    assert response.status_code == 200
    return response.get_data(as_text=True)


def move_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "_source", [lambda: moment])


def test_the_idle_desk(guard: FlaskClient) -> None:
    response = guard.get("/gate")
    html = response.get_data(as_text=True)
    assert "春晓苑北门" in html
    assert "输入编号" in html
    assert "紧急就医" in html
    assert "'wasm-unsafe-eval'" in response.headers["Content-Security-Policy"]
    assert "camera=(self)" in response.headers["Permissions-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


def test_a_green_pass_by_typed_number(guard: FlaskClient, way: Way) -> None:
    number = way.first().number
    html = shown(guard, f" {number[:4]}-{number[4:8]} {number[8:].lower()} ")
    for text in ("放行", "✓", "王小明", "临江精密", "→ 一厂", "放行出门", 'data-verdict="go"'):
        assert text in html
    row = reading().scalars(select(Scan)).one()
    assert (row.answer, row.code, row.action, row.pass_id) == ("green", "OK", "checked", way.first().id)
    released = guard.post(f"/gate/{row.nonce}/let-through")
    assert "已登记放行" in released.get_data(as_text=True)
    assert way.first().out_gate_id == way.home
    used = shown(guard, number)
    assert "不可" in used
    assert "4月22日" in used
    assert "春晓苑北门" in used


def test_a_mistyped_number_is_told_and_not_logged(guard: FlaskClient, way: Way) -> None:
    number = way.first().number
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    for typed in (wrong, number[:-1], "", "abc"):
        response = guard.post("/gate", data={"presented": typed, "nonce": str(new_id())})
        assert response.status_code == 422
    assert reading().scalar(select(func.count()).select_from(Scan)) == 0


def test_a_fragment_for_htmx(guard: FlaskClient, way: Way) -> None:
    sent = {"presented": way.token(), "nonce": str(new_id())}
    html = guard.post("/gate", data=sent, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in html
    assert html.lstrip().startswith('<div id="desk"')


def test_sent_twice_reads_the_same(guard: FlaskClient, way: Way) -> None:
    nonce = new_id()
    first = shown(guard, way.token(), nonce)
    assert "放行出门" in first
    guard.post(f"/gate/{nonce}/let-through")
    again = shown(guard, way.token(), nonce)
    assert 'data-verdict="go"' in again
    assert "已登记放行" in again
    assert reading().scalar(select(func.count()).select_from(Scan)) == 1


def test_the_plant_asks_for_the_antigen(plant_guard: FlaskClient, way: Way) -> None:
    nonce = new_id()
    html = shown(plant_guard, way.token(), nonce)
    for text in ("请核", "？", "需现场抗原", "现场抗原为阴性", 'data-verdict="wait"'):
        assert text in html
    unticked = plant_guard.post(f"/gate/{nonce}/let-through")
    assert unticked.status_code == 422
    assert "还没有现场抗原结果" in unticked.get_data(as_text=True)
    ticked = plant_guard.post(f"/gate/{nonce}/let-through", data={"antigen": "negative"})
    assert 'data-verdict="go"' in ticked.get_data(as_text=True)
    assert way.first().in_gate_id == way.plant


def test_observation_at_the_plant(
    plant_guard: FlaskClient, way: Way, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_scan(way.token(), nonce=(first := new_id()), by=guard_of(way.home), at=at)
    let_through(first, by=guard_of(way.home), at=at)
    with transaction():
        add_contact(way.city, 0, at=at + timedelta(hours=1), until=None)
    move_clock(monkeypatch, at + timedelta(hours=2))
    nonce = new_id()
    html = shown(plant_guard, way.token(), nonce)
    assert "请核" in html
    assert "现场抗原为阴性" in html
    admitted = plant_guard.post(f"/gate/{nonce}/let-through", data={"antigen": "negative"}).get_data(
        as_text=True
    )
    assert 'data-verdict="wait"' in admitted
    assert "已登记放行" in admitted
    assert way.first().in_at == at + timedelta(hours=2)


def test_refusing_a_good_pass(guard: FlaskClient, way: Way) -> None:
    nonce = new_id()
    shown(guard, way.token(), nonce)
    assert guard.post(f"/gate/{nonce}/refuse", data={"reason": "NO"}).status_code == 422
    html = guard.post(f"/gate/{nonce}/refuse", data={"reason": "WRONG_PERSON"}).get_data(as_text=True)
    assert "已登记不放行" in html
    assert reading().scalars(select(Scan.refusal)).one() == "WRONG_PERSON"


def test_medical_exit_in_two_taps(guard: FlaskClient) -> None:
    page = guard.get("/gate/medical").get_data(as_text=True)
    assert "放行并登记" in page
    nonce = str(new_id())
    for _ in range(2):
        assert guard.post("/gate/medical", data={"nonce": nonce}).status_code == 303
    assert guard.post("/gate/medical").status_code == 303  # also where a number is missing
    assert reading().scalar(select(func.count()).select_from(MedicalExit)) == 2


def _sick(kind: str, way: Way, at: datetime) -> None:
    """One thing that stands against the worker, of each kind that is nobody's business at the gate."""
    person, ledger = way.city.person_keys[0], {"received_at": at, "intake_id": 1}
    with transaction() as session:
        if kind == "contact":
            add_contact(way.city, 0, at=at, until=None)
        elif kind == "review":
            session.add(
                ReviewRecord(
                    review_id="V9", building_id=way.city.building_id, number_key=way.city.number_keys[0],
                    origin="antigen", opened_at=at, **ledger,
                )
            )  # fmt: skip
        elif kind == "code":
            session.add(CodeRecord(person_key=person, colour="red", changed_at=at, **ledger))
        elif kind == "building":
            add_review(way.city, at=at)
        else:
            session.add(
                TestRecord(
                    record_id="P9", person_key=person, kind="pcr", method="single", source="cdc",
                    sampled_at=at, reported_at=at, result="positive", **ledger,
                )
            )  # fmt: skip


@pytest.mark.parametrize("kind", ["contact", "review", "code", "positive"])
def test_no_screen_holds_medical_detail(
    guard: FlaskClient, client: FlaskClient, way: Way, at: datetime, kind: str
) -> None:
    _sick(kind, way, at)
    nonce = new_id()
    html = shown(guard, way.token(), nonce)
    assert "健康证据不符合要求" in html
    refused = guard.post(f"/gate/{nonce}/refuse", data={"reason": "STATED"}).get_data(as_text=True)
    public = client.post("/v", data={"token": way.token().rsplit("#")[1]}).get_data(as_text=True)
    assert "无效" in public
    for text in (html, refused, public):
        assert [word for word in MEDICAL if word in text] == []
    assert reading().scalars(select(Scan.refusal)).one() in (
        "CONTACT",
        "REVIEW_PENDING",
        "CODE_NOT_GREEN",
        "POSITIVE",
    )


def test_v_for_anybody(client: FlaskClient, way: Way, at: datetime) -> None:
    opened = client.get("/v").get_data(as_text=True)
    assert "扫描" in opened
    html = client.post("/v", data={"token": way.token()}).get_data(as_text=True)
    for text in ("有效", "王*明", "截至", "怎样核对"):
        assert text in html
    assert "王小明" not in html
    fragment = client.post("/v", data={"token": way.token()}, headers={"HX-Request": "true"})
    assert fragment.get_data(as_text=True).lstrip().startswith('<div id="answer"')
    assert reading().scalar(select(func.count()).select_from(Scan)) == 0  # looking leaves no trace
    for nonsense in ("", "A" * 5000, way.first().number, "<b>x</b>"):
        answer = client.post("/v", data={"token": nonsense}).get_data(as_text=True)
        assert "无效" in answer
        assert "王" not in answer
    revoke(way.first().id, reason="test", by=REVIEWER, at=at)
    assert "已撤销" in client.post("/v", data={"token": way.token()}).get_data(as_text=True)


def test_v_is_throttled_by_the_connection(client: FlaskClient, way: Way) -> None:
    for place in range(30):
        forged = {"X-Forwarded-For": f"10.0.0.{place}", "Forwarded": f"for=10.0.1.{place}"}
        assert client.post("/v", data={"token": "A"}, headers=forged).status_code == 200
    refused = client.post("/v", data={"token": way.token()}, headers={"X-Forwarded-For": "10.9.9.9"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    other = client.post("/v", data={"token": way.token()}, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200


def test_statements_of_a_check(
    guard: FlaskClient, client: FlaskClient, way: Way, statements: list[str]
) -> None:
    """All there is to ask, with the guard's session, the log row and the page itself (P4)."""
    token = way.token()
    shown(guard, token)
    counts = {}
    for name, ask in (
        ("scan", lambda: shown(guard, token)),
        ("public", lambda: client.post("/v", data={"token": token})),
        ("nonsense", lambda: client.post("/v", data={"token": "A"})),
    ):
        reading().rollback()
        statements.clear()
        ask()
        counts[name] = len([text for text in statements if not text.startswith(("BEGIN", "SELECT pg_"))])
    # 3 of the evidence (nobody lies in a tube), 1 pass with worker, plan and suspension, 1 of the keys ...
    assert counts["public"] <= 5
    assert counts["nonsense"] == 1
    # ... and session, gate, its buildings, the log row looked for and written; on the page its name, the
    # photo and the desk's word.
    assert counts["scan"] <= 13


def test_a_green_says_what_was_looked_at_in_the_readers_language(guard: FlaskClient, way: Way) -> None:
    told = {}
    for language in ("zh-CN", "en"):
        answer = guard.post(
            "/gate",
            data={"presented": way.token(), "nonce": str(new_id())},
            headers={"Accept-Language": language},
        )
        told[language] = answer.get_data(as_text=True)
    assert "各项条件均符合。" in told["zh-CN"]
    assert "Every condition is met." in told["en"]
    assert "居民身份证" not in told["en"]
    assert 'href="/manifests"' in guard.get("/gate").get_data(as_text=True)  # a compound's gate has a list
    # Without a network evidence is not looked at, and the device does not say that it was.
    package = guard.get("/gate/package", headers={"Accept-Language": "en"}).get_json()
    assert package["words"]["OK"]["reason"] == "Signature, dates and list agree."


def test_gates_are_registered(sign_in: SignIn, way: Way) -> None:
    admin = sign_in(Role.ADMINISTRATOR)
    assert "春晓苑北门" in admin.get("/gates").get_data(as_text=True)
    assert "听涛苑南门" not in admin.get("/gates?q=春晓").get_data(as_text=True)
    found = admin.get("/gates/new?kind=compound&district=310115&q=听涛").get_data(as_text=True)
    assert "梧桐街道 听涛苑" in found
    other = reading().get_one(Gate, way.elsewhere).compound_id
    made = admin.post(
        "/gates/new?kind=compound&district=310115&q=听涛", data={"place": other, "name": "西门"}
    )
    assert made.status_code == 303
    page = admin.get(made.location).get_data(as_text=True)
    gate_id = made.location.rsplit("/", 1)[1]
    assert "西门" in page
    assert f"/accounts/new?gate={gate_id}" in page
    double = admin.post("/gates/new?kind=compound&district=310115", data={"place": other, "name": "西门"})
    assert double.status_code == 409
    plant = admin.post(
        "/gates/new?kind=plant&district=310115", data={"place": way.city.site_id, "name": "西门"}
    )
    assert plant.status_code == 303
    assert admin.post("/gates/new?kind=plant", data={"place": "999", "name": "西门"}).status_code == 422
    assert admin.get("/gates/999").status_code == 404


def test_who_may(app: Flask, client: FlaskClient, sign_in: SignIn, way: Way) -> None:
    assert client.get("/gate").status_code == 303
    assert client.get("/v").status_code == 200
    for role in (Role.STEWARD, Role.AUDITOR, Role.ADMINISTRATOR):
        assert sign_in(role).get("/gate").status_code == 403
    assert sign_in(Role.GUARD, gate_id=way.home).get("/gates").status_code == 403
