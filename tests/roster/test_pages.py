"""HR's pages: upload, preview with every bad cell, the table, one worker; nothing of another firm."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from resume import audit
from resume.db import reading, transaction
from resume.evidence.models import ZoneRecord
from resume.firms.models import Firm as FirmRow
from resume.people.models import Person
from resume.plans.models import Plan
from resume.refusals import NotFound
from resume.roles import Role
from resume.roster import operations, queries, steps
from resume.roster.columns import WORKER_LIST
from resume.roster.details import open_details
from resume.roster.models import RowError, Worker, WorkerList
from resume.sealing import Unsealable
from resume.settings import MAX_UPLOAD_BYTES
from resume.tables.headers import match_headers
from resume.tables.reading import read_table
from tests.roster import city
from tests.roster.conftest import HR, Firm
from tests.tables.xlsx import written


def text(response: Any) -> str:
    """What a reader sees: without tags, runs of blanks as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.get_data(as_text=True)))


def confirm(firm: Firm, made: WorkerList) -> None:
    with transaction():
        steps.confirm(made.id, firm_id=firm.id, at=firm.at)


def test_the_first_page_says_what_is_expected(firm: Firm) -> None:
    shown = text(firm.client.get("/list"))
    assert "还没有确认的名单" in shown
    assert "20 MB" in shown
    assert all(column.zh in shown for column in WORKER_LIST)


def test_a_firm_without_plants_is_sent_to_its_plan(
    app: Flask, sign_in: Callable[..., FlaskClient], at: datetime
) -> None:
    with transaction() as session:
        row = FirmRow(
            credit_code="91310115MA1K00009X",
            name="无厂",
            short_name="无厂",
            district_code="310115",
            created_at=at,
        )
        session.add(row)
        session.flush()
    client = sign_in(Role.HR, firm_id=row.id)
    assert "请先在方案中登记厂区" in text(client.get("/list"))
    with pytest.raises(operations.NoSites):
        operations.upload(row.id, city.workbook([city.worker(1)]), "a.xlsx", by=HR, at=at)


def test_upload_leads_to_a_preview_with_every_bad_cell(firm: Firm) -> None:
    bad_number = city.resident(2)[:-1] + ("0" if city.resident(2)[-1] != "0" else "1")
    rows = [
        city.worker(1),
        city.worker(2, document_number=bad_number, key_post="也许"),
        city.worker(3, site="别的厂"),
    ]
    response = firm.send(city.workbook(rows))
    assert response.status_code == 303
    page = firm.client.get(response.location)
    shown = text(page)
    assert "共 3 行，可受理 1 人，有错误 2 行" in shown
    for expected in ("证件号码", "关键岗位", "也许", "工作厂区", "别的厂"):
        assert expected in shown
    assert bad_number not in shown
    assert bad_number[:3] + "*" * 11 + bad_number[-4:] in shown


def test_unknown_columns_are_named(firm: Firm) -> None:
    row = city.worker(1)
    response = firm.send(written([[*row, "星座"], [*row.values(), "狮子"]]))
    assert "星座" in text(firm.client.get(response.location))


def test_personal_data_is_sealed_and_bound_to_its_row(firm: Firm) -> None:
    made = firm.upload(city.worker(1, name="欧阳娜娜", remarks="夜班"), city.worker(2))
    one, two = queries.workers_of(made.id)
    details = open_details(one)
    assert (details.name, details.document_number, details.remarks) == ("欧阳娜娜", city.resident(1), "夜班")
    assert details.phone == "13812345678"
    assert "欧阳".encode() not in one.sealed
    assert city.resident(1).encode() not in one.sealed
    two.sealed = one.sealed
    with pytest.raises(Unsealable):
        open_details(two)
    reading().rollback()


@pytest.mark.parametrize("name", ["阿卜杜拉·买买提", "\U00020bb7野家", "䶮㛃", "\U0002b5ae明"])
def test_names_with_rare_characters_come_through_whole(firm: Firm, name: str) -> None:
    made = firm.upload(city.worker(1, name=name))
    assert [open_details(worker).name for worker in queries.workers_of(made.id)] == [name]
    assert name in text(firm.client.get(f"/list/{made.id}"))


