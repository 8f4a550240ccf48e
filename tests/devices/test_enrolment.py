"""A phone comes in once by a code, and by nothing else."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update

from resume import audit
from resume.accounts.models import Account
from resume.clock import real_now
from resume.db import db, reading, transaction
from resume.devices import operations
from resume.devices.codes import ALPHABET, Codes, codes_of, read_code
from resume.devices.models import Device, DeviceEnrolment
from resume.refusals import Refusal
from resume.roles import CLI, Role
from resume.web.request_log import configure_logging


def offered(desk, gate_id: int) -> tuple[str, str, str]:
    """Address of the page, the QR's secret, the short code: as the desk sees them."""
    address = desk.post(f"/devices/gates/{gate_id}/enrolments").location
    page = desk.get(address).text
    assert "<svg" in page
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}(?=</p>)", page)[0]
    waiting = reading().scalars(select(DeviceEnrolment).where(DeviceEnrolment.used_at.is_(None))).all()
    codes = next(filter(None, map(codes_of, waiting)))
    assert codes.written == code
    assert codes.secret not in page  # it is in the picture alone
    return address, codes.secret, code


@pytest.mark.parametrize("way", ["secret", "link", "code", "as typed"])
def test_a_phone_is_enrolled_once(desk, phone, gates, way: str) -> None:
    address, secret, code = offered(desk, gates.own)
    typed = {
        "secret": secret,
        "link": f"http://127.0.0.1:8000/gate/enrol#{secret}",
        "code": code,
        "as typed": f" {code.lower().replace('-', ' ')} ",
    }[way]
    guard = phone()
    assert guard.get("/gate/enrol").status_code == 200
    done = guard.post("/gate/enrol", data={"secret": typed})
    assert (done.status_code, done.location) == (303, "/gate")
    page = guard.get("/gate").text
    assert "虚构新村南门 · 设备 1" in page
    assert "退出" not in page
    for again in (secret, code):
        assert phone().post("/gate/enrol", data={"secret": again}).status_code == 422
    assert "设备 1" in desk.get(address).text
    row = reading().scalars(select(DeviceEnrolment)).one()
    assert row.sealed is None


def test_a_guards_work_is_the_phones(as_device, gates) -> None:
    guard = as_device(gates.own)
    assert guard.post("/gate/medical").status_code == 303
    assert guard.post("/gate", data={"presented": "AAAA"}).status_code in (200, 422)
    entry = (
        reading()
        .scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "gate.medical_exit"))
        .one()
    )
    assert (entry.actor, entry.role) == ("device:1", "guard")


def test_the_page_tells_when_it_was_used(desk, phone, gates) -> None:
    address, secret, _code = offered(desk, gates.own)
    htmx = {"HX-Request": "true"}
    assert desk.get(address, headers=htmx).status_code == 204
    phone().post("/gate/enrol", data={"secret": secret})
    fragment = desk.get(address, headers=htmx)
    assert "设备 1" in fragment.text
    assert "hx-trigger" not in fragment.text


def test_all_that_fails_fails_alike(desk, phone, gates, sign_in) -> None:
    """Too old, withdrawn, replaced, of a disabled account, never one: the same words."""
    answers = set()

    def refused(presented: str) -> None:
        answer = phone().post("/gate/enrol", data={"secret": presented})
        answers.add(
            (answer.status_code, re.search(r'class="govuk-error-message".*?</p>', answer.text, re.S)[0])
        )

    address, secret, code = offered(desk, gates.own)
    desk.post(f"{address}/withdrawal")
    refused(secret)
    assert "已失效" in desk.get(address).text
    _address, secret, code = offered(desk, gates.own)
    offered(desk, gates.own)  # a newer one takes its place
    refused(code)
    _address, secret, code = offered(desk, gates.own)
    with transaction() as session:
        session.execute(update(DeviceEnrolment).values(expires_at=real_now()))
    refused(secret)
    _address, secret, code = offered(desk, gates.own)
    with transaction() as session:
        session.execute(update(Account).where(Account.id == desk.account.id).values(is_disabled=True))
    refused(code)
    refused("ABCD-EFGH")
    refused("nothing of ours")
    assert len(answers) == 1
    assert answers.pop()[0] == 422
    assert reading().scalars(select(Device)).all() == []


