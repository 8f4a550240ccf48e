"""The firm's page of sheets: filters, archives of any size, the list as a file, links to hand on."""

from __future__ import annotations

import io
import tracemalloc
from datetime import datetime
from html import unescape
from urllib.parse import quote
from uuid import uuid4
from zipfile import ZipFile

import pytest
import zxingcpp
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import inspect, select, update

from resume.clock import real_now
from resume.db import bulk_insert, reading, transaction
from resume.firms.models import Site
from resume.jobs import work_once
from resume.passes import slips
from resume.passes.archive import stream_zip
from resume.passes.choice import Choice
from resume.passes.making import making_of
from resume.passes.models import Pass, Sheet
from resume.passes.operations import revoke
from resume.passes.sheets import _place, read_sheets, ready_of_firm, sheet_of
from resume.passes.slips import draw
from resume.review.operations import sign_off
from resume.roles import Role
from resume.roster.details import open_details, seal_details
from resume.roster.models import Worker
from resume.roster.own_key import own_keys, own_link, worker_id_of
from resume.sealing import sealer
from tests.conftest import SignIn
from tests.passes.city import SIGNER, City, document_number
from tests.passes.conftest import MakeCity


def signed(city_of: MakeCity, at: datetime, **options: object) -> City:
    city = city_of(**options)
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    return city


def passes_of(city: City) -> list[Pass]:
    return list(reading().scalars(select(Pass).where(Pass.firm_id == city.firm_id).order_by(Pass.number)))


def many_passes(model: Pass, count: int) -> list[dict[str, object]]:
    """Rows like that of one pass, for more of them than anybody issues in a test."""
    columns = [column.key for column in inspect(Pass).column_attrs]
    row = {name: getattr(model, name) for name in columns}
    return [
        row
        | {
            "id": uuid4(),
            "number": f"9{place:012d}",
            "status_index": 1_000_000 + place,
            "person_key": place.to_bytes(16, "big"),
        }
        for place in range(count)
    ]


def test_an_archive_of_5000_sheets_takes_the_memory_of_a_few(
    app: Flask, city_of: MakeCity, at: datetime
) -> None:
    """Sheets of 8 kB, stored and not rendered: 40 MB go through, a few stay."""
    city = signed(city_of, at, workers=1)
    rows, pdf = many_passes(passes_of(city)[0], 5000), b"%PDF" + bytes(8188)
    with transaction():
        bulk_insert(Pass, rows)
        for start in range(0, len(rows), 1000):
            bulk_insert(
                Sheet,
                [
                    {
                        "pass_id": row["id"],
                        "sha256": "0" * 64,
                        "sealed_pdf": sealer().seal_bytes(pdf, place=_place(row["id"])),  # type: ignore[arg-type]
                        "rendered_at": real_now(),
                    }
                    for row in rows[start : start + 1000]
                ],
            )
    reading().expunge_all()
    ready = ready_of_firm(firm_id=city.firm_id)
    assert len(ready) == 5000
    files = ((file.file_name, file.pdf) for file in read_sheets(ready))
    sent = largest = 0
    tracemalloc.start()
    for part in stream_zip(files, at=at):
        sent, largest = sent + len(part), max(largest, len(part))
        if sent < 1_000_000:
            tracemalloc.reset_peak()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > 5000 * len(pdf)
    assert peak < 8_000_000  # the directory of 5,000 names and one handful of sheets
    assert largest < 1_500_000


def test_ticked_passes_come_as_an_archive_and_missing_ones_are_made(
    city_of: MakeCity, sign_in: SignIn, at: datetime
) -> None:
    city, other = signed(city_of, at, workers=3), signed(city_of, at, workers=1, firm=2)
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    first, second, _third = passes_of(city)
    foreign = passes_of(other)[0]
    form = {"pass": [str(first.id), str(second.id), str(foreign.id), "nonsense"]}
    answer = hr.post("/passes/sheets.zip", data=form)
    assert ZipFile(io.BytesIO(answer.data)).namelist() == [f"{first.number}.pdf", f"{second.number}.pdf"]
    assert ZipFile(io.BytesIO(answer.data)).read(f"{first.number}.pdf") == sheet_of(first.id).pdf
    for nothing in ({}, {"pass": [str(foreign.id)]}):
        assert hr.post("/passes/sheets.zip", data=nothing).status_code == 422


def test_more_than_a_thousand_ticks_are_taken_url_encoded(
    city_of: MakeCity, sign_in: SignIn, at: datetime
) -> None:
    city = signed(city_of, at, workers=1)
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    page = hr.get("/passes").text
    assert 'enctype="application/x-www-form-urlencoded"' in page
    form = {"pass": [str(passes_of(city)[0].id), *(str(uuid4()) for _ in range(9000))]}
    answer = hr.post("/passes/sheets.zip", data=form)
    assert len(ZipFile(io.BytesIO(answer.data)).namelist()) == 1


