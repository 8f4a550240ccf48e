"""Bad rows of a preview: kept whole, corrected in place, discarded, downloaded; gone with the preview."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from resume import audit
from resume.db import reading, transaction
from resume.firms.queries import list_sites
from resume.plans.models import Plan, PlanVersion
from resume.roster import operations as roster_operations
from resume.roster import queries
from resume.roster.bad_rows import open_bad_row
from resume.roster.columns import WORKER_LIST
from resume.roster.details import open_details
from resume.roster.kept_cells import kept_text
from resume.roster.models import BadRow, RowError, Worker
from resume.roster.sheet import read_worker_list
from resume.roster.typed_row import read_typed
from resume.tables.model import CellFault, Row, Table
from resume.tables.reading import read_table
from tests.roster import city
from tests.roster.conftest import HR, Firm
from tests.staffing.rows import as_csv, bad_row, by_name, confirmed, list_of, posted, text, texts

HX = {"HX-Request": "true"}
TODAY = dt.date(2022, 4, 22)


def test_a_bad_row_is_kept_whole_and_sealed(firm: Firm) -> None:
    made = firm.upload(city.worker(1), city.worker(2, name="欧阳娜娜", phone="12"))
    kept = bad_row(made, 3)
    assert open_bad_row(kept) == texts(2, name="欧阳娜娜", phone="12")
    assert "欧阳".encode() not in kept.sealed
    assert city.resident(2).encode() not in kept.sealed


def test_a_row_is_corrected_in_place_and_on_its_page(firm: Firm) -> None:
    made = firm.upload(city.worker(1), city.worker(2, phone="12"), city.worker(3, name="丙明", site="?"))
    shown = text(firm.client.get(f"/list/{made.id}?tab=errors"))
    assert "第 3 行" in shown
    assert "第 4 行 · 丙明" in shown
    first, second = bad_row(made, 3), bad_row(made, 4)
    page = firm.client.get(f"/list/rows/{first.id}")
    assert city.resident(2) in page.get_data(as_text=True)  # what HR typed is HR's to see while it is mended
    assert "<html" not in firm.client.get(f"/list/rows/{first.id}", headers=HX).get_data(as_text=True)
    response = firm.client.post(f"/list/rows/{first.id}", data=posted(texts(2), "row-3"))
    assert response.status_code == 303
    data = posted(texts(3, name="丙明"), "row-4")
    fragment = firm.client.post(f"/list/rows/{second.id}", data=data, headers=HX)
    assert fragment.status_code == 200
    assert "共 3 行，可受理 3 人，有错误 0 行" in text(fragment)
    assert [worker.row for worker in queries.workers_of(made.id)] == [2, 3, 4]
    assert reading().scalar(select(func.count()).select_from(BadRow)) == 0
    assert queries.list_errors(made.id) == []
    entry = audit.list_entries(before=None, action="list.row_corrected", limit=1)[0]
    assert entry.detail == f'{{"firm":{firm.id},"row":4}}'


def test_a_plant_is_called_as_the_file_may_call_it(firm: Firm) -> None:
    """The newest plan renames it; the register follows with the approval only."""
    (site,) = list_sites(firm_id=firm.id)
    rows = [{"site_id": site.id, "name": "东一厂", "district": "310115"}]
    with transaction() as session:
        plan = Plan(firm_id=firm.id)
        session.add(plan)
        session.flush()
        session.add(
            PlanVersion(plan_id=plan.id, number=1, sections={"sites": {"rows": rows}}, updated_at=firm.at)
        )
    made = firm.upload(city.worker(1, site="东一厂"), city.worker(2, site="东一厂", phone="12"))
    found = bad_row(made, 3)
    assert "东一厂" in firm.client.get(f"/list/rows/{found.id}").get_data(as_text=True)
    data = posted(texts(2, site="东一厂"), "row-3")
    assert firm.client.post(f"/list/rows/{found.id}", data=data).status_code == 303
    assert [worker.site_id for worker in queries.workers_of(made.id)] == [site.id, site.id]
    (first, _second) = queries.workers_of(made.id)
    form = firm.client.get(f"/list/workers/{first.id}/edit").get_data(as_text=True)
    assert re.search(r'value="东一厂"\s+selected', form)


def test_what_is_still_wrong_is_said_beside_the_fields_and_changes_nothing(firm: Firm) -> None:
    made = firm.upload(city.worker(1), city.worker(2, phone="12"))
    found = bad_row(made, 3)
    response = firm.client.post(
        f"/list/rows/{found.id}", data=posted(texts(2, district="浦东东区", phone=""), "row-3")
    )
    assert response.status_code == 422
    shown = text(response)
    assert "有 2 处需要修改" in shown
    assert "不是上海市的区" in shown
    assert 'href="#row-3-district"' in response.get_data(as_text=True)
    assert "浦东东区" in shown  # none of the choices, and still to be seen
    assert list_of(firm, made.id).good_count == 1


def test_a_person_who_is_on_the_list_already_is_a_duplicate(firm: Firm) -> None:
    made = firm.upload(city.worker(1), city.worker(2, phone="12"))
    found = bad_row(made, 3)
    response = firm.client.post(f"/list/rows/{found.id}", data=posted(texts(1), "row-3"))
    assert response.status_code == 422
    assert "与第 2 行是同一证件" in text(response)


def test_a_row_is_discarded(firm: Firm) -> None:
    made = firm.upload(city.worker(1), city.worker(2, phone="12"))
    found = bad_row(made, 3)
    page = f"/list/rows/{found.id}"
    assert firm.client.post(f"{page}/discard").status_code == 303
    after = list_of(firm, made.id)
    assert (after.row_count, after.good_count) == (1, 1)
    assert firm.client.get(page).status_code == 409
    assert firm.client.post(f"{page}/discard").status_code == 409


@pytest.mark.parametrize("end", ["confirmed", "dropped", "replaced"])
def test_the_cells_go_with_the_preview(firm: Firm, end: str) -> None:
    rows = city.worker(1), city.worker(2, phone="12")
    if end == "confirmed":
        confirmed(firm, *rows)
    else:
        made = firm.upload(*rows)
        if end == "dropped":
            roster_operations.drop(made.id, firm_id=firm.id, by=HR, at=firm.at)
        else:
            firm.upload(city.worker(3))
    assert reading().scalar(select(func.count()).select_from(BadRow)) == 0


def test_another_firms_rows_are_not_found(firm: Firm, make_firm: Callable[[str], Firm]) -> None:
    other = make_firm("91310115MA1K00002B")
    made = firm.upload(city.worker(1), city.worker(2, phone="12"))
    found = bad_row(made, 3)
    assert other.client.get(f"/list/rows/{found.id}").status_code == 404
    data = posted(texts(2), "row-3")
    assert other.client.post(f"/list/rows/{found.id}", data=data).status_code == 404
    assert other.client.get(f"/list/{made.id}/errors.xlsx").status_code == 404


def test_the_error_report_is_a_list_again(firm: Firm) -> None:
    rows = [city.worker(1), city.worker(2, phone="12", remarks="=1+1"), city.worker(3, key_post="=A1")]
    made = roster_operations.upload(firm.id, as_csv(rows), "名单.csv", by=HR, at=firm.at)
    data = firm.client.get(f"/list/{made.id}/errors.xlsx").get_data()
    table = read_table(data, "e.xlsx")
    read = read_worker_list(table, sites={city.SITE: 1}, today=TODAY)
    assert read.unknown_columns == ("错误原因", "原文件行号")
    assert [error.column for error in read.errors] == ["手机号码", "关键岗位"]
    assert [bad.texts["remarks"] for bad in read.bad] == ["=1+1", ""]
    assert read.bad[0].texts["document_number"] == city.resident(2)
    sheet = zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_the_report_and_the_pages_are_in_the_readers_language(firm: Firm) -> None:
    made = firm.upload(city.worker(1), city.worker(2, phone="12"))
    response = firm.client.get(f"/list/{made.id}/errors.xlsx", headers={"Accept-Language": "en"})
    headers = read_table(response.get_data(), "e.xlsx").headers
    assert headers[-2:] == ["Reasons", "Row of the file"]


CELLS: list[Any] = [
    "", "12", "5-2", "锦绣苑", "2022-04-25", "是", 1.0, 0.0, 12.5, True, False, 13812345678.0, 44676.0,
    3.19999199001010e17, dt.date(2022, 5, 2), dt.datetime(2022, 5, 2),  # noqa: DTZ001
    dt.datetime(2022, 5, 2, 8, 30),  # noqa: DTZ001 - a spreadsheet's moments have no zone
    dt.time(8, 0), dt.timedelta(hours=3), CellFault("#N/A"), CellFault("uncalculated"), "#REF!", "x" * 600,
]  # fmt: skip
TYPED = [cell for cell in CELLS if isinstance(cell, str | float | bool)]
HEADERS = [column.zh for column in WORKER_LIST]


@given(st.data())
def test_a_kept_cell_is_judged_as_the_cell_was(data: st.DataObject) -> None:
    """Left as it is, a bad row is bad again in the same columns; a good row is the same row."""
    good = texts(1)
    cells = [
        # (A date in the column of names is read as a name of digits; kept, it is refused.)
        data.draw(st.sampled_from([good[column.name], *(TYPED if column.name == "name" else CELLS)]))
        for column in WORKER_LIST
    ]
    table = Table("xlsx", HEADERS, iter([Row(2, 2, list(cells))]))
    read = read_worker_list(table, sites={city.SITE: 1}, today=TODAY)
    kept = {
        column.name: kept_text(column.name, cell) for column, cell in zip(WORKER_LIST, cells, strict=True)
    }
    again = read_typed(kept, row=2, sites={city.SITE: 1}, today=TODAY)
    if read.rows:
        assert again == read.rows[0]
    else:
        assert read.bad[0].texts == kept
        assert isinstance(again, list)
        now, then = ({error.column for error in found} for found in (again, read.errors))
        # Type and number are judged together: of one without the other more or less may be said.
        ignored = {"证件号码"} if "证件类型" in now else set()
        assert now - ignored == then - ignored


@given(st.data())
def test_correcting_by_form_is_correcting_in_the_file(data: st.DataObject) -> None:
    choices = {
        "name": ["王", "李明"],
        "phone": ["12", "13812345678"],
        "arrive_on": ["下周一", "2022年4月25日"],
    }
    typed = texts(1) | {name: data.draw(st.sampled_from(found)) for name, found in choices.items()}
    cells = [typed[column.name] for column in WORKER_LIST]
    in_file = read_worker_list(
        Table("csv", HEADERS, iter([Row(7, 7, list(cells))])), sites={city.SITE: 1}, today=TODAY
    )
    by_form = read_typed(typed, row=7, sites={city.SITE: 1}, today=TODAY)
    assert by_form == (in_file.rows[0] if in_file.rows else in_file.errors)


def test_a_corrected_row_is_the_row_the_file_would_have_given(firm: Firm) -> None:
    made = firm.upload(city.worker(1, name="甲明", phone="12"))
    data = posted(texts(1, name="甲明"), "row-2")
    firm.client.post(f"/list/rows/{bad_row(made, 2).id}", data=data)
    by_form, details = by_name(made.id)["甲明"]
    content, flat, home = by_form.content_key, by_form.flat_key, by_form.building_id
    in_file = firm.upload(city.worker(1, name="甲明"))
    worker = queries.workers_of(in_file.id)[0]
    assert (worker.content_key, worker.flat_key, worker.building_id) == (content, flat, home)
    assert open_details(worker) == details


def test_statements_of_a_correction_do_not_grow(firm: Firm, statements: list[str]) -> None:
    counts = []
    for size in (3, 200):
        rows = [city.worker(i) for i in range(size)]
        made = firm.upload(*rows, city.worker(900, phone="12"))
        found = bad_row(made, size + 2)
        statements.clear()
        data = posted(texts(900), f"row-{size + 2}")
        assert firm.client.post(f"/list/rows/{found.id}", data=data, headers=HX).status_code == 200
        counts.append(len(statements))
    assert counts[0] + 3 >= counts[1]  # who is new is sealed and stored the first time
    assert reading().scalar(select(func.count()).select_from(RowError)) == 0
    assert reading().scalar(select(func.count()).select_from(Worker)) == 201
