"""What a phone believes without the server: the newest signed list, whatever else it is given."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from playwright.sync_api import Page, Route, expect

from resume import clock
from resume.applications.models import Application
from resume.credential.status import mint_status_list, open_status_list
from resume.credential.token import parse
from resume.db import reading
from resume.passes.keys import key_set, status_signer
from resume.passes.models import Pass
from resume.passes.operations import revoke
from resume.roles import Actor, Role
from tests.browser.conftest import home_of
from tests.browser.gate.phone import STORE, Phone, Server, at_the_gate, ready, scan, sees


def test_a_revoked_pass_is_refused_once_its_list_is_there(
    phone: Phone, server: Server, tokens: list[str]
) -> None:
    page = at_the_gate(phone, server)
    cti = parse(tokens[4]).claims.cti
    with home_of(server.environment):
        case = reading().get_one(Application, reading().get_one(Pass, UUID(bytes=cti)).application_id)
        reviewer = Actor("reviewer", Role.REVIEWER, district_code=case.district_code)
        revoke(UUID(bytes=cti), reason="test", by=reviewer, at=clock.now())
    page.goto(f"{phone.url}/gate")
    ready(page)
    server.kill()
    scan(phone, page, tokens[4])
    sees(page, "stop")
    expect(page.locator(".gate-verdict__source")).to_contain_text("离线核验")
    expect(page.locator(".gate-verdict__reason")).to_contain_text("撤销")


def test_a_list_that_is_replayed_or_forged_lets_nobody_through(
    phone: Phone, server: Server, tokens: list[str]
) -> None:
    page = at_the_gate(phone, server)
    claims = parse(tokens[5]).claims
    address = claims.status_uri
    before = page.request.get(address).body()
    with home_of(server.environment):
        found = reading().get_one(Pass, UUID(bytes=claims.cti))
        case = reading().get_one(Application, found.application_id)
        reviewer = Actor("reviewer", Role.REVIEWER, district_code=case.district_code)
        revoke(found.id, reason="test", by=reviewer, at=clock.now())
    page.goto(f"{phone.url}/gate")
    ready(page)
    kept = page.evaluate(STORE, ["lists", address, None])
    with home_of(server.environment):
        known = open_status_list(before, key_set(), uri=address, at=clock.now())
        # Times are whole seconds: this one was made just before the revocation, and in the same second.
        moment = datetime.fromtimestamp(kept["issuedAt"], UTC)
        same_second = mint_status_list(
            {},
            uri=address,
            issued_at=moment,
            expires_at=known.expires_at,
            ttl=known.ttl,
            changes=known.changes,
            signer=status_signer(at=moment),
        )
    forged = before[:-1] + bytes([before[-1] ^ 1])
    for body, words in ((before, "名单"), (same_second, "名单"), (forged, "签名不对")):
        given = instead(page, address, body)
        page.goto(f"{phone.url}/gate")
        ready(page)
        expect(page.locator("#gate-lists")).to_contain_text(words)
        assert given, "the device asked the server itself"
        page.unroute(address)
    server.kill()
    scan(phone, page, tokens[5])
    sees(page, "stop")
    expect(page.locator(".gate-verdict__source")).to_contain_text("离线核验")


def instead(page: Page, address: str, body: bytes) -> list[str]:
    """Somebody between phone and server answers for it; what he was asked."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=body, headers={"ETag": '"another"'}, content_type="application/statuslist+cwt")

    page.route(address, answer)
    return asked
