"""The desk's curve and the lines of who has to be sampled: the numbers, the picture, and its table."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.applications.operations import confirm_list
from resume.board.picture import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, draw, round_above
from resume.db import transaction
from resume.plans.models import Plan
from resume.roster.outlook import Day
from tests.conftest import AT
from tests.roster import city
from tests.roster.conftest import HR, Firm, buildings, evidence, firm, make_firm  # noqa: F401 - fixtures
from tests.roster.test_pages import text


def days(*counts: tuple[int, int]) -> list[Day]:
    return [Day(AT + timedelta(days=number), *pair) for number, pair in enumerate(counts)]


COUNTS = st.tuples(st.integers(0, 12_000), st.integers(0, 12_000)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(COUNTS, min_size=2, max_size=14))
def test_everything_drawn_is_in_the_picture(counts: list[tuple[int, int]]) -> None:
    curve = draw(days(*counts))
    for line in (curve.in_hand, curve.if_sampled):
        points = [tuple(map(float, point.split(","))) for point in line.points.split()]
        assert len(points) == len(counts)
        assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in points)
        assert 0 < line.label_y < HEIGHT - 50
    assert round(curve.in_hand.label_y - curve.if_sampled.label_y, 6) >= 17  # both are whole tenths
    assert curve.grid[-1][1] >= max(map(max, counts))
    assert (curve.in_hand.last, curve.if_sampled.last) == counts[-1]


@pytest.mark.parametrize(("count", "top"), [(0, 2), (2, 2), (3, 4), (7, 10), (471, 600), (9001, 10000)])
def test_the_axis_ends_at_a_round_number(count: int, top: int) -> None:
    assert round_above(count) == top


@pytest.fixture
def at_work(firm: Firm, evidence: city.Evidence) -> Firm:  # noqa: F811
    """A firm with a confirmed list: stale tonight, fresh, too old, a red code, and one never sampled."""
    evidence.clean([1], hours=40).clean([2]).clean([3], hours=60).clean([4]).screened(firm.buildings.values())
    evidence.code(4, "red")
    evidence.store()
    made = firm.upload(*(city.worker(number) for number in range(1, 6)))
    confirm_list(made.id, firm_id=firm.id, by=HR, at=firm.at)
    return firm


def test_the_desk_says_who_has_to_be_sampled_and_links_there(at_work: Firm) -> None:
    page = at_work.client.get("/")
    html = page.get_data(as_text=True)
    assert "2 人需立即采样" in text(page)
    assert "1 人需在4月22日（周五）20:00前采样" in text(page)
    for key, count in (("now", 2), ("2022-04-22T20%3A00", 1)):
        assert f'href="/list?sample={key}"' in html
        assert f"筛选出 {count} 人" in text(at_work.client.get(f"/list?sample={key}"))


def test_the_desk_draws_both_curves_beside_their_table(at_work: Firm) -> None:
    page = at_work.client.get("/")
    html, shown = page.get_data(as_text=True), text(page)
    assert html.count("<polyline") == 2
    assert "凭现有证据：今天 2 人，5月5日（周四） 0 人。按时采样：5月5日（周四） 0 人。" in shown
    table = re.findall(r"<tr.*?</tr>", html[html.index("各天的人数") :], re.S)[1:]
    numbers = [[int(number) for number in re.findall(r"rs-cell\">(\d+)</div>", row)] for row in table]
    assert numbers == [[2, 2], [1, 3], *[[0, 3]] * 5, *[[0, 0]] * 7]
    assert "（现在）" in shown
    assert "本系统假定" in shown


def test_without_a_list_there_is_no_curve(firm: Firm) -> None:  # noqa: F811
    assert "<polyline" not in firm.client.get("/").get_data(as_text=True)


def test_a_suspended_plan_leaves_nobody_eligible_on_the_desk_as_on_the_list(at_work: Firm) -> None:
    with transaction() as session:
        plan = session.query(Plan).filter_by(firm_id=at_work.id).one_or_none()
        if plan is None:
            session.add(Plan(firm_id=at_work.id, state="suspended"))
        else:
            plan.state = "suspended"
    shown = text(at_work.client.get("/"))
    assert "5 人目前不符合条件" in shown
    assert "采样 " not in shown.split("可到岗人数")[0].split("今日要办")[1]


def test_the_desk_in_english(at_work: Firm) -> None:
    at_work.client.post("/language", data={"lang": "en", "next": "/"})
    shown = text(at_work.client.get("/"))
    assert "need a sample at once" in shown
