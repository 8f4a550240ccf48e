"""Every page of the URL map, read by every role: nothing typed runs, nothing of another firm, no traces."""

from __future__ import annotations

import io
import json
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select

from resume.applications.models import Application
from resume.audit import AuditEntry
from resume.db import reading
from resume.jobs import Job, work_once
from resume.passes.models import Pass
from resume.roles import Role
from resume.web.request_log import configure_logging
from tests.conftest import SignIn
from tests.reading import reading_client
from tests.security.conftest import RAW, Address, Owned, rules_for

ROLES: list[Role | None] = [None, *Role]
#: Records of one firm or district; the others are named by people who may see all of them.
OF_SOMEBODY = {
    "version_id", "list_id", "worker_id", "application_id", "batch_id", "number", "nonce", "building_id",
    "decision_id", "attachment_id", "bad_row_id", "objection_id", "part_id", "invitation_id",
    "registration_id", "list_upload_id", "manifest_id", "exit_id", "device_number",
    "enrolment_id",
}  # fmt: skip
PERSONAL = ("王小明", "319999", "13800000000")


def written() -> tuple[int, int]:
    """How much was ever changed: audit rows, and revisions of cases."""
    return (
        reading().scalar(select(func.count()).select_from(AuditEntry)) or 0,
        reading().scalar(select(func.sum(Application.revision))) or 0,
    )


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_is_safe(
    app: Flask, owned: dict[str, Owned], sign_in: SignIn, address: Address, role: Role | None
) -> None:
    own = owned["A"]
    client = sign_in(role, **own.scopes.get(role, {})) if role else reading_client(app)
    before, lines, wrong, shown = written(), io.StringIO(), [], 0
    configure_logging(lines)
    for rule in rules_for(app, role, "GET"):
        answer = client.get(address(rule, own.values))
        body = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        shown += "onclick=A" in body
        faults = {
            "status": answer.status_code not in (200, 302, 303, 409),
            "markup": RAW in body,
            "other firm": role in own.scopes and "onclick=B" in body,
            "policy": "default-src 'none'" not in answer.headers["Content-Security-Policy"],
            "framing": "frame-ancestors 'none'" not in answer.headers["Content-Security-Policy"],
            "sniffing": answer.headers["X-Content-Type-Options"] != "nosniff",
            "referrer": answer.headers["Referrer-Policy"] != "same-origin",
            "kept": rule.endpoint not in OPEN_LISTS and "no-store" not in answer.headers["Cache-Control"],
        }
        wrong += [f"{rule.rule}: {name}" for name, is_wrong in faults.items() if is_wrong]
    assert wrong == []
    assert shown or role not in own.scopes  # the attack is on the pages, as text
    assert written() == before
    log = lines.getvalue()
    assert log
    assert not [text for text in (*PERSONAL, "onclick", own.values["number"]) if text in log]


#: Meant to be kept by caches: public and signed, or an application's own files without a person in them.
OPEN_LISTS = {
    "passes.keys", "passes.status_list", "passes.status_lists", "language.switch", "gate.app_file",
    "gate.shell", "gate.worker_script", "gate.manifest", "phone.worker",
}  # fmt: skip


@pytest.mark.parametrize("role", [Role.HR, Role.REVIEWER, Role.SIGN_OFF, Role.STREET, Role.GUARD], ids=str)
def test_what_is_anothers_is_not_found(
    app: Flask, owned: dict[str, Owned], sign_in: SignIn, address: Address, role: Role
) -> None:
    own, foreign = owned["A"], owned["B"]
    client = sign_in(role, **own.scopes[role])
    before, wrong, asked = written(), [], 0
    for method in ("GET", "POST"):
        for rule in rules_for(app, role, method):
            for name in OF_SOMEBODY & rule.arguments:
                values = own.values | {name: foreign.values[name]}
                asked += 1
                form = {"revision": "3", "reason": "WRONG_PERSON"}
                answer = client.open(address(rule, values), method=method, data=form)
                if answer.status_code != 404 or "onclick=B" in answer.text:
                    wrong.append(f"{method} {rule.rule} ({name}): {answer.status_code}")
    assert asked
    assert wrong == []
    assert written() == before


def test_an_archive_holds_the_firms_own_sheets(owned: dict[str, Owned], sign_in: SignIn) -> None:
    while work_once():
        pass
    archive = sign_in(Role.HR, **owned["A"].scopes[Role.HR]).get("/passes/sheets.zip")
    names = ZipFile(io.BytesIO(archive.data)).namelist()
    assert names == [f"{owned['A'].values['number']}.pdf"]


def test_a_revocation_by_number_stays_in_the_district(owned: dict[str, Owned], sign_in: SignIn) -> None:
    client = sign_in(Role.REVIEWER, **owned["A"].scopes[Role.REVIEWER])
    number = owned["B"].values["number"]
    assert client.post("/passes/revocation", data={"number": number, "reason": "测试"}).status_code == 404
    foreign = reading().scalars(select(Pass).where(Pass.number == number)).one()
    assert foreign.revoked_at is None


def test_a_release_leaves_out_what_is_anothers(owned: dict[str, Owned], sign_in: SignIn) -> None:
    foreign = reading().scalars(select(Pass.id).where(Pass.number == owned["B"].values["number"])).one()
    before = written()
    client = sign_in(Role.REVIEWER, **owned["A"].scopes[Role.REVIEWER])
    client.post("/passes/releases", data={"pass": [str(foreign), "nonsense", ""]})
    assert written() == before


def test_audit_and_jobs_hold_no_personal_data(owned: dict[str, Owned]) -> None:
    texts = [*reading().scalars(select(AuditEntry.detail)), *reading().scalars(select(Job.payload))]
    texts += [*reading().scalars(select(AuditEntry.subject)), *reading().scalars(select(Job.key))]
    assert texts
    assert not [text for text in texts for part in PERSONAL if part in text]
    names = {name for payload in reading().scalars(select(Job.payload)) for name in json.loads(payload)}
    assert names == {"pass", "upload", "mail", "exit"}