def test_a_second_upload_throws_the_first_preview_away(firm: Firm) -> None:
    first = firm.upload(city.worker(1), city.worker(2, site="?"))
    second = firm.upload(city.worker(3))
    assert queries.get_list(first.id, firm_id=firm.id).state == "dropped"
    assert queries.find_preview(firm_id=firm.id).id == second.id  # type: ignore[union-attr]
    for model in (Worker, RowError):
        left = reading().scalar(select(func.count()).select_from(model).where(model.list_id == first.id))
        assert left == 0


def test_upload_is_audited_without_personal_data_and_remembers_persons(firm: Firm) -> None:
    made = firm.upload(city.worker(1), city.worker(2))
    entry = audit.list_entries(before=None, action="list.uploaded", limit=1)[0]
    assert entry.subject == f"worker_list:{made.id}"
    assert entry.detail == f'{{"firm":{firm.id},"good":2,"rows":2}}'
    assert reading().scalar(select(func.count()).select_from(Person)) == 2
    assert audit.verify().is_whole


def test_confirm_makes_it_current_and_drops_the_one_before(firm: Firm) -> None:
    first = firm.upload(city.worker(1))
    confirm(firm, first)
    second = firm.upload(city.worker(2))
    confirm(firm, second)
    assert queries.get_list(first.id, firm_id=firm.id).state == "dropped"
    assert queries.find_current_list(firm_id=firm.id).id == second.id  # type: ignore[union-attr]
    with transaction() as session:
        submitted = session.get(WorkerList, second.id)
        submitted.state = "submitted"  # type: ignore[union-attr]
    third = firm.upload(city.worker(3))
    with transaction():
        steps.confirm(third.id, firm_id=firm.id, at=firm.at + timedelta(hours=1))
    assert queries.get_list(second.id, firm_id=firm.id).state == "submitted"


@pytest.mark.parametrize("state", ["confirmed", "submitted", "dropped"])
def test_only_a_preview_is_confirmed_or_dropped(firm: Firm, state: str) -> None:
    made = firm.upload(city.worker(1))
    with transaction() as session:
        session.get(WorkerList, made.id).state = state  # type: ignore[union-attr]
    with pytest.raises(steps.ListNotOpen):
        confirm(firm, made)
    assert firm.client.post(f"/list/{made.id}/drop").status_code == 409


def test_a_list_without_a_good_row_is_not_confirmed(firm: Firm) -> None:
    made = firm.upload(city.worker(1, site="?"))
    with pytest.raises(steps.NoGoodRow):
        confirm(firm, made)
    assert "确认这份名单" not in text(firm.client.get(f"/list/{made.id}"))


def test_dropping_a_preview_by_its_button(firm: Firm) -> None:
    made = firm.upload(city.worker(1))
    assert firm.client.post(f"/list/{made.id}/drop").status_code == 303
    assert "已作废" in text(firm.client.get("/list"))
    assert queries.workers_of(made.id) == []


def test_tabs_count_and_filter(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1, 2, 3]).screened(firm.buildings.values()).case(firm.buildings["B2"], days_ago=2)
    evidence.store()
    made = firm.upload(
        city.worker(1, name="甲明", key_post="是"),
        city.worker(2, name="乙明", building="2号"),
        city.worker(3, name="丙明", building="9号"),
        city.worker(4, name="丁明", site="?"),
    )
    page = f"/list/{made.id}"
    assert re.search(r"全部 3 .*?符合 1 .*?不符合 1 .*?待查 1 .*?有错误 1 ", text(firm.client.get(page)))
    kept = {
        "tab=eligible": "甲明",
        "tab=not_eligible": "乙明",
        "tab=not_known": "丙明",
        "code=BLDG_POS_7D": "乙明",
        "key=1": "甲明",
    }
    for query, name in kept.items():
        shown = text(firm.client.get(f"{page}?{query}"))
        assert [one for one in ("甲明", "乙明", "丙明") if one in shown] == [name], query
    assert "没有符合这些条件的人员" in text(firm.client.get(f"{page}?tab=eligible&code=PCR_NONE"))
    assert firm.client.get(f"{page}?tab=x&code=%27&page=-1&q=%27--").status_code == 200


