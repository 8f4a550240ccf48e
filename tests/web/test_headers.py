"""Headers, cookies, the cache, the request log."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask import Flask

from resume.web.request_log import configure_logging
from tests.reading import reading_client
from tests.web.conftest import make_app


@pytest.mark.parametrize("path", ["/", "/refused/conflict", "/nowhere", "/static/resume.css", "/refused/bug"])
def test_the_strict_policy_is_on_every_answer(app: Flask, path: str) -> None:
    answer = reading_client(app).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_the_gate_alone_compiles_and_sees(app: Flask) -> None:
    answer = reading_client(app).get("/gate")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "'unsafe-eval'" not in policy
    assert "camera=(self)" in answer.headers["Permissions-Policy"]


def test_pages_are_not_kept_and_versioned_files_are(app: Flask) -> None:
    client = reading_client(app)
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-store"
    start = page.text.index("/static/resume.css?v=")
    versioned = client.get(page.text[start : page.text.index('"', start)])
    assert "immutable" in versioned.headers["Cache-Control"]
    assert "no-cache" in client.get("/static/resume.css").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("address", "prefix"), [("https://pass.example", "__Host-"), ("http://127.0.0.1:8000", "")]
)
def test_cookies(tmp_path: Path, april: object, address: str, prefix: str) -> None:
    client = reading_client(make_app(tmp_path, public_url=address))
    session = client.get("/", base_url=address).headers["Set-Cookie"]
    assert session.startswith(f"{prefix}resume=")
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert ("Secure" in session) is bool(prefix)
    assert "Domain" not in session
    assert ("Strict-Transport-Security" in client.get("/", base_url=address).headers) is bool(prefix)


def test_the_log_has_the_route_and_no_personal_data(app: Flask) -> None:
    lines = io.StringIO()
    configure_logging(lines)
    client = reading_client(app)
    secret = "310101199001011234"  # an exception's message, a query and a path hold it
    client.get(f"/?document={secret}", headers={"X-Request-Id": "forged"})
    answer = client.get(f"/refused/{secret}")
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert secret not in lines.getvalue()
    assert "forged" not in lines.getvalue()
    bug, request = written[-2:]
    assert (bug["event"], bug["exception"]) == ("bug", "ZeroDivisionError")
    assert any("conftest.py" in frame for frame in bug["frames"])
    assert (request["route"], request["status"]) == ("/refused/<kind>", 500)
    assert bug["request_id"] == request["request_id"] == answer.headers["X-Request-Id"]