def test_codes_last_half_an_hour_and_guesses_are_slowed_down(desk, phone, gates) -> None:
    _address, secret, code = offered(desk, gates.own)
    row = reading().scalars(select(DeviceEnrolment)).one()
    assert row.expires_at - row.offered_at == timedelta(minutes=30)
    guesser = phone()
    for _ in range(operations.GUESS.most):
        assert guesser.post("/gate/enrol", data={"secret": "ABCD-EFGH"}).status_code == 422
    blocked = guesser.post("/gate/enrol", data={"secret": code})
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert (
        phone().post("/gate/enrol", data={"secret": secret}, environ_overrides=elsewhere).status_code == 303
    )


def test_of_two_phones_with_one_code_one_wins(app: Flask, gates, at) -> None:
    made = operations.offer(gates.own, by=CLI, at=at, real_at=real_now())
    codes = codes_of(made)
    db.session.rollback()
    together = Barrier(6)

    def come(number: int) -> str:
        with app.app_context():
            try:
                together.wait()
                presented = codes.secret if number % 2 else codes.code
                operations.enrol(presented, address=f"a{number}", agent="", at=at, real_at=real_now())
            except Refusal as refusal:
                return refusal.code
            finally:
                db.session.remove()
            return "in"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(come, range(6)))
    assert answers == ["bad_enrolment"] * 5 + ["in"]
    assert len(reading().scalars(select(Device)).all()) == 1


def test_who_is_signed_in_is_asked_to_sign_out_first(desk, gates, sign_in, phone) -> None:
    _address, secret, _code = offered(desk, gates.own)
    assert "退出账号" in desk.get("/gate/enrol").text
    assert desk.post("/gate/enrol", data={"secret": secret}).status_code == 409
    assert phone().post("/gate/enrol", data={"secret": secret}).status_code == 303


def test_an_account_on_the_phone_comes_first(as_device, gates, sign_in) -> None:
    guard, account = as_device(gates.own), sign_in(Role.GUARD, gate_id=gates.far)
    token = guard.get_cookie("device").value
    account.set_cookie("device", token)
    assert "虚构新村北门" in account.get("/gate").text
    assert account.get("/account").status_code == 200
    account.post("/sign-out")
    assert "虚构新村南门 · 设备 1" in account.get("/gate").text


def test_the_cookie(desk, phone, gates) -> None:
    _address, secret, _code = offered(desk, gates.own)
    cookies = phone().post("/gate/enrol", data={"secret": secret}).headers.getlist("Set-Cookie")
    (cookie,) = [one for one in cookies if one.startswith("device=")]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"):
        assert part in cookie
    token = cookie.split(";")[0].partition("=")[2]
    assert token not in {row.token_hash for row in reading().scalars(select(Device))}


def test_the_cookie_under_https(app: Flask, desk, phone, gates) -> None:
    _address, secret, _code = offered(desk, gates.own)
    app.config["IS_HTTPS"] = True
    cookies = phone().post("/gate/enrol", data={"secret": secret}).headers.getlist("Set-Cookie")
    (cookie,) = [one for one in cookies if one.startswith("__Host-device=")]
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_no_secret_is_in_log_address_audit_or_store(app: Flask, desk, phone, gates) -> None:
    lines = io.StringIO()
    configure_logging(lines)
    address, secret, code = offered(desk, gates.own)
    plain = code.replace("-", "")
    guard = phone()
    guard.post("/gate/enrol", data={"secret": "WRNG-CODE"})
    done = guard.post("/gate/enrol", data={"secret": secret})
    token = guard.get_cookie("device").value
    guard.get("/gate")
    desk.post("/devices/1/revocation", data={"reason": "lost"})
    guard.get("/gate")
    details = [entry.detail for entry in reading().scalars(select(audit.AuditEntry))]
    rows = [*reading().scalars(select(Device)), *reading().scalars(select(DeviceEnrolment))]
    stored = [str(value) for row in rows for value in vars(row).values()]
    everywhere = "\n".join([lines.getvalue(), address, done.location, *details, *stored])
    for hidden in (secret, code, plain, token):
        assert hidden not in everywhere


@pytest.mark.parametrize(
    "typed", ["", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFG0", "ABCD-EFGI", "ＡＢＣＤ－ＥＦＧＨ"]
)
def test_what_reads_as_a_code(typed: str) -> None:
    assert read_code(typed) == ("ABCDEFGH" if typed.startswith("Ａ") else None)
    assert Codes("", "ABCDEFGH").written == "ABCD-EFGH"
    assert not set("01IOL") & set(ALPHABET)
