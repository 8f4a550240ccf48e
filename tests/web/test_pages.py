"""Pages and fragments, what follows a change, and how refusals are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resume.roles import Actor
from tests.reading import elements, parse_page, reading_client, text
from tests.web.conftest import make_app

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return reading_client(app)


def test_the_example_with_every_component_reads_well(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "演示城市：2022年4月22日 09:14" in answer.text
    assert "36 小时前" in answer.text
    assert "4月20日（周三）21:14" in answer.text


def test_navigation_is_by_role_and_marks_where_one_is(client: FlaskClient) -> None:
    root, _ = parse_page(client.get("/").text)
    nav = next(element for element in elements(root, "nav") if element.get("aria-label") == "主导航")
    links = {text(link): link.get("aria-current") for link in elements(nav, "a")}
    assert links == {"复工申请": "page", "通行证": None}


@pytest.mark.parametrize(
    ("headers", "is_fragment"),
    [
        ({}, False),
        (HTMX, True),
        (HTMX | {"HX-Boosted": "true"}, False),
        (HTMX | {"HX-History-Restore-Request": "true"}, False),
    ],
)
def test_a_piece_only_where_htmx_asks_for_one(
    client: FlaskClient, headers: dict[str, str], is_fragment: bool
) -> None:
    answer = client.get("/progress", headers=headers)
    assert ("<html" not in answer.text) is is_fragment
    assert "HX-Request" in answer.vary


def test_a_finished_fragment_asks_no_more(client: FlaskClient) -> None:
    assert "hx-get" in client.get("/").text
    assert "hx-get" not in client.get("/progress", headers=HTMX).text


def test_form_errors_are_422_with_the_words_of_ours_and_links_to_the_fields(client: FlaskClient) -> None:
    answer = client.post("/", data={"beds": "many", "starts_on": "soon"})
    assert answer.status_code == 422
    root, _ = parse_page(answer.text)
    summary = {text(link): link.get("href") for link in elements(root, "a") if "：" in text(link)}
    assert summary["企业名称：请填写这一项"] == "#name"
    assert summary["床位：请填写整数"] == "#beds"
    assert summary["开始日期：日期不对，例如 2022-04-25"] == "#starts_on"
    assert "many" in answer.text  # what was typed stays


def test_saved_goes_on_by_303_or_by_a_header_and_says_it_once(client: FlaskClient) -> None:
    good = {
        "name": "  厂\u3000",
        "beds": "3",
        "starts_on": "2022-04-25",
        "kind": "loop",
        "district": "319901",
    }
    plain = client.post("/", data=good)
    assert (plain.status_code, plain.location) == (303, "/")
    assert "已保存" in client.get("/").text
    assert "已保存" not in client.get("/").text
    htmx = client.post("/", data=good, headers=HTMX)
    assert (htmx.status_code, htmx.headers["HX-Redirect"], htmx.text) == (204, "/", "")


def test_a_refusal_says_what_what_next_and_from_when(client: FlaskClient) -> None:
    answer = client.get("/refused/conflict")
    assert answer.status_code == 409
    for words in ("该批次已由他人签发", "请查看签发结果", "4月22日（周五）09:14起可再办理"):
        assert words in answer.text


def test_a_refused_htmx_request_goes_to_the_notice(client: FlaskClient) -> None:
    answer = client.get("/refused/conflict", headers=HTMX)
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#notice"
    assert answer.text.lstrip().startswith('<div id="notice"')


def test_too_many_says_how_long_to_wait(client: FlaskClient) -> None:
    answer = client.get("/refused/often")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("POST", "/progress", 405), ("GET", "/closed", 403)],
)
def test_http_errors_are_pages_in_the_frame(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert "复工通" in answer.text


def test_what_is_too_large_is_413(client: FlaskClient) -> None:
    limit = client.application.config["MAX_CONTENT_LENGTH"]
    answer = client.post("/", data={"roster": "x" * limit})
    assert answer.status_code == 413
    assert "20 MB" in answer.text


def test_a_bug_is_a_500_that_asks_nothing_of_the_reader_and_gives_a_number(tmp_path: Path) -> None:
    def broken() -> Actor:
        raise RuntimeError("the database is away")

    app = make_app(tmp_path)
    app.extensions["resume-actor-loader"] = broken
    answer = reading_client(app).get("/refused/bug")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "310101199001011234" not in answer.text


def test_unsafe_without_token_is_400_with_what_to_do(app: Flask) -> None:
    answer = reading_client(app).post("/", data={})
    assert answer.status_code == 400
    assert "请刷新页面" in answer.text


def test_a_visitor_has_no_navigation(tmp_path: Path, april: object) -> None:
    app = make_app(tmp_path, actor=None)
    page = reading_client(app).get("/").text
    assert "主导航" not in page
    assert "企业人事" not in page
