"""The picture of the loop: its numbers are the table's and the plan's, and it stays inside its frame."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st

from resume.applications import operations
from resume.plans.loop import WIDTH, loop_of
from resume.plans.sections.zones import COLOURS, KINDS
from resume.roles import Role
from tests.applications.conftest import MakeFirm, fill_plan, hr
from tests.conftest import SignIn
from tests.plans.complete import complete_sections

ROWS: list[dict[str, Any]] = complete_sections()["zones"]["rows"]
HTMX = {"HX-Request": "true"}

_row = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([None, *(kind for kind, _title in KINDS)]),
        "name": st.one_of(st.none(), st.text(max_size=60)),
        "colour": st.sampled_from([None, *(colour for colour, _title in COLOURS)]),
        "people": st.one_of(st.none(), st.integers(0, 200_000)),
        "capacity": st.one_of(st.none(), st.integers(0, 200_000)),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_row, max_size=12))
def test_each_use_is_one_box_with_the_sums_of_its_rows(rows: list[dict[str, Any]]) -> None:
    app = Flask(__name__)
    Babel(app, default_locale="zh_Hans")
    with app.app_context():
        loop = loop_of(rows)
        used = {row["kind"] for row in rows if row["kind"]}
        if loop is None:
            assert not used
            return
        assert {area.kind for area in loop.areas} == used == {box.area.kind for box in loop.boxes}
        for area in loop.areas:
            for field in ("people", "capacity"):
                values = [row[field] for row in rows if row["kind"] == area.kind]
                assert getattr(area, field) == (None if None in values else sum(values))
        assert loop.description
        for box in loop.boxes:
            assert 0 <= box.x < box.x + box.width <= WIDTH
            assert 0 <= box.y < box.y + box.height <= loop.height
            assert len(box.short_name) <= 13
        places = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in loop.boxes]
        for at, one in enumerate(places):
            for other in places[at + 1 :]:
                assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_the_picture_says_the_tables_numbers_and_every_colour_in_words(app: Flask) -> None:
    with app.test_request_context():
        loop = loop_of([*ROWS, {**ROWS[2], "name": "四号楼", "people": 40, "capacity": 60}])
        view = type("View", (), {"loop": loop})
        html = render_template("plans/_loop.html", view=view)
    picture, table = html[html.index("<svg") : html.index("</svg>")], html[html.index("<table") :]
    for words in (
        "4 / 20 人",
        "20 / 40 人",
        "500 / 540 人",
        "230 / 460 人",
        "0 / 10 人",
        "绿区",
        "蓝区",
        "黄区",
    ):
        assert words in picture, words
        assert words in table, words
    assert "三号楼、四号楼" in table
    assert "<title" in picture
    assert "500 / 540 人" in picture[picture.index("<desc") : picture.index("</desc>")]
    assert "style=" not in picture
    drawn = [float(size) for size in re.findall(r'font-size="([0-9.]+)"', picture)]
    assert min(drawn) >= 13  # a unit is a pixel on a phone of 390 pixels


def test_no_area_no_picture(app: Flask) -> None:
    with app.test_request_context():
        assert loop_of([]) is None
        assert loop_of([{"kind": None}]) is None


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> int:
    return make_firm()


def test_the_picture_is_on_the_sections_page_and_with_the_answers_and_follows_the_typing(
    app: Flask, sign_in: SignIn, firm_id: int, at: datetime
) -> None:
    reader: FlaskClient = sign_in(Role.HR, firm_id=firm_id)
    assert "rs-loop__picture" not in reader.get("/plan/zones").get_data(as_text=True)
    fill_plan(firm_id, at=at)
    for address in ("/plan/zones", "/plan/answers"):
        assert "460 / 480 人" in reader.get(address).get_data(as_text=True)
    typed = {
        "intent": "check",
        "revision": "0",
        "rows-0-kind": "lodging",
        "rows-0-people": "7",
        "rows-0-capacity": "9",
    }
    said = reader.post("/plan/zones", data=typed, headers=HTMX).get_data(as_text=True)
    assert 'id="loop"' in said
    assert "7 / 9 人" in said


def test_days_of_cover_are_said_beside_each_row_and_follow_the_typing(
    app: Flask, sign_in: SignIn, firm_id: int, at: datetime
) -> None:
    reader: FlaskClient = sign_in(Role.HR, firm_id=firm_id)
    first = reader.get("/plan/supplies").get_data(as_text=True)
    assert first.count('id="check-row-') == 9
    typed = {
        "intent": "check", "revision": "0",
        "rows-3-item": "masks", "rows-3-stock": "139", "rows-3-daily": "10",
        "rows-7-item": "gowns", "rows-7-stock": "140", "rows-7-daily": "10",
        "rows-9-item": "thermometers", "rows-9-stock": "3", "rows-9-daily": "0",
        "rows-11-item": "gloves", "rows-11-stock": "x", "rows-11-daily": "0",
    }  # fmt: skip
    said = reader.post("/plan/supplies", data=typed, headers=HTMX).get_data(as_text=True)
    assert re.search(r'id="check-row-3"[^>]*>够用 13 天，少于 14 天，还缺 1 ', said)
    assert re.search(r'id="check-row-7"[^>]*>够用 14 天 ', said)
    assert re.search(r'id="check-row-9"[^>]*>不按天消耗 ', said)
    assert re.search(r'id="check-row-11"[^>]*>填写库存和日用量后计算 ', said)
    operations.save_section(
        "supplies", complete_sections()["supplies"], firm_id=firm_id, revision=0, by=hr(firm_id), at=at
    )
    assert "够用 14 天" in reader.get("/plan/supplies").get_data(as_text=True)