def test_too_many_missing_ones_are_refused_with_advice(
    city_of: MakeCity, sign_in: SignIn, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resume.passes.sheets.MAKE_AT_ONCE", 1)
    city = signed(city_of, at, workers=2)
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    answer = hr.post("/passes/sheets.zip", data={"pass": [str(each.id) for each in passes_of(city)]})
    assert answer.status_code == 409
    assert "超过 50 张" in answer.text


def test_filters_narrow_table_counts_and_archive(city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    city = signed(city_of, at, workers=4)
    with transaction() as session:
        site = Site(firm_id=city.firm_id, name="二厂", district_code="310115")
        session.add(site)
        session.flush()
        session.execute(update(Pass).where(Pass.id == passes_of(city)[0].id).values(site_id=site.id))
    first, second, third, fourth = passes_of(city)
    revoke(fourth.id, reason="测试", by=SIGNER, at=at)
    for each in (first, second, fourth):
        sheet_of(each.id)
    hr = sign_in(Role.HR, firm_id=city.firm_id)

    def shown(query: str) -> set[str]:
        text = hr.get(f"/passes?{query}").text
        return {each.number for each in (first, second, third, fourth) if f">{each.number}<" in text}

    everybody = {each.number for each in (first, second, third, fourth)}
    assert shown("") == shown("status=nonsense&site=x&batch=y&page=x") == everybody
    assert shown("status=revoked") == {fourth.number}
    assert shown(f"site={site.id}") == {first.number}
    assert shown("sheet=missing") == {third.number}
    assert shown(f"q={first.number[4:]}") == {first.number}
    assert shown(f"q=%20{first.number[:6]}-{first.number[6:].lower()}") == {first.number}
    assert shown("q=%25") == everybody  # no digit or letter: nothing asked
    batch = hr.get("/passes").text.split('id="filter-batch"')[1].split('<option value="')[2].split('"')[0]
    assert shown(f"batch={batch}") == everybody
    assert shown(f"batch={uuid4()}") == set()

    def zipped(query: str) -> set[str]:
        return set(ZipFile(io.BytesIO(hr.get(f"/passes/sheets.zip?{query}").data)).namelist())

    assert zipped("") == {f"{first.number}.pdf", f"{second.number}.pdf"}
    assert zipped("status=revoked") == {f"{fourth.number}.pdf"}
    assert zipped(f"site={site.id}&batch={batch}") == {f"{first.number}.pdf"}
    assert hr.get("/passes/sheets.zip?sheet=missing").status_code == 409


def test_the_page_asks_a_fixed_number_of_questions(
    city_of: MakeCity, sign_in: SignIn, at: datetime, statements: list[str]
) -> None:
    city = signed(city_of, at, workers=2)
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    hr.get("/passes")
    statements.clear()
    hr.get("/passes")
    few = len(statements)
    with transaction():
        bulk_insert(Pass, many_passes(passes_of(city)[0], 9000))
    statements.clear()
    page = hr.get("/passes")
    assert len(statements) == few < 20
    assert "9002" in page.text
    assert page.text.count('name="pass"') == 50
    assert hr.get("/passes?page=181").text.count('name="pass"') == 2
    file = hr.get("/passes/list.xlsx").data
    assert load_workbook(io.BytesIO(file), read_only=True).active.max_row == 9003


def test_progress_is_announced_and_ends_by_itself(city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    city = signed(city_of, at, workers=3)
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    fragment = {"HX-Request": "true"}
    waiting = hr.get("/passes/progress", headers=fragment)
    assert waiting.text.lstrip().startswith('<div id="making"')
    assert 'hx-trigger="every 2s"' in waiting.text
    assert "排队等待开始" in waiting.text
    # The place that speaks stays on the page; it is told each tenth once, and the end.
    assert '<p class="govuk-visually-hidden" id="making-said" role="status"></p>' in hr.get("/passes").text
    assert "making-said" in waiting.text
    assert "making-said" not in hr.get("/passes/progress?said=0", headers=fragment).text
    sheet_of(passes_of(city)[0].id)
    half = making_of(firm_id=city.firm_id, real_at=real_now())
    assert (half.total, half.made, half.waiting, half.on_request, half.minutes_left) == (3, 1, 2, 0, 1)
    assert "已完成 1 / 3 张，大约还需 1 分钟" in hr.get("/passes/progress").text
    while work_once():
        pass
    done = hr.get("/passes/progress?said=10", headers=fragment)
    assert done.text.count("已全部制作") == 2  # seen and said
    assert "hx-get" not in done.text
    assert "hx-trigger" not in done.text
    assert making_of(firm_id=city.firm_id, real_at=real_now()).waiting == 0


def test_a_firm_without_passes_has_no_progress(city_of: MakeCity, sign_in: SignIn) -> None:
    hr = sign_in(Role.HR, firm_id=city_of(workers=1).firm_id)
    assert hr.get("/passes/progress", headers={"HX-Request": "true"}).text.strip() == (
        '<div id="making" hidden></div>'
    )


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "@SUM(1)", "-2+3", "\t=1", "王小明"])
def test_the_list_reads_back_as_text(city_of: MakeCity, sign_in: SignIn, at: datetime, name: str) -> None:
    city, other = signed(city_of, at, workers=1), signed(city_of, at, workers=1, firm=2)
    with transaction() as session:
        worker = session.get_one(Worker, city.worker_ids[0])
        details = open_details(worker)
        changed = type(details)(**{f: getattr(details, f) for f in details.__slots__} | {"name": name})
        worker.sealed, worker.post = seal_details(worker.id, changed), name
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    data = hr.get("/passes/list.xlsx").data
    sheet = load_workbook(io.BytesIO(data)).active
    rows = list(sheet.iter_rows())
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} == {"s"}
    assert [cell.value for cell in rows[0]][:3] == ["通行证编号", "姓名", "证件末四位"]
    found = passes_of(city)[0]
    assert [cell.value for cell in rows[1]][:4] == [found.number, name, details.document_number[-4:], name]
    assert rows[1][6].value == "有效"
    link = str(rows[1][10].value)
    assert rows[1][11].value == "纸质证"
    assert worker_id_of(link.split("#")[1]) == city.worker_ids[0]
    assert len(rows) == 2
    assert passes_of(other)[0].number not in str(rows)
    assert details.document_number not in str([cell.value for row in rows for cell in row])
    assert not list(sheet.iter_rows(min_row=3))
    assert len(list(load_workbook(io.BytesIO(hr.get("/passes/list.xlsx?status=used").data)).active.rows)) == 1


