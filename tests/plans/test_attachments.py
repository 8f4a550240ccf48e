"""Attachments of a plan: who adds, sees and removes them, and which version has them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from resume.applications import operations
from resume.applications.models import Application
from resume.applications.queries import find_current
from resume.db import reading, transaction
from resume.papers.reading import check_paper
from resume.plans import attached
from resume.plans.models import Attachment, PlanVersion
from resume.plans.queries import find_current_version
from resume.roles import Role
from resume.sealing import Unsealable
from tests.applications.conftest import MakeFirm, add_list, hr, person, submitted_case
from tests.conftest import SignIn
from tests.passes.conftest import MakeCity, city_of
from tests.plans import files
from tests.plans.complete import complete_sections

__all__ = ["city_of"]

PUDONG = {"district_code": "310115"}


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


@pytest.fixture
def reader(sign_in: SignIn, firm_id: int) -> FlaskClient:
    return sign_in(Role.HR, firm_id=firm_id)


def upload(
    reader: FlaskClient, data: bytes, name: str = "平面图.pdf", kind: str = "floor_plan"
) -> TestResponse:
    return reader.post(
        "/plan/attachments/files",
        data={"kind": kind, "file": (BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def kept() -> list[Attachment]:
    return list(reading().scalars(select(Attachment).order_by(Attachment.added_at, Attachment.id)))


def test_a_file_is_kept_sealed_and_handed_out_as_a_file(reader: FlaskClient, firm_id: int) -> None:
    data = files.pdf()
    answer = upload(reader, data)
    assert (answer.status_code, answer.location) == (303, "/plan/attachments")
    row = kept()[0]
    assert (row.kind, row.file_name, row.size) == ("floor_plan", "平面图.pdf", len(data))
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert data[:8] not in row.sealed
    page = reader.get("/plan/attachments").get_data(as_text=True)
    for words in ("平面图.pdf", "厂区平面图（标明分区）", row.sha256[:16], reader.account.name, "1 KB"):  # type: ignore[attr-defined]
        assert words in page
    got = reader.get(f"/plan/attachments/{row.id}")
    assert got.data == data
    assert got.mimetype == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    ("name", "data", "status", "said"),
    [
        ("a.pdf", b"", 422, "文件是空的（0 字节）"),
        ("a.pdf", b"MZ" + bytes(99), 415, "文件内容是 EXE"),
        ("a.pdf", files.picture("PNG"), 415, "a.pdf 的内容是 PNG"),
        ("../../a.pdf", files.pdf(), 422, "文件名不能含有路径"),
        ("a.pdf", files.pdf_with_password(), 422, "设有打开密码"),
        ("a.png", files.png_bomb(90_000, 90_000), 422, "像素过大"),
        ("a.pdf", b"%PDF-" + bytes(10 * 2**20), 413, "超过每份 10 MB"),
    ],
)
def test_what_is_not_taken_is_said_on_the_page_and_nothing_is_kept(
    reader: FlaskClient, firm_id: int, name: str, data: bytes, status: int, said: str
) -> None:
    answer = upload(reader, data, name)
    assert answer.status_code == status
    assert answer.get_data(as_text=True).count(said) >= 2  # in the summary and beside the field
    assert not kept()
    assert find_current_version(firm_id=firm_id) is None


def test_of_several_files_the_good_ones_are_kept_and_the_others_said(reader: FlaskClient) -> None:
    several = [(BytesIO(files.picture()), "一.jpg"), (BytesIO(b""), "二.jpg"), (BytesIO(b"MZ"), "三.jpg")]
    answer = reader.post("/plan/attachments/files", data={"kind": "lodging_photos", "file": several})
    assert answer.status_code == 422
    said = answer.get_data(as_text=True)
    assert "0 字节" in said
    assert "EXE" in said
    assert [row.file_name for row in kept()] == ["一.jpg"]
    assert "一.jpg" in said


def test_a_request_that_is_larger_than_any_file_is_cut_off(reader: FlaskClient) -> None:
    assert upload(reader, bytes(21 * 2**20)).status_code == 413


def test_without_a_file_or_a_kind_nothing_happens(reader: FlaskClient) -> None:
    assert reader.post("/plan/attachments/files", data={"kind": "floor_plan"}).status_code == 422
    assert upload(reader, files.pdf(), kind="casino").status_code == 422
    assert not kept()


def test_the_same_file_twice_is_one_and_too_many_are_refused(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert upload(reader, files.pdf()).status_code == upload(reader, files.pdf()).status_code == 303
    assert len(kept()) == 1
    monkeypatch.setattr(attached, "MOST", 1)
    answer = upload(reader, files.pdf(2))
    assert answer.status_code == 413
    assert "附件已有 1 份" in answer.get_data(as_text=True)
    monkeypatch.setattr(attached, "MOST", 30)
    monkeypatch.setattr(attached, "MOST_BYTES", len(files.pdf()) + 1)
    assert upload(reader, files.pdf(2)).status_code == 413
    assert len(kept()) == 1


def test_a_draft_lets_a_file_go_and_a_submitted_version_keeps_it(
    app: Flask, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    upload(reader, files.pdf())
    upload(reader, files.pdf(2), "报告.pdf", "safety_report")
    gone, stays = (row.id for row in sorted(kept(), key=lambda row: row.size))
    assert reader.post(f"/plan/attachments/files/{gone}/removal").status_code == 303
    assert [row.id for row in kept()] == [stays]
    assert reader.get(f"/plan/attachments/{gone}").status_code == 404
    submitted_case_of(firm_id, at=at)
    first = find_current_version(firm_id=firm_id)
    assert first is not None
    # A new file begins a draft, which has the old one too; taking that out leaves the first version whole.
    upload(reader, files.picture(), "照片.jpg", "lodging_photos")
    draft = find_current_version(firm_id=firm_id)
    assert draft is not None
    assert (draft.number, find_current(firm_id=firm_id).state) == (2, "draft")  # type: ignore[union-attr]
    assert [paper.file_name for paper in attached.list_papers(draft)] == ["报告.pdf", "照片.jpg"]
    assert reader.post(f"/plan/attachments/files/{stays}/removal").status_code == 303
    reading().rollback()
    assert [paper.file_name for paper in attached.list_papers(draft)] == ["照片.jpg"]
    assert [paper.file_name for paper in attached.list_papers(first)] == ["报告.pdf"]
    assert reader.get(f"/plan/attachments/{stays}").status_code == 200
    assert "报告.pdf" in reader.get(f"/plan/versions/{first.id}").get_data(as_text=True)
    assert reader.post(f"/plan/attachments/files/{stays}/removal").status_code == 404


def submitted_case_of(firm_id: int, *, at: datetime) -> UUID:
    """The firm's complete plan submitted, keeping what was attached before."""
    for number, (key, values) in enumerate(complete_sections().items()):
        operations.save_section(key, values, firm_id=firm_id, revision=99 + number, by=hr(firm_id), at=at)
    add_list(firm_id, [person(firm_id)], at=at)
    return operations.submit(firm_id, revision=0, by=hr(firm_id), at=at).id


