"""All 8,105 standard characters as names: through the upload, the page, the XLSX and the printed sheet."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from datetime import datetime
from html import unescape

import pypdfium2
import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from resume.db import reading, transaction
from resume.passes.models import Pass
from resume.passes.sheets import sheet_of
from resume.review.operations import sign_off
from resume.roles import Actor, Role
from resume.roster.columns import WORKER_LIST
from resume.roster.details import WorkerDetails, open_details, seal_details
from resume.roster.models import Worker
from resume.roster.operations import upload
from tests.conftest import SignIn
from tests.fuzz.mutants import person
from tests.passes.city import SIGNER, City
from tests.passes.conftest import MakeCity
from tests.tables.standard_characters import STANDARD_CHARACTERS

LONGEST = 50
NAMES = [STANDARD_CHARACTERS[at : at + LONGEST] for at in range(0, len(STANDARD_CHARACTERS), LONGEST)]


@pytest.fixture
def city(city_of: MakeCity, at: datetime) -> City:
    """A firm whose workers bear all characters between them, each with a pass."""
    city = city_of(workers=len(NAMES))
    with transaction() as session:
        for worker_id, name in zip(city.worker_ids, NAMES, strict=True):
            worker = session.get_one(Worker, worker_id)
            details = open_details(worker)
            kept = {field.name: getattr(details, field.name) for field in fields(WorkerDetails)}
            worker.sealed = seal_details(worker_id, WorkerDetails(**kept | {"name": name}))
    sign_off(city.application_id, revision=2, by=SIGNER, at=at)
    return city


def test_an_upload_and_its_pages_keep_them(app: Flask, city: City, sign_in: SignIn, at: datetime) -> None:
    file = io.StringIO()
    rows = [person(1) for _name in NAMES]
    for number, (row, name) in enumerate(zip(rows, NAMES, strict=True)):
        row[0], row[1], row[2], row[13] = name, "护照", f"F{number:07d}", "一厂"
    csv.writer(file).writerows([[column.zh for column in WORKER_LIST], *rows])
    by = Actor("hr", Role.HR, firm_id=city.firm_id)
    made = upload(city.firm_id, file.getvalue().encode("gb18030"), "名单.csv", by=by, at=at)
    assert (made.row_count, made.good_count) == (len(NAMES), len(NAMES))
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    shown = "".join(unescape(hr.get(f"/list/{made.id}?page={page}").text) for page in range(1, 5))
    assert [name for name in NAMES if name not in shown] == []


def test_the_list_of_passes_and_the_sheets_keep_them(city: City, sign_in: SignIn) -> None:
    hr = sign_in(Role.HR, firm_id=city.firm_id)
    book = load_workbook(io.BytesIO(hr.get("/passes/list.xlsx").data))
    assert sorted(str(row[1].value) for row in list(book.active)[1:]) == sorted(NAMES)
    printed = {str(row[0].value): str(row[1].value) for row in list(book.active)[1:]}
    lost = []
    for found in reading().scalars(select(Pass)).all():
        document = pypdfium2.PdfDocument(sheet_of(found.id).pdf)
        assert len(document) == 1
        text = "".join(document[0].get_textpage().get_text_range().split())
        if printed[found.number] not in text:
            lost.append(printed[found.number])
    assert lost == []
