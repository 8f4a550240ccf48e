"""Pages of passes: the firm's own, downloads, releases, revocation; the open lists."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from zipfile import ZipFile

from flask.testing import FlaskClient
from sqlalchemy import select

from resume.credential.keys import open_key_list
from resume.credential.status import StatusBits, open_status_list
from resume.db import reading, transaction
from resume.jobs import work_once
from resume.passes.drafts import status_uri
from resume.passes.keys import ISSUER, key_set, status_signer
from resume.passes.models import Pass
from resume.passes.reassess import Scope, reassess
from resume.review.operations import sign_off
from resume.roles import CLI, Role
from tests.conftest import SignIn
from tests.passes.city import DISTRICT, SIGNER, add_case, add_contact
from tests.passes.conftest import MakeCity


def test_hr_sees_and_downloads_its_own_passes(city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    city = city_of(workers=2)
    other = city_of(workers=1, firm=2)
    for each in (city, other):
        sign_off(each.application_id, revision=2, by=SIGNER, at=at)
    numbers = {
        firm: reading().scalars(select(Pass.number).where(Pass.firm_id == firm)).all()
        for firm in (city.firm_id, other.firm_id)
    }
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    assert hr.get("/passes/sheets.zip").status_code == 409
    page = hr.get("/passes")
    assert all(number in page.text for number in numbers[city.firm_id])
    assert numbers[other.firm_id][0] not in page.text
    assert "制作中" in page.text
    sheet = hr.get(f"/passes/{numbers[city.firm_id][0]}/sheet.pdf")
    assert sheet.data.startswith(b"%PDF")
    assert sheet.headers["Content-Disposition"] == f'attachment; filename="{numbers[city.firm_id][0]}.pdf"'
    assert sheet.data == hr.get(f"/passes/{numbers[city.firm_id][0]}/sheet.pdf").data
    assert hr.get(f"/passes/{numbers[other.firm_id][0]}/sheet.pdf").status_code == 404
    assert hr.get("/passes/000000000000X/sheet.pdf").status_code == 404
    while work_once():
        pass
    archive = ZipFile(io.BytesIO(hr.get("/passes/sheets.zip").data))
    assert sorted(archive.namelist()) == sorted(f"{number}.pdf" for number in numbers[city.firm_id])
    assert archive.read(f"{numbers[city.firm_id][0]}.pdf") == sheet.data
    assert "制作中" not in hr.get("/passes?status=active").text


def test_hr_reads_health_reasons_as_one(city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    with transaction():
        add_contact(city, 0, at=at, until=None)
        reassess(scope=Scope(person_keys=frozenset(city.person_keys)), at=at, by=CLI)
    page = sign_in(Role.HR, firm_id=city.firm_id).get("/passes?status=suspended")
    assert "健康证据" in page.text
    assert "密接" not in page.text


def test_a_reviewer_releases_what_is_eligible(city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    city = city_of(workers=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    with transaction():
        add_contact(city, 0, at=at - timedelta(hours=2), until=at)
        add_contact(city, 1, at=at - timedelta(hours=2), until=None)
        reassess(scope=Scope(person_keys=frozenset(city.person_keys)), at=at - timedelta(hours=1), by=CLI)
    held = reading().scalars(select(Pass).where(Pass.is_suspended.is_(True))).all()
    assert len(held) == 2
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    page = reviewer.get("/passes/releases")
    assert page.text.count('type="checkbox"') == 1
    done = reviewer.post("/passes/releases", data={"pass": [str(found.id) for found in held] + ["x"]})
    assert done.status_code == 303
    assert "已恢复 1 张；1 张现在不符合条件" in reviewer.get(done.location).text


def test_a_reviewer_revokes_by_number(city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    city = city_of(workers=1)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    number = reading().scalars(select(Pass.number)).one()
    reviewer = sign_in(Role.REVIEWER, district_code=DISTRICT)
    assert reviewer.get("/passes/revocation").status_code == 200
    wrong = reviewer.post("/passes/revocation", data={"number": number[:-1] + "?", "reason": "冒用证件"})
    assert wrong.status_code == 422
    done = reviewer.post("/passes/revocation", data={"number": number.lower(), "reason": "冒用证件"})
    assert done.status_code == 303
    again = reviewer.post("/passes/revocation", data={"number": number, "reason": "冒用证件"})
    assert again.status_code == 409


def test_the_lists_are_open_and_follow_at_once(city_of: MakeCity, client: FlaskClient, at: datetime) -> None:
    city = city_of(workers=2)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    found = reading().scalars(select(Pass)).first()
    assert found is not None
    index, uri = found.status_index, status_uri(0)
    first = client.get("/status/0")
    assert first.mimetype == "application/statuslist+cwt"
    opened = open_status_list(first.data, key_set(), uri=uri, at=at)
    assert opened.status_at(index) is StatusBits.VALID
    before = opened.changes
    unchanged = client.get("/status/0", headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status_code == 304
    with transaction():
        add_case(city, at=at)
        reassess(scope=Scope(building_ids=frozenset(city.building_ids)), at=at, by=CLI)
    second = client.get("/status/0", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    opened = open_status_list(second.data, key_set(), uri=uri, at=at)
    assert opened.status_at(index) is StatusBits.SUSPENDED
    assert opened.changes > before, "of two lists of one second the later can be told"
    assert client.get("/status/7").status_code == 404
    assert client.get("/status").json == {"status_lists": [uri]}
    listed = open_key_list(
        client.get("/keys.cwt").data, status_signer(at=at).private_key.public_key(), issuer=ISSUER, at=at
    )
    assert {entry.purpose for entry in listed.keys.entries} == {"RTW", "status"}
