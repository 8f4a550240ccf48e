"""The printed plan: every answer, check and digest is on it, in both languages, and every glyph is drawn."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from uuid import UUID

import pypdfium2 as pdfium
import pytest
from flask import Flask
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont

from resume.applications import operations
from resume.papers.reading import check_paper
from resume.plans.completeness import judge_all
from resume.plans.models import PlanVersion
from resume.plans.queries import find_current_version
from resume.plans.sections import SECTIONS
from resume.printing import REGULAR, ForeignFile, printer
from resume.roles import Role
from resume.settings import ROOT
from tests.applications.conftest import MakeFirm, fill_plan, hr, submitted_case
from tests.conftest import SignIn
from tests.plans import files
from tests.plans.complete import answers_with


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


@pytest.fixture
def reader(sign_in: SignIn, firm_id: int) -> FlaskClient:
    return sign_in(Role.HR, firm_id=firm_id)


def squeezed(text: object) -> str:
    """Text as a PDF gives it back: lines broken anywhere, compatibility forms of the same glyph."""
    return re.sub(r"[\s\u00ad\ufffe]+", "", unicodedata.normalize("NFKC", str(text)))


def pages_of(data: bytes) -> list[str]:
    document = pdfium.PdfDocument(data)
    try:
        return [document[number].get_textpage().get_text_range() for number in range(len(document))]
    finally:
        document.close()


def current(firm_id: int) -> PlanVersion:
    version = find_current_version(firm_id=firm_id)
    assert version is not None
    return version


def printed(reader: FlaskClient, version_id: UUID) -> bytes:
    answer = reader.get(f"/plan/versions/{version_id}/plan.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def test_the_paper_has_every_answer_check_and_digest(
    app: Flask, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    paper = check_paper(files.pdf(), "厂区平面图.pdf")
    operations.attach(firm_id, "floor_plan", paper, by=hr(firm_id), at=at)
    submitted_case(firm_id, at=at)
    answer = reader.get(f"/plan/versions/{current(firm_id).id}/plan.pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    pages = pages_of(answer.data)
    whole = squeezed("".join(pages))
    for section in SECTIONS:
        assert squeezed(section.title) in whole
    for view in judge_all(answers_with(), {}):
        said = [text for pair in (view.shown, *view.shown_rows) for _field, text in pair]
        said += [field.label for field, _text in view.shown]
        said += [result.text for result in view.results if view.section.key != "attachments"]
        for text in said:
            assert squeezed(text) in whole, f"{view.section.key}: {text}"
    for text in (
        paper.sha256, "厂区平面图.pdf", "第 1 版", "2022年4月22日 09:05",
        "已上传 1 份", "现场查验：安全生产检查报告",
    ):  # fmt: skip
        assert squeezed(text) in whole
    for number, text in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in text
        assert number == 1 or "第 1 版" in text


def test_the_paper_speaks_the_readers_language_and_says_that_it_is_a_draft(
    app: Flask, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    fill_plan(firm_id, at=at)
    version_id = current(firm_id).id
    assert "草稿" in pages_of(printed(reader, version_id))[0]
    reader.post("/language", data={"lang": "en"})
    english = "".join(pages_of(printed(reader, version_id)))
    for words in ("Draft", "Days of cover", "14 days", "Legal representative"):
        assert words in english, words
    leads = [text for text in re.findall("[一-龥]{12,}", english) if text not in _typed()]
    assert not leads  # sentences of ours are English; what people typed stays


def _typed() -> str:
    return str(answers_with().sections)


def test_every_character_is_drawn_by_a_declared_font(
    app: Flask, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    fill_plan(firm_id, at=at)
    text = "".join(pages_of(printed(reader, current(firm_id).id)))
    known = TTFont(str(REGULAR), lazy=True).getBestCmap()
    missing = {char for char in text if ord(char) not in known and char.isprintable()}
    assert not missing


def test_a_version_submitted_under_fewer_sections_is_printed_as_it_was(
    app: Flask, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    submitted_case(firm_id, at=at)
    from resume.db import transaction

    with transaction() as session:
        version = session.get_one(PlanVersion, current(firm_id).id)
        quiet = version.sections["quiet"]
        kept = {key: version.sections[key] for key in ("firm", "lodging")}
        kept["lodging"] |= {"quiet_days": quiet["days"], "quiet_place": "旧静止区"}
        version.sections = kept
    whole = squeezed("".join(pages_of(printed(reader, version.id))))
    assert squeezed("提交时没有这一部分") in whole
    assert "旧静止区" in whole
    page = reader.get(f"/plan/versions/{version.id}").get_data(as_text=True)
    assert "提交时没有这一部分" in page
    assert "旧静止区" in page


def test_what_was_typed_is_text_on_the_paper(
    app: Flask, reader: FlaskClient, firm_id: int, at: datetime
) -> None:
    fill_plan(firm_id, at=at)
    hostile = '<img src="file:///etc/passwd"><script>x</script>&amp;'
    values = current(firm_id).sections["welfare"] | {"meals": hostile}
    operations.save_section("welfare", values, firm_id=firm_id, revision=16, by=hr(firm_id), at=at)
    assert squeezed(hostile) in squeezed("".join(pages_of(printed(reader, current(firm_id).id))))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x", "//host/x"])
def test_a_paper_fetches_nothing_but_its_own_files(address: str) -> None:
    with pytest.raises((ForeignFile, ValueError)):
        printer(ROOT / "static/plan.css").pdf(f'<img src="{address}">', identifier=b"x")
        raise ValueError("an address without a base is not fetched at all")


def test_a_version_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    assert reader.get(f"/plan/versions/{UUID(int=1)}/plan.pdf").status_code == 404
