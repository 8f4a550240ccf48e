"""Desks see their own gates' phones alone; what is revoked or silent opens nothing, and is told so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from resume import audit
from resume.clock import real_now
from resume.db import reading, transaction
from resume.devices import operations
from resume.devices.codes import codes_of
from resume.devices.lifecycle import SILENCE
from resume.devices.models import Device
from resume.roles import Role
from tests.devices.conftest import DISTRICT, STREET


def test_a_street_has_its_own_gates(desk, gates, as_device) -> None:
    page = desk.get("/devices").text
    assert "虚构新村南门" in page
    assert "一厂东门" in page  # a plant that no street has: any desk of the district
    assert "虚构电驱" in page  # gates of many plants have one name
    assert "西门" not in page
    assert "北门" not in page
    assert "一厂" not in desk.get("/devices?q=南").text
    for foreign in (gates.foreign, gates.far):
        number = as_device(foreign).device.number
        made = operations.offer(foreign, by=operations.CLI, at=real_now(), real_at=real_now())
        for path in (f"/devices/gates/{foreign}", f"/devices/{number}", f"/devices/enrolments/{made.id}"):
            assert desk.get(path).status_code == 404, path
        for path in (
            f"/devices/gates/{foreign}/enrolments",
            f"/devices/{number}/name",
            f"/devices/enrolments/{made.id}/withdrawal",
        ):
            assert desk.post(path, data={"label": "x"}).status_code == 404, path
        assert desk.post(f"/devices/{number}/revocation", data={"reason": "lost"}).status_code == 404
        assert codes_of(made) is not None


def test_an_administrator_has_all(sign_in, gates, as_device) -> None:
    root, number = sign_in(Role.ADMINISTRATOR), as_device(gates.far).device.number
    page = root.get(f"/gates/{gates.far}").text
    assert f"/devices/{number}" in page
    made = root.post(f"/devices/gates/{gates.far}/enrolments")
    assert "<svg" in root.get(made.location).text
    assert made.location in root.get(f"/gates/{gates.far}").text
    done = root.post(f"/devices/{number}/revocation", data={"reason": "moved"})
    assert done.location == f"/gates/{gates.far}"


def test_the_code_is_shown_to_who_made_it(desk, sign_in, gates) -> None:
    address = desk.post(f"/devices/gates/{gates.own}/enrolments").location
    colleague = sign_in(Role.STREET, district_code=DISTRICT, street=STREET)
    assert "<svg" not in colleague.get(address).text.split("</header>")[1]
    assert "只给生成它的人看" in colleague.get(address).text


def test_statements_do_not_grow_with_gates(desk, gates, as_device, statements: list[str]) -> None:
    desk.get("/devices")

    def count() -> int:
        reading().rollback()
        statements.clear()
        desk.get("/devices")
        return len([text for text in statements if not text.startswith(("BEGIN", "SELECT pg_"))])

    before = count()
    for _ in range(3):
        as_device(gates.own)
        as_device(gates.shared)
    assert count() == before


def test_a_phone_is_named_and_revoked(desk, gates, as_device) -> None:
    guard = as_device(gates.own)
    assert guard.get("/gate").status_code == 200
    assert desk.post("/devices/1/name", data={"label": "岗亭 1 号机"}).status_code == 303
    assert desk.post("/devices/1/name", data={"label": "长" * 41}).status_code == 422
    assert "岗亭 1 号机" in desk.get(f"/devices/gates/{gates.own}").text
    assert desk.post("/devices/1/revocation", data={}).status_code == 422
    assert guard.get("/gate").status_code == 200
    assert desk.post("/devices/1/revocation", data={"reason": "lost"}).status_code == 303
    refused = guard.get("/gate")
    assert (refused.status_code, refused.headers["X-Refusal"]) == (401, "device_ended")
    assert "重新登记这部手机" in refused.text
    assert guard.post("/gate/medical").status_code == 401
    assert guard.post("/gate", data={"presented": "x"}, headers={"HX-Request": "true"}).status_code == 401
    assert guard.get("/account").location.startswith("/sign-in")  # as for anybody
    assert guard.get("/v").status_code == 200
    assert desk.post("/devices/1/revocation", data={"reason": "lost"}).status_code == 409
    assert "丢失或被盗" in desk.get("/devices/1").text
    actions = list(reading().scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.seq)))
    assert actions[-2:] == ["device.renamed", "device.revoked"]


def test_the_same_phone_comes_back_as_another_device(desk, gates, as_device) -> None:
    """Its queue is in the phone: what it still holds is uploaded under the new number."""
    guard = as_device(gates.own)
    desk.post("/devices/1/revocation", data={"reason": "moved"})
    for ended_before in (True, False):
        made = operations.offer(gates.own, by=operations.CLI, at=real_now(), real_at=real_now())
        assert guard.post("/gate/enrol", data={"secret": codes_of(made).code}).status_code == 303
        assert guard.get("/gate").status_code == 200
        newest = reading().scalars(select(Device).order_by(Device.number.desc())).first()
        before = reading().get_one(Device, newest.replaces_id)
        assert before.number == newest.number - 1
        assert before.revoked_reason == ("moved" if ended_before else "enrolled_again")
        assert f"设备 {before.number}" in desk.get(f"/devices/{newest.number}").text


def test_a_silent_phone_is_none_of_ours(desk, gates, as_device) -> None:
    guard = as_device(gates.own)
    long_ago = real_now() - SILENCE
    with transaction() as session:
        session.execute(update(Device).values(last_seen_at=long_ago))
    assert guard.get("/gate").status_code == 401
    assert "90 天未用" in desk.get("/devices/1").text


def test_use_is_noted_and_renews_the_cookie(gates, as_device, statements: list[str]) -> None:
    guard = as_device(gates.own)
    with transaction() as session:
        session.execute(update(Device).values(last_seen_at=real_now() - timedelta(days=80)))
    renewed = guard.get("/gate")
    assert any(one.startswith("device=") for one in renewed.headers.getlist("Set-Cookie"))
    assert real_now() - reading().scalars(select(Device)).one().last_seen_at < timedelta(minutes=1)
    statements.clear()
    again = guard.get("/gate")
    assert not any(one.startswith("device=") for one in again.headers.getlist("Set-Cookie"))
    assert not [text for text in statements if text.startswith("UPDATE")]


def test_a_phone_without_account_posts_with_a_token_of_its_browser(app, gates, as_device) -> None:
    guard = as_device(gates.own)
    app.config["WTF_CSRF_ENABLED"] = True
    assert guard.post("/gate/medical").status_code == 400
    page = guard.get("/gate").text
    token = page.partition('"X-CSRFToken": "')[2].partition('"')[0]
    assert guard.post("/gate/medical", data={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize("path", ["/account", "/account/email", "/signed-in"])
def test_pages_of_accounts_are_closed_in_words(gates, as_device, path: str) -> None:
    answer = as_device(gates.own).get(path)
    assert answer.status_code == 403
    assert "门岗设备" in answer.text