def test_reviewers_of_the_district_see_the_files_of_the_case_and_nobody_else_does(
    app: Flask, city_of: MakeCity, make_firm: MakeFirm, sign_in: SignIn, at: datetime
) -> None:
    city = city_of(workers=2)
    paper = check_paper(files.pdf(), "平面图.pdf")
    with transaction() as session:
        case = session.get_one(Application, city.application_id)
        version = session.get_one(PlanVersion, case.plan_version_id)
        version.sections = complete_sections()
        row = attached.attach(version, "floor_plan", paper, by=hr(city.firm_id), at=at)
    address, printed = f"/review/{case.id}/attachments/{row.id}", f"/review/{case.id}/plan.pdf"
    reviewer = sign_in(Role.REVIEWER, **PUDONG)
    page = reviewer.get(f"/review/{case.id}").get_data(as_text=True)
    assert address in page
    assert printed in page
    assert "承诺书写明 460 人，花名册可受理 2 人" in page
    got = reviewer.get(address)
    assert (got.status_code, got.data) == (200, files.pdf())
    assert got.headers["Content-Security-Policy"].startswith("sandbox;")
    assert sign_in(Role.SIGN_OFF, **PUDONG).get(address).status_code == 200
    assert reviewer.get(printed).data.startswith(b"%PDF-")
    foreign = sign_in(Role.REVIEWER, district_code="310112")
    assert foreign.get(address).status_code == foreign.get(printed).status_code == 404
    stranger = sign_in(Role.HR, firm_id=make_firm())
    assert stranger.get(f"/plan/attachments/{row.id}").status_code == 404
    assert stranger.get(f"/plan/versions/{version.id}/plan.pdf").status_code == 404
    assert stranger.post(f"/plan/attachments/files/{row.id}/removal").status_code == 404
    assert sign_in(Role.STEWARD).get(f"/plan/attachments/{row.id}").status_code == 403
    assert [one.id for one in kept()] == [row.id]


def test_a_file_moved_to_another_row_does_not_open(app: Flask, firm_id: int, at: datetime) -> None:
    first = operations.attach(firm_id, "other", check_paper(files.pdf(), "a.pdf"), by=hr(firm_id), at=at)
    second = operations.attach(firm_id, "other", check_paper(files.pdf(2), "b.pdf"), by=hr(firm_id), at=at)
    assert attached.content_of(first) == files.pdf()
    first.sealed = second.sealed
    with pytest.raises(Unsealable):
        attached.content_of(first)
    reading().rollback()


def test_a_plan_is_read_in_as_many_statements_whatever_is_attached(
    app: Flask, reader: FlaskClient, firm_id: int, at: datetime, statements: list[str]
) -> None:
    counts = []
    for pages in (1, 2, 3):
        upload(reader, files.pdf(pages), f"{pages}.pdf")
        statements.clear()
        reader.get("/plan/answers")
        counts.append(len(statements))
        # Contents are not read for a list.
        assert not any("plan_attachment.sealed" in statement for statement in statements)
    assert len(set(counts)) == 1


def test_a_promise_for_another_number_of_people_is_shown(
    app: Flask, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    submitted_case(firm_id, at=at)
    assert "承诺书写明 460 人，花名册可受理 3 人" in reader.get("/case").get_data(as_text=True)
