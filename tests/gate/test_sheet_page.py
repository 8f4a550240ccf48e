"""/verify: a file that anybody hands in, told layer by layer."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resume.credential.token import parse
from resume.gate.routes import papers
from resume.passes.sheets import sheet_of
from resume.people.masking import mask_name
from tests.gate.conftest import Way
from tests.reading import reading_client

TONES = re.compile(r'data-layer="(\w+)" data-tone="(\w+)"')


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    return reading_client(app)


def told(client: FlaskClient, data: bytes, name: str = "pass.pdf") -> tuple[int, dict[str, str], str]:
    response = client.post("/verify", data={"file": (io.BytesIO(data), name)})
    text = response.get_data(as_text=True)
    return response.status_code, dict(TONES.findall(text)), text


def test_a_sheet_as_it_was_handed_out_is_good_in_every_layer(anybody: FlaskClient, way: Way) -> None:
    status, tones, text = told(anybody, sheet_of(way.first().id).pdf)
    assert (status, tones) == (200, dict.fromkeys(("text", "qr", "signature", "file"), "go"))
    assert 'data-verdict="go"' in text
    name = parse(way.token()).claims.payload.name
    assert name not in text
    assert mask_name(name) in text


def test_a_changed_byte_breaks_the_signature_and_the_file_and_nothing_else(
    anybody: FlaskClient, way: Way
) -> None:
    pdf = sheet_of(way.first().id).pdf
    place = pdf.index(b"/Producer") + len(b"/Producer") + 3
    _, tones, text = told(anybody, pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :])
    assert tones == {"text": "go", "qr": "go", "signature": "stop", "file": "stop"}
    assert 'data-verdict="stop"' in text


def test_without_its_signature_the_text_and_the_qr_are_still_told(anybody: FlaskClient, way: Way) -> None:
    pdf = sheet_of(way.first().id).pdf
    unsigned = pdf.replace(b"/ByteRange", b"/ByteXange").replace(b"/Type/Sig", b"/Type/Sog")
    _, tones, _ = told(anybody, unsigned)
    assert tones == {"text": "go", "qr": "go", "signature": "stop", "file": "stop"}


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n", b"x", b"%PDF-1.4\n" + b"\0" * 9000]
)
def test_what_is_no_sheet_is_refused_in_every_layer(anybody: FlaskClient, way: Way, data: bytes) -> None:
    status, tones, text = told(anybody, data)
    assert status == 200
    assert {tones[layer] for layer in ("text", "qr", "signature")} == {"stop"}
    assert 'data-verdict="stop"' in text


def test_nothing_and_too_much_are_said_beside_the_field(anybody: FlaskClient, way: Way) -> None:
    assert anybody.post("/verify", data={}).status_code == 422
    status, tones, text = told(anybody, b"%PDF-1.7" + b" " * 300_000)
    assert (status, tones) == (422, {})
    assert "文件太大" in text


def test_who_asks_too_often_waits_as_told(anybody: FlaskClient, way: Way, monkeypatch) -> None:
    monkeypatch.setattr(papers, "LIMIT", 2)
    assert [told(anybody, b"x")[0] for _ in range(3)] == [200, 200, 429]
    response = anybody.post("/verify", data={"file": (io.BytesIO(b"x"), "x.pdf")})
    assert 0 < int(response.headers["Retry-After"]) <= 60