def test_fifty_on_a_page(firm: Firm) -> None:
    made = firm.upload(*(city.worker(i) for i in range(120)))
    rows = [firm.client.get(f"/list/{made.id}?page={n}").get_data(as_text=True) for n in (1, 2, 3, 4)]
    assert [page.count('id="row-') for page in rows] == [50, 50, 20, 0]


def test_an_unmatched_building_offers_the_nearest(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1]).store()
    made = firm.upload(city.worker(1, building="4号"))
    shown = text(firm.client.get(f"/list/{made.id}"))
    assert "登记的楼栋中没有“锦绣苑4号”" in shown
    assert "花木街道 锦绣苑 3号（锦绣路100弄）" in shown


def test_one_worker_with_all_findings_masked(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1]).screened(firm.buildings.values()).case(firm.buildings["B1"], days_ago=3)
    evidence.store()
    made = firm.upload(city.worker(1, name="王小明"))
    (worker,) = queries.workers_of(made.id)
    page = firm.client.get(f"/list/workers/{worker.id}")
    shown = text(page)
    assert "王小明" in shown
    assert "不符合" in shown
    assert "4月27日" in shown  # reported on the 19th, clear from 00:00 of the 27th
    assert city.resident(1) not in shown
    assert "13812345678" not in shown
    assert "138****5678" in shown


def test_hr_sees_no_code_of_a_health_finding_on_any_page(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1, 2]).screened(firm.buildings.values())
    evidence.test(1, sampled=firm.at - timedelta(hours=9), result="positive")
    evidence.review(firm.buildings["B1"], 1)
    evidence.store()
    made = firm.upload(city.worker(1, room="5"), city.worker(2, room="5"))
    ids = [worker.id for worker in queries.workers_of(made.id)]
    for address in (f"/list/{made.id}", *(f"/list/workers/{each}" for each in ids)):
        html = firm.client.get(address).get_data(as_text=True)
        assert "健康证据不符合要求" in html
        for told in ("POSITIVE", "REVIEW_PENDING", "CORES_PENDING", "阳性结果", "本人有", "同住人"):
            assert told not in html, (address, told)