def test_everybody_on_a_submitted_list_has_a_link(city_of: MakeCity, sign_in: SignIn, at: datetime) -> None:
    """Also who has no pass; the key stands behind # and in no address that reaches us."""
    city, other = city_of(workers=3), city_of(workers=1, firm=2)
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    answer = hr.get("/passes/links")
    keys = own_keys(city.worker_ids)
    page = unescape(answer.text)
    assert all(own_link(key) in page for key in keys)
    assert own_keys(other.worker_ids)[0] not in page
    assert not [href for href in page.split('href="')[1:] if any(key in href.split('"')[0] for key in keys)]
    assert page.count('<svg class="rs-slip__code"') == 3
    assert own_link(keys[1]) in hr.get(f"/passes/links/{city.worker_ids[1]}").text
    assert hr.get(f"/passes/links/{other.worker_ids[0]}").status_code == 404
    assert document_number(100_000)[-4:] not in page.split("<main")[1]  # a slip that is found opens nothing
    for nobody in ("shift=夜班", f"site={city.site_id + 999}"):
        assert "没有找到已提交名单上的人员" in hr.get(f"/passes/links?{nobody}").text
    assert hr.get(f"/passes/links?site={city.site_id}").text.count("rs-slip__name") == 3


def test_a_name_is_looked_for_in_no_address(
    city_of: MakeCity, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = city_of(workers=3)
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    assert "没有找到已提交名单上的人员" in hr.post("/passes/links/search", data={"q": "欧阳"}).text
    monkeypatch.setattr(slips, "PER_PAGE", 2)
    form = {"q": "小明", "site": city.site_id}
    pages = [hr.post("/passes/links/search", data=form | {"page": number}).text for number in (1, 2)]
    assert [text.count("rs-slip__name") for text in pages] == [2, 1]
    named = [
        name
        for name in ("小明", quote("小明"))
        for text in pages
        for part in text.split('href="')[1:]
        if name in part.split('"')[0]
    ]
    assert named == []


def test_a_slips_code_reads_as_its_link(city_of: MakeCity) -> None:
    city = city_of(workers=1)
    link = own_link(own_keys(city.worker_ids)[0])
    code = draw(link)
    zoom = 6
    side = code.side * zoom
    picture = bytearray(b"\xff" * side * side)
    for run in code.path.split("M")[1:]:
        x, rest = run.split(" ")
        y, length = rest.split("h")[:2]
        width = int(length.split("v")[0]) * zoom
        for line in range(int(y) * zoom, (int(y) + 1) * zoom):
            start = line * side + int(x) * zoom
            picture[start : start + width] = bytes(width)
    image = memoryview(bytes(picture)).cast("B", shape=(side, side))
    found = zxingcpp.read_barcode(image)  # type: ignore[arg-type]
    assert found is not None
    assert found.text == link


def test_a_choice_survives_any_text() -> None:
    assert Choice.of({"status": "x", "site": "１", "batch": "-", "sheet": "?", "q": "'; --"}) == Choice()
    assert Choice.of({"q": "３１０１ 15"}).number == "310115"
