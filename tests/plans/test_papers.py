"""What may be attached, found out by content; and what is refused, each with its status and words."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from resume.papers.kinds import JPEG, MOST_NAME, PDF, PNG, Limits, is_path, kept_name
from resume.papers.reading import check_paper
from resume.papers.refused import TEXTS, PaperRefused
from tests.plans import files


@pytest.mark.parametrize(
    ("name", "data", "kept", "media"),
    [
        ("平面图.pdf", files.pdf(3), "平面图.pdf", PDF),
        ("照片.JPG", files.picture("JPEG"), "照片.JPG", JPEG),
        ("照片.jpeg", files.picture("JPEG", mode="CMYK"), "照片.jpeg", JPEG),
        ("a.png", files.picture("PNG", mode="P"), "a.png", PNG),
        ("a.png", files.picture("PNG", mode="RGBA"), "a.png", PNG),
        # A messenger's picture often has another picture's name: the content gives it its own.
        ("微信图片.png", files.picture("JPEG"), "微信图片.jpg", JPEG),
        ("微信图片.jpg", files.picture("PNG"), "微信图片.png", PNG),
        # A mark that turns the text round would show fdp.exe as exe.pdf.
        ("plan\u202efdp.pdf", files.pdf(), "planfdp.pdf", PDF),
        ("长" * 300 + ".pdf", files.pdf(), "长" * (MOST_NAME - 4) + ".pdf", PDF),
    ],
)
def test_what_a_file_is_its_content_says(name: str, data: bytes, kept: str, media: str, words: Flask) -> None:
    paper = check_paper(data, name)
    assert (paper.name, paper.media_type) == (kept, media)
    if media == PDF:
        assert paper.data == data
    else:
        Image.open(BytesIO(paper.data)).verify()


@pytest.mark.parametrize(
    ("name", "data", "code", "status"),
    [
        ("a.pdf", b"", "empty", 422),
        ("../../etc/passwd.pdf", files.pdf(), "name", 422),
        ("..\\..\\boot.pdf", files.pdf(), "name", 422),
        ("a\x00.pdf", files.pdf(), "name", 422),
        ("..", files.pdf(), "name", 422),
        ("", files.pdf(), "name", 422),
        ("a.pdf", b"MZ\x90\x00" + bytes(200), "type", 415),
        ("a.pdf", b"<html><script>alert(1)</script>", "type", 415),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "type", 415),
        ("a.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(60), "type", 415),
        ("a.docx", b"PK\x03\x04" + bytes(60), "type", 415),
        ("a.png", files.picture("GIF"), "type", 415),
        ("a.pdf", files.picture("PNG"), "renamed", 415),
        ("a.png", files.pdf(), "renamed", 415),
        ("a.exe", files.pdf(), "renamed", 415),
        ("a", files.pdf(), "renamed", 415),
        ("a.pdf", b"%PDF-1.7\nnothing", "damaged", 422),
        ("a.jpg", files.picture("JPEG", (400, 400))[:900], "damaged", 422),
        ("a.png", files.picture("PNG")[:40], "damaged", 422),
        ("a.pdf", files.pdf_with_password(), "encrypted", 422),
        ("a.pdf", files.pdf_with_script(), "active", 422),
        ("a.pdf", files.pdf_with_file(), "active", 422),
        ("a.pdf", files.pdf(301), "pages", 422),
        ("a.png", files.png_bomb(100_000, 100_000), "pixels", 422),
        ("a.png", files.png_bomb(30_001, 2), "pixels", 422),
        ("a.png", files.png_bomb(8_000, 7_000), "damaged", 422),
    ],
)
def test_what_is_not_taken_is_said_in_words(
    name: str, data: bytes, code: str, status: int, words: Flask
) -> None:
    with pytest.raises(PaperRefused) as refused:
        check_paper(data, name)
    assert (refused.value.code, refused.value.status) == (f"paper_{code}", status)
    assert "%(" not in f"{refused.value.message}{refused.value.advice}"


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_is_not(words: Flask) -> None:
    data = files.pdf()
    exact = Limits(max_bytes=len(data))
    assert check_paper(data, "a.pdf", exact).data == data
    with pytest.raises(PaperRefused) as refused:
        check_paper(data + b"\n", "a.pdf", exact)
    assert (refused.value.code, refused.value.status) == ("paper_too_large", 413)


def test_a_child_that_takes_too_much_is_ended(words: Flask) -> None:
    for limits in (Limits(memory=60 * 2**20), Limits(wall_seconds=0.001)):
        with pytest.raises(PaperRefused) as refused:
            check_paper(files.picture("PNG", (5000, 5000)), "a.png", limits)
        assert refused.value.code in ("paper_gave_up", "paper_damaged")


def test_a_picture_is_written_anew_upright_and_without_its_secrets(words: Flask) -> None:
    data = files.jpeg_with_place()
    assert b"CameraOfSecrets" in data
    kept = check_paper(data, "a.jpg").data
    picture = Image.open(BytesIO(kept))
    assert picture.size == (40, 60)
    assert not picture.getexif()
    for secret in (b"SECRET", b"Exif"):
        assert secret not in kept


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_a_kept_name_is_harmless_whatever_was_typed(name: str) -> None:
    kept = kept_name(name, PDF)
    assert kept.lower().endswith(".pdf")
    assert len(kept) <= MOST_NAME
    assert kept.isprintable()
    if not is_path(name):
        assert "/" not in kept
        assert "\\" not in kept


def test_every_refusal_has_one_of_three_statuses() -> None:
    assert {status for status, _message, _advice in TEXTS.values()} == {413, 415, 422}