def test_the_plan_is_asked_once_it_was_approved(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean([1]).screened(firm.buildings.values()).store()
    made = firm.upload(city.worker(1))
    assert "不符合 0" in text(firm.client.get(f"/list/{made.id}"))
    with transaction() as session:
        session.add(Plan(firm_id=firm.id, state="suspended"))
    assert "不符合 1" in text(firm.client.get(f"/list/{made.id}"))


def test_another_firms_list_and_workers_are_not_found(firm: Firm, make_firm: Callable[[str], Firm]) -> None:
    other = make_firm("91310115MA1K00002B")
    made = firm.upload(city.worker(1, name="甲明"))
    (worker,) = queries.workers_of(made.id)
    for address in (f"/list/{made.id}", f"/list/workers/{worker.id}", f"/list/{uuid4()}"):
        assert other.client.get(address).status_code == 404
    assert other.client.post(f"/list/{made.id}/drop").status_code == 404
    assert queries.list_workers(made.id, firm_id=other.id) == []
    with pytest.raises(NotFound), transaction():
        steps.confirm(made.id, firm_id=other.id, at=other.at)
    assert "名单.xlsx" not in text(other.client.get("/list"))
    assert queries.get_list(made.id, firm_id=firm.id).state == "preview"


def test_an_upload_leaves_another_firms_preview_alone(firm: Firm, make_firm: Callable[[str], Firm]) -> None:
    other = make_firm("91310115MA1K00002B")
    theirs = other.upload(city.worker(7))
    firm.upload(city.worker(1))
    assert queries.find_preview(firm_id=other.id).id == theirs.id  # type: ignore[union-attr]
    assert len(queries.workers_of(theirs.id)) == 1


@pytest.mark.parametrize(
    ("data", "filename", "said"),
    [
        (b"%PDF-1.7 x", "a.pdf", "不是 XLSX 或 CSV"),
        (b"%PDF-1.7 x", "a.xlsx", "扩展名不符"),
        (b"", "a.csv", "没有表头"),
        ("姓名,手机号码\n".encode(), "a.csv", "缺少必需的列"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(
    firm: Firm, data: bytes, filename: str, said: str
) -> None:
    response = firm.send(data, filename)
    assert response.status_code in (200, 422)
    assert said in text(response)
    assert queries.list_lists(firm_id=firm.id) == []


def test_no_file_is_a_form_error(firm: Firm) -> None:
    response = firm.client.post("/list", data={})
    assert response.status_code == 422
    assert "请选择要上传的文件" in text(response)


def test_more_than_20_mb_is_413(firm: Firm) -> None:
    assert firm.post(b"x" * (MAX_UPLOAD_BYTES + 1), "a.csv").status_code == 413


@pytest.mark.parametrize(
    ("filename", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("名" * 300, "名" * 120),
    ],
)
def test_file_names_are_only_shown(filename: str, kept: str) -> None:
    assert operations.shown_file_name(filename) == kept


def test_markup_in_a_cell_stays_text(firm: Firm) -> None:
    made = firm.upload(city.worker(1, post="<b>x</b>", remarks="<script>alert(1)</script>"))
    (worker,) = queries.workers_of(made.id)
    for address in (f"/list/{made.id}", f"/list/workers/{worker.id}"):
        html = firm.client.get(address).get_data(as_text=True)
        assert "&lt;b&gt;x&lt;/b&gt;" in html
        assert "<script>alert" not in html


def test_the_template_is_a_list_without_rows(firm: Firm) -> None:
    response = firm.client.get("/list/template.xlsx")
    assert response.status_code == 200
    table = read_table(response.get_data(), "x.xlsx")
    assert match_headers(table.headers, WORKER_LIST).unknown == ()
    assert list(table.rows) == []


def test_statements_of_upload_and_page_do_not_grow(firm: Firm, statements: list[str]) -> None:
    asked = []
    for size in (5, 400):
        statements.clear()
        made = firm.upload(*(city.worker(i) for i in range(size)))
        uploaded = len(statements)
        statements.clear()
        firm.client.get(f"/list/{made.id}")
        asked.append((uploaded, len(statements)))
    assert asked[0] == asked[1]
    assert asked[0][0] <= 40  # stored and judged
    assert asked[0][1] <= 25


def test_the_worker_page_says_why_the_building_is_not_clear_and_when(
    firm: Firm, evidence: city.Evidence
) -> None:
    home = firm.buildings["B1"]
    evidence.clean([1]).screened([home]).case(home, days_ago=3)
    evidence.add(
        ZoneRecord, building_id=home, level="sealed", kind="raised", since=firm.at - timedelta(days=3),
        until=None, reason=f"阳性 C{home}-0", raised_by=f"C{home}-0",
    )  # fmt: skip
    evidence.store()
    made = firm.upload(city.worker(1), city.worker(2, building="404号"))
    lived, lost = queries.list_workers(made.id, firm_id=firm.id)
    shown = text(firm.client.get(f"/list/workers/{lived.id}"))
    assert "楼内4月19日报告有阳性，当日不计；没有新增的，4月27日0时起满7日。" in shown
    assert "没有新情况的，4月27日（周三）00:00起符合" in shown
    assert "4月19日09:00报告阳性，上升为封控区。" in shown
    assert f"C{home}-0" not in shown
    assert "所住楼栋 楼内" not in text(firm.client.get(f"/list/workers/{lost.id}"))
