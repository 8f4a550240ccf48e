"""A person looked up by his document: his pass, or his own evidence. Unknown is never green."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from resume.audit import AuditEntry
from resume.credential.views import Advice, Verdict
from resume.db import joined, new_id, reading, transaction
from resume.evidence.models import CodeRecord, ReviewRecord, TestRecord
from resume.gate import lanes
from resume.gate.models import Scan
from resume.gate.operations.gates import register_city_gate
from resume.gate.operations.lookups import look_up
from resume.gate.operations.scans import (
    AlreadyActed,
    AntigenMissing,
    NonceTaken,
    ScanResult,
    check_scan,
    let_through,
    refuse,
)
from resume.passes.models import Pass
from resume.people.documents import Document, DocumentType, check_character, parse_document
from resume.people.identify import keys_of, remember
from resume.places.models import Gate
from resume.policy import policy_at
from resume.roles import Actor, Role
from tests.conftest import SignIn
from tests.gate.conftest import Way, guard_of
from tests.passes.city import DISTRICT

ADMIN = Actor("admin", Role.ADMINISTRATOR)


def document(serial: int = 1) -> Document:
    """Of the invented address code 319999."""
    body = f"31999919900101{serial:03d}"
    found = parse_document(DocumentType.RESIDENT_ID, body + check_character(body))
    assert isinstance(found, Document)
    return found


def add_person(
    found: Document, *, at: datetime, pcr: timedelta | None = None, antigen: timedelta | None = None
) -> bytes:
    """Somebody of no firm, with a green code; his tests so old."""
    keys = keys_of(found)
    ledger = {"received_at": at, "intake_id": 1, "person_key": keys.key}
    with transaction() as session:
        remember([(keys, found)])
        session.add(CodeRecord(**ledger, colour="green", changed_at=at - timedelta(days=9), reason=""))
        for kind, age in (("pcr", pcr), ("antigen", antigen)):
            if age is not None:
                session.add(
                    TestRecord(
                        **ledger,
                        record_id=f"{kind}-{found.number}",
                        kind=kind,
                        method="single" if kind == "pcr" else None,
                        sampled_at=at - age,
                        reported_at=at - age,
                        result="negative",
                        source="lab",
                    )
                )
    return keys.key


def seen_by(gate_id: int, found: Document, *, at: datetime, lane: str = "", **more: bool) -> ScanResult:
    return look_up(found, lane=lane, nonce=new_id(), by=guard_of(gate_id), at=at, **more)


@pytest.fixture
def city_gate(way: Way, at: datetime) -> int:
    return register_city_gate(district_code=DISTRICT, name="沪东站进站口", by=ADMIN, at=at).id


def said(result: ScanResult) -> tuple[Verdict, str, Advice]:
    return result.answer.verdict, result.answer.code, result.answer.advice


def test_mobile_staff_come_in_on_a_pcr_of_24_hours(way: Way, at: datetime) -> None:
    found = document()
    key = add_person(found, at=at, pcr=timedelta(hours=24))
    result = seen_by(way.home, found, lane="in", at=at)
    assert said(result) == (Verdict.GREEN, "OK", Advice.LET_THROUGH)
    row = result.scan
    assert (row.lane, row.pass_id, row.person_key) == ("in", None, key)
    # One second later it is too old; judged again at the gate, not by what was green before.
    late = let_through(row.nonce, by=guard_of(way.home), at=at + timedelta(seconds=1))
    assert (late.answer.verdict, late.answer.code) == (Verdict.RED, "PCR_EXPIRED")
    assert late.scan.action == "checked"
    done = let_through(row.nonce, by=guard_of(way.home), at=at)
    assert (done.scan.action, done.scan.acted_at) == ("let_through", at)
    actions = reading().scalars(select(AuditEntry.action)).all()
    assert actions.count("gate.let_through") == 1
    assert let_through(row.nonce, by=guard_of(way.home), at=at).scan.action == "let_through"
    assert found.number not in str(reading().scalars(select(AuditEntry.detail)).all())


def test_a_review_of_his_own_stops_him(way: Way, at: datetime) -> None:
    found = document()
    add_person(found, at=at, pcr=timedelta(hours=2))
    with transaction():
        joined().add(
            ReviewRecord(
                review_id="V9",
                building_id=way.city.building_id,
                number_key=keys_of(found).number_key,
                origin="antigen",
                opened_at=at,
                received_at=at,
                intake_id=1,
            )
        )
    result = seen_by(way.home, found, lane="in", at=at)
    assert said(result) == (Verdict.RED, "REVIEW_PENDING", Advice.REFUSE)
    assert let_through(result.scan.nonce, by=guard_of(way.home), at=at).scan.action == "checked"


def test_whoever_nobody_knows_is_never_green(way: Way, city_gate: int, at: datetime) -> None:
    """Not known is amber: in each lane, with all that a guard can add."""
    stranger = document(800)
    for gate_id, lane in ((way.home, "out"), (way.home, "in"), (way.plant, "in"), (way.plant, "out")):
        result = seen_by(gate_id, stranger, lane=lane, at=at)
        assert (result.answer.verdict, result.answer.advice) == (Verdict.AMBER, Advice.ASK_STREET_DESK)
    result = seen_by(city_gate, stranger, at=at, has_consent=True)
    assert result.answer.verdict is Verdict.AMBER
    assert set(result.answer.reasons) == {"PCR_NONE", "AG_EXPIRED", "CODE_UNKNOWN"}
    again = let_through(result.scan.nonce, antigen="negative", by=guard_of(city_gate), at=at)
    assert (again.scan.action, again.answer.verdict) == ("checked", Verdict.AMBER)


def test_leaving_the_city(way: Way, city_gate: int, at: datetime) -> None:
    """PCR 48 h and antigen 24 h; the zone is not known, so a consent or statement on paper is asked for."""
    found = document()
    add_person(found, at=at, pcr=timedelta(hours=48), antigen=timedelta(hours=24))
    unknown = seen_by(city_gate, found, at=at)
    assert said(unknown) == (Verdict.AMBER, "ZONE_CONSENT", Advice.ASK_STREET_DESK)
    assert let_through(unknown.scan.nonce, by=guard_of(city_gate), at=at).scan.action == "checked"
    consented = seen_by(city_gate, found, at=at, has_consent=True)
    assert said(consented) == (Verdict.GREEN, "OK", Advice.LET_THROUGH)
    assert consented.scan.consented_at == at
    # A second later both are too old: a test on the spot does not mend the PCR.
    later = at + timedelta(seconds=1)
    stale = seen_by(city_gate, found, at=later, has_consent=True)
    assert set(stale.answer.reasons) == {"PCR_EXPIRED", "AG_EXPIRED"}
    assert stale.answer.verdict is Verdict.RED


def test_an_antigen_on_the_spot_at_the_exit(way: Way, city_gate: int, at: datetime) -> None:
    found = document()
    add_person(found, at=at, pcr=timedelta(hours=5))
    guard = guard_of(city_gate)
    result = seen_by(city_gate, found, at=at, has_consent=True)
    assert said(result) == (Verdict.AMBER, "AG_EXPIRED", Advice.TEST_ANTIGEN)
    with pytest.raises(AntigenMissing):
        let_through(result.scan.nonce, by=guard, at=at)
    later = at + timedelta(minutes=20)
    done = let_through(result.scan.nonce, antigen="negative", by=guard, at=later).scan
    assert (done.action, done.antigen, done.antigen_at, done.lane) == (
        "let_through",
        "negative",
        later,
        "out",
    )
    other = seen_by(city_gate, found, at=at, has_consent=True)
    refused = refuse(other.scan.nonce, reason="AG_POSITIVE", by=guard, at=later).scan
    assert (refused.antigen, refused.antigen_at, refused.refusal) == ("positive", later, "AG_POSITIVE")
    with pytest.raises(AlreadyActed):
        let_through(other.scan.nonce, antigen="negative", by=guard, at=later)


def test_the_pass_of_a_person_answers_as_if_scanned(way: Way, at: datetime) -> None:
    found = document()
    key = add_person(found, at=at)
    assert said(seen_by(way.home, found, at=at)) == (Verdict.RED, "NOT_LISTED", Advice.REFUSE)
    with transaction() as session:
        session.get_one(Pass, way.first().id).person_key = key
    result = seen_by(way.home, found, at=at)
    scanned = check_scan(way.token(), nonce=new_id(), by=guard_of(way.home), at=at)
    assert (result.answer.verdict, result.answer.claims) == (Verdict.GREEN, scanned.answer.claims)
    assert result.scan.pass_id == way.first().id
    let_through(result.scan.nonce, by=guard_of(way.home), at=at)
    assert way.first().out_at == at
    assert seen_by(way.home, found, at=at).answer.code == "USED"
    assert seen_by(way.elsewhere, found, at=at).answer.code == "WRONG_GATE"


def test_a_pass_in_a_lane_of_another_profile(way: Way, city_gate: int, at: datetime) -> None:
    """Scanned in the wrong lane it is refused, and stays so when it is let through by hand."""
    for gate_id, lane in ((way.home, "in"), (way.plant, "out"), (city_gate, "out")):
        guard = guard_of(gate_id)
        result = check_scan(way.token(), nonce=new_id(), lane=lane, by=guard, at=at)
        assert (result.answer.verdict, result.answer.code) == (Verdict.RED, "WRONG_GATE")
        assert let_through(result.scan.nonce, by=guard, at=at).scan.action == "checked"
    assert way.first().out_at is None


def test_a_look_up_sent_again_is_one_row(way: Way, at: datetime) -> None:
    found, nonce, guard = document(), new_id(), guard_of(way.home)
    first = look_up(found, lane="in", nonce=nonce, by=guard, at=at)
    assert look_up(found, lane="in", nonce=nonce, by=guard, at=at).scan.nonce == first.scan.nonce
    with pytest.raises(NonceTaken):
        look_up(document(800), lane="in", nonce=nonce, by=guard, at=at)
    assert len(reading().scalars(select(Scan)).all()) == 1


def post(client: FlaskClient, number: str, **more: str) -> tuple[int, str]:
    data = {"document_type": "resident_id", "document_number": number, "nonce": str(new_id())} | more
    response = client.post("/gate/document", data=data)
    return response.status_code, response.get_data(as_text=True)


def test_the_page_never_shows_the_number_and_no_health(
    way: Way, at: datetime, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    guard = sign_in(Role.GUARD, gate_id=way.home)
    assert "证件查验" in guard.get("/gate").get_data(as_text=True)
    form = guard.get("/gate/document").get_data(as_text=True)
    assert "进小区" in form
    assert "书面同意" not in form  # asked for where people leave the city
    found = document()
    add_person(found, at=at, pcr=timedelta(hours=30))
    status, html = post(guard, found.number, lane="in")
    assert status == 200
    for text in ("核酸已超24小时", "按证件号码查到", 'data-verdict="stop"'):
        assert text in html
    wrong = found.number[:-1] + ("0" if found.number[-1] != "0" else "1")
    status, refused = post(guard, wrong, lane="in")
    assert status == 422
    assert "校验位" in refused
    assert wrong not in refused
    assert found.number not in html + capsys.readouterr().out
    assert len(reading().scalars(select(Scan)).all()) == 1
    with transaction() as session:
        session.query(CodeRecord).filter_by(person_key=keys_of(found).key).update({"colour": "red"})
    _, red = post(guard, found.number, lane="in")
    assert "健康证据不符合要求" in red
    assert "随申码不是绿码" not in red.split('<div class="gate-actions">')[0]


def test_the_lane_is_kept_for_the_next_page(way: Way, sign_in: SignIn) -> None:
    guard = sign_in(Role.GUARD, gate_id=way.plant)
    html = guard.post("/gate", data={"presented": way.token(), "nonce": str(new_id()), "lane": "out"})
    assert "返家须凭轮换通行证" in html.get_data(as_text=True)
    assert 'value="out" form="scan" checked' in guard.get("/gate").get_data(as_text=True)
    back = guard.post("/gate", data={"presented": way.token(), "nonce": str(new_id()), "lane": "in"})
    assert "需现场抗原" in back.get_data(as_text=True)
    assert 'value="in" form="scan" checked' in guard.get("/gate").get_data(as_text=True)


def test_look_ups_are_few_and_failures_fewer(app: Flask, way: Way, sign_in: SignIn, at: datetime) -> None:
    guard = sign_in(Role.GUARD, gate_id=way.home)
    for place in range(5):
        assert post(guard, document(800 + place).number, lane="in")[0] == 200
    response = guard.post("/gate/document", data={"document_type": "resident_id"})
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 60
    other = sign_in(Role.GUARD, gate_id=way.elsewhere)
    assert post(other, document().number, lane="in")[0] == 200


def test_statements_of_a_look_up(way: Way, at: datetime, statements: list[str]) -> None:
    found = document()
    add_person(found, at=at, pcr=timedelta(hours=2))
    reading().rollback()
    statements.clear()
    seen_by(way.home, found, lane="in", at=at)
    counted = [text for text in statements if not text.startswith(("BEGIN", "SELECT pg_"))]
    assert len(counted) <= 11


def test_a_city_gate_is_registered(sign_in: SignIn, way: Way) -> None:
    admin = sign_in(Role.ADMINISTRATOR)
    address = f"/gates/new?kind=city&district={DISTRICT}"
    assert "梧桐街道" in admin.get(address).get_data(as_text=True)
    made = admin.post(address, data={"name": "沪东站进站口", "street": "梧桐街道"})
    assert made.status_code == 303
    html = admin.get(made.location).get_data(as_text=True)
    for text in ("出城口", "梧桐街道", "离沪"):
        assert text in html
    assert admin.post(address, data={"name": "沪东站进站口"}).status_code == 409
    assert admin.post(address, data={"name": "别处", "street": "没有的街道"}).status_code == 422


def test_lanes_are_data_and_the_antigen_is_the_policys(
    way: Way, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of(gate_id: int) -> list[tuple[str, str, bool]]:
        found = lanes.lanes_of(reading().get_one(Gate, gate_id), at=at)
        return [(lane.direction, lane.profile, lane.antigen_required) for lane in found]

    assert of(way.home) == [("out", "RTW", False), ("in", "MOVER", False)]
    assert of(way.plant) == [("in", "RTW", True), ("out", "ROTATE", False)]
    policy = policy_at(at)
    rtw = policy.profile("RTW")
    off = replace(rtw.terms.antigen_at_plant, value="off")
    other = replace(rtw, terms=replace(rtw.terms, antigen_at_plant=off))
    changed = replace(policy, profiles=dict(policy.profiles) | {"RTW": other})
    monkeypatch.setattr(lanes, "policy_at", lambda _at: changed)
    assert of(way.plant)[0] == ("in", "RTW", False)
