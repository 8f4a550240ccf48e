"""Chinese first: which language a page is in, and dates as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask

from resume.settings import ROOT
from resume.web.dates import ago_text, day_text, full_text, left_text, moment_text, weekday_text
from resume.web.language import own_path
from tests.reading import reading_client

NINE = datetime(2022, 4, 25, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("accept", "lang"),
    [
        ("zh-CN,en", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-Hant-TW", "zh-Hans"),
        ("en-GB,en;q=0.9,zh;q=0.5", "en"),
        ("fr,en;q=0.3", "en"),
        ("en;q=0,fr", "zh-Hans"),
        ("fr", "zh-Hans"),
        ("", "zh-Hans"),
        ("*", "zh-Hans"),
        (";;q=x,,", "zh-Hans"),
    ],
)
def test_the_browser_is_understood(app: Flask, accept: str, lang: str) -> None:
    answer = reading_client(app).get("/nowhere", headers={"Accept-Language": accept})
    assert f'<html lang="{lang}"' in answer.text
    assert "Accept-Language" in answer.vary


def test_the_choice_goes_before_the_browser_and_stays(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = reading_client(app)
    answer = client.post("/language", data={"lang": "en", "next": "/progress?x=1"})
    assert (answer.status_code, answer.location) == (303, "/progress?x=1")
    page = client.get("/nowhere", headers={"Accept-Language": "zh-CN"}).text
    assert '<html lang="en"' in page
    assert "This page was not found" in page
    client.post("/language", data={"lang": "xx"})
    assert '<html lang="en"' in client.get("/nowhere").text


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:1", "/\t/evil.example"],
)
def test_no_way_off_the_site(target: str) -> None:
    assert own_path(target) == "/"


def test_dates_as_people_read_them() -> None:
    assert moment_text(NINE) == "4月25日（周一）09:00"
    assert moment_text(NINE, "en") == "25 April (Mon) 09:00"
    assert day_text(NINE.date(), year=True) == "2022年4月25日（周一）"
    assert full_text(NINE) == "2022年4月25日 09:00"
    # 16:30 UTC is already the next day in Shanghai.
    assert day_text(datetime(2022, 4, 24, 16, 30, tzinfo=UTC)) == "4月25日（周一）"


@pytest.mark.parametrize(
    ("before", "chinese", "english"),
    [
        (timedelta(seconds=59), "刚刚", "just now"),
        (timedelta(minutes=1), "1 分钟前", "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 分钟前", "59 minutes ago"),
        (timedelta(hours=36), "36 小时前", "36 hours ago"),
        (timedelta(hours=71, minutes=59), "71 小时前", "71 hours ago"),
        (timedelta(hours=72), "3 天前", "3 days ago"),
        (-timedelta(hours=2), "2 小时后", "in 2 hours"),
    ],
)
def test_how_long_ago(before: timedelta, chinese: str, english: str) -> None:
    assert ago_text(NINE - before, NINE) == chinese
    assert ago_text(NINE - before, NINE, "en") == english


def test_what_is_left_and_what_is_past() -> None:
    before, after = NINE - timedelta(hours=9), NINE + timedelta(hours=3, seconds=1)
    assert (left_text(NINE, before), left_text(NINE, before, "en")) == ("还有 9 小时", "9 hours left")
    assert (left_text(NINE, after), left_text(NINE, after, "en")) == ("已过 3 小时", "3 hours ago")
    assert left_text(NINE, NINE) == "还有 0 分钟"


def test_weekdays_are_those_of_shanghai() -> None:
    assert (weekday_text(NINE), weekday_text(NINE, "en")) == ("一", "Mo")
    assert weekday_text(datetime(2022, 4, 24, 16, 30, tzinfo=UTC)) == "一"
    assert weekday_text(NINE.date()) == "一"


def test_every_text_of_the_frame_is_in_english() -> None:
    methods = [
        ("templates/base.html", "jinja2"),
        ("templates/_**.html", "jinja2"),
        ("templates/errors/**.html", "jinja2"),
    ]
    methods += [("resume/web/**.py", "python"), ("resume/refusals.py", "python")]
    keywords = {"_": None, "N_": None, "gettext": None}
    found = extract_from_dir(ROOT, methods, keywords=keywords, directory_filter=_is_ours)
    with (ROOT / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file, locale="en")
    texts = {text for _, _, text, _, _ in found if isinstance(text, str)}
    assert "跳到正文" in texts
    assert "主导航" in texts
    assert not [text for text in texts if not (message := catalog.get(text)) or not message.string]


def _is_ours(folder: str) -> bool:
    return Path(folder).name not in {".venv", ".git", "static", "tests", "build"}


def test_what_a_lazy_text_quotes_is_escaped(app: Flask) -> None:
    from flask import render_template_string
    from flask_babel import lazy_gettext

    with app.test_request_context():
        quoted = lazy_gettext("企业：%(name)s", name="<script>")
        assert render_template_string("{{ quoted }}", quoted=quoted) == "企业：&lt;script&gt;"
