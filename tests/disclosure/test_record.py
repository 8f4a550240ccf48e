"""What the page says: to the holder of the code his own reasons, to HR and finders what HR may read."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from resume.audit import AuditEntry
from resume.db import joined, reading, transaction
from resume.evidence.models import CodeRecord, ReviewRecord, TestRecord
from resume.evidence.watermark import bump
from resume.passes.models import Pass
from resume.passes.reassess import Scope, reassess
from resume.passes.sheets import sheet_of
from resume.policy import OWN_ADVICE, REASONS, VERSIONS
from resume.policy.audience import _PRIVATE_CODES
from resume.roles import CLI, Role
from tests.conftest import SignIn
from tests.disclosure.conftest import CODE, Open, key_of, last_four
from tests.passes.city import City, add_case, add_contact
from tests.passes.conftest import MakeCity

#: code -> a word that only its own sentence has.
SECRETS = {
    "POSITIVE": "为阳性；请按疾控部门安排",
    "REVIEW_PENDING": "本人4月22日起待复核",
    "CORES_PENDING": "同住人",
    "CONTACT": "本人是密接",
    "CODE_NOT_GREEN": "为红码",
}


def afflict(code: str, city: City, at: datetime) -> None:
    """Put on record what gives this finding to the first worker."""
    ledger = {"received_at": at, "intake_id": city.intake_id}
    with transaction():
        if code == "CONTACT":
            add_contact(city, 0, at=at, until=None)
        elif code == "CODE_NOT_GREEN":
            joined().add(
                CodeRecord(person_key=city.person_keys[0], colour="red", changed_at=at, reason="", **ledger)
            )
        elif code == "POSITIVE":
            joined().add(
                TestRecord(
                    record_id="P1",
                    person_key=city.person_keys[0],
                    kind="pcr",
                    method="single",
                    sampled_at=at - timedelta(hours=3),
                    reported_at=at,
                    result="positive",
                    source="cdc",
                    **ledger,
                )
            )
        elif code == "REVIEW_PENDING":
            joined().add(
                ReviewRecord(
                    review_id="V1",
                    building_id=city.building_id,
                    number_key=city.number_keys[0],
                    origin="antigen",
                    opened_at=at,
                    **ledger,
                )
            )
        joined().flush()
        bump()


@pytest.mark.parametrize("code", ["POSITIVE", "REVIEW_PENDING", "CONTACT", "CODE_NOT_GREEN"])
def test_only_with_his_own_code_he_reads_why(
    city_of: MakeCity, open_page: Open, sign_in: SignIn, at: datetime, code: str
) -> None:
    """HR knows link, number and last four: what these open is no more than HR's own page says."""
    city = city_of(workers=2)
    afflict(code, city, at)
    partial = open_page(key_of(city), last_four()).get("/w/record").text
    own = open_page(key_of(city), last_four(), new_code=CODE).get("/w/record").text
    again = open_page(key_of(city), last_four()).get("/w/record").text
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    firm = hr.get(f"/list/{city.list_id}").text + hr.get("/passes").text + hr.get("/passes/links").text
    hidden = [SECRETS[code], OWN_ADVICE[code]["zh"]]
    if code != "REVIEW_PENDING":  # the words for it are the notice's own, too
        hidden.append(REASONS[code].sentence["zh"])
    assert SECRETS[code] in own
    assert OWN_ADVICE[code]["zh"] in own
    for text in (partial, again, firm):
        assert not [each for each in hidden if each in text]
    assert "健康证据不符合要求" in partial
    assert "填查看密码后显示" in partial
    assert "填查看密码后显示" not in own


def test_every_hidden_code_has_advice_for_its_worker() -> None:
    assert set(SECRETS) == set(_PRIVATE_CODES)
    assert set(SECRETS) | {"HEALTH"} <= set(OWN_ADVICE) <= set(REASONS)
    assert all(set(advice) == {"zh", "en"} for advice in OWN_ADVICE.values())


def test_a_suspended_pass_says_why_to_him_and_not_to_others(
    signed: City, open_page: Open, at: datetime
) -> None:
    with transaction():
        add_contact(signed, 0, at=at, until=None)
        reassess(scope=Scope(person_keys=frozenset(signed.person_keys[:1])), at=at, by=CLI)
    partial = open_page(key_of(signed), last_four()).get("/w/record").text
    own = open_page(key_of(signed), last_four(), new_code=CODE).get("/w/record").text
    assert "暂停" in partial
    assert REASONS["CONTACT"].sentence["zh"] not in partial
    assert REASONS["CONTACT"].sentence["zh"] in own


def test_building_and_dates_are_said_with_what_to_do(
    city_of: MakeCity, open_page: Open, at: datetime
) -> None:
    city = city_of(workers=1)
    with transaction():
        add_case(city, at=at - timedelta(days=2))
    page = open_page(key_of(city), last_four(), new_code=CODE).get("/w/record").text
    assert "楼内4月20日有阳性" in page
    assert "4月28日（周四）00:00起符合" in page
    assert OWN_ADVICE["BLDG_POS_7D"]["zh"] in page


def test_his_sheet_is_the_one_that_is_kept(signed: City, open_page: Open) -> None:
    browser = open_page(key_of(signed), last_four())
    answer = browser.get("/w/sheet.pdf")
    found = reading().scalars(select(Pass).where(Pass.worker_id == signed.worker_ids[0])).one()
    assert answer.data == sheet_of(found.id).pdf
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{found.number}.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_is_stored_is_named_with_source_and_time(signed: City, open_page: Open, at: datetime) -> None:
    own = open_page(key_of(signed), last_four(), new_code=CODE).get("/w/record").text
    data = own.split('id="data"')[1]
    assert "检测机构和疾控部门" in data
    assert data.count("（推定）") >= 10
    duties = VERSIONS[0].duties
    assert {mark.mark for _name, mark in duties.listed()} == {"ASSUMED"}
    for days in (duties.tests_days, duties.scans_days, duties.audit_days):
        assert f"{days.value} 天" in data
    assert "不早于 5月5日" in data  # sampled on 21 April, fourteen days
    assert "阴性" in data


def test_the_page_asks_a_fixed_number_of_questions(
    city_of: MakeCity, open_page: Open, at: datetime, statements: list[str]
) -> None:
    counts = []
    for firm, workers in ((1, 1), (2, 40)):
        city = city_of(workers=workers, firm=firm)
        browser = open_page(key_of(city), last_four(0, firm), new_code=CODE)
        browser.get("/w/record")
        statements.clear()
        browser.get("/w/record")
        counts.append(len(statements))
    assert counts[0] == counts[1] < 35


def test_reading_changes_nothing(signed: City, open_page: Open) -> None:
    browser = open_page(key_of(signed), last_four(), new_code=CODE)
    before = len(reading().scalars(select(AuditEntry.seq)).all())
    browser.get("/w/record")
    browser.get("/w/objection")
    assert len(reading().scalars(select(AuditEntry.seq)).all()) == before


def test_the_page_is_whole_in_english(signed: City, open_page: Open) -> None:
    browser = open_page(key_of(signed), last_four(), new_code=CODE)
    page = browser.get("/w/record", headers={"Accept-Language": "en"})
    assert 'lang="en"' in page.text
    assert "Eligible" in page.text or "eligible" in page.text
