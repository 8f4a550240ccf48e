"""The days ahead of a list: the curve, who has to be sampled by when, and what HR reads of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.clock import SHANGHAI, parse_time
from resume.policy import DAYS_AHEAD, Outlook, Span
from resume.roster.forms import Filters
from resume.roster.models import WorkerList
from resume.roster.outlook import Sampling, curves, deadline_of, look_ahead, sampling_key, to_sample
from resume.roster.queries import list_workers, workers_of
from resume.tables.reading import read_table
from tests.conftest import AT
from tests.roster import city
from tests.roster.conftest import Firm
from tests.roster.test_pages import confirm, text

HOUR = timedelta(hours=1)
NAMES = ("甲一", "乙二", "丙三", "丁四", "戊五", "己六")


def shanghai(moment: str) -> datetime:
    return parse_time(f"2022-04-{moment}:00+08:00")


def ahead(*, by: datetime | None = None, in_hand: tuple[Span, ...] = ()) -> Outlook:
    return Outlook((), None, None, None, by, in_hand, in_hand)


@pytest.mark.parametrize(
    ("by", "deadline", "key"),
    [
        ("24T08:00", "24T08:00", "2022-04-24T08:00"),
        ("24T07:59", "23T20:00", "2022-04-23T20:00"),
        ("24T20:00", "24T20:00", "2022-04-24T20:00"),
        ("24T19:59", "24T08:00", "2022-04-24T08:00"),
        # 08:00 of today is past: at once.
        ("22T15:00", None, "now"),
        ("21T15:00", None, "now"),
    ],
)
def test_deadlines_are_round_hours(by: str, deadline: str | None, key: str) -> None:
    found = deadline_of(ahead(by=shanghai(by)), at=AT)
    assert found == (shanghai(deadline) if deadline else None)
    assert sampling_key(found) == key
    assert Filters.of({"sample": key}).query() == {"sample": key}


@pytest.mark.parametrize(
    "wrong", ["2022-04-24T09:00", "2022-04-24", "nowadays", "2022-04-24T08:00:00", " now"]
)
def test_an_unknown_deadline_is_no_filter(wrong: str) -> None:
    assert Filters.of({"sample": wrong}) == Filters()


SPANS = st.tuples(st.integers(-9, 350), st.integers(0, 200)).map(
    lambda hours: Span(AT + HOUR * hours[0], AT + HOUR * (hours[0] + hours[1]))
)


@given(st.lists(st.lists(SPANS, max_size=1), max_size=8))
def test_the_curve_counts_whose_spans_hold_the_moment(found: list[list[Span]]) -> None:
    days = curves([ahead(in_hand=tuple(spans)) for spans in found], at=AT)
    assert len(days) == DAYS_AHEAD
    for day in days:
        assert day.in_hand == sum(span.holds(day.at) for spans in found for span in spans)


def test_the_curve_begins_now_and_goes_on_at_eight() -> None:
    assert [f"{day.at.astimezone(SHANGHAI):%d %H:%M}" for day in curves([], at=AT)[:3]] == [
        "22 09:00",
        "23 08:00",
        "24 08:00",
    ]
    early = curves([], at=AT - 3 * HOUR)
    assert f"{early[0].at.astimezone(SHANGHAI):%d %H:%M}" == "22 08:00"


@pytest.fixture
def worker_list(firm: Firm, evidence: city.Evidence) -> WorkerList:
    """Fresh; stale tonight; too old; a building that clears; a hidden reason; an unknown building."""
    evidence.clean([1]).clean([2], hours=40).clean([3], hours=60).clean([4, 5], hours=20)
    evidence.code(5, "red")
    evidence.clean([6]).screened(firm.buildings.values())
    evidence.case(firm.buildings["B2"], days_ago=6)
    evidence.store()
    rows = enumerate(NAMES, start=1)
    homes = {4: "2号", 6: "9号"}
    return firm.upload(
        *(city.worker(number, name=name, building=homes.get(number, "1号")) for number, name in rows)
    )


def test_a_list_looked_ahead(firm: Firm, worker_list: WorkerList) -> None:
    judged = look_ahead(workers_of(worker_list.id), at=firm.at, plan=None)
    outlooks = [one.ahead for one in judged]
    assert [one.sample_by for one in outlooks] == [
        firm.at + 16 * HOUR,
        firm.at - 4 * HOUR,
        firm.at,
        shanghai("23T12:00"),
        None,
        None,
    ]
    assert outlooks[3].clears_at == shanghai("24T00:00")
    assert to_sample(outlooks, at=firm.at) == [
        Sampling(None, 2),
        Sampling(shanghai("22T20:00"), 1),
        Sampling(shanghai("23T08:00"), 1),
    ]
    days = curves(outlooks, at=firm.at)
    assert [day.in_hand for day in days[:4]] == [2, 1, 0, 0]
    # The building of the fourth clears on the 24th; what is known of the buildings ends on the 28th.
    assert [day.if_sampled for day in days[:4]] == [2, 3, 4, 4]
    assert [day.if_sampled for day in days[5:8]] == [4, 4, 0]


def test_a_stopped_plan_asks_nobody_to_be_sampled(firm: Firm, worker_list: WorkerList) -> None:
    judged = look_ahead(workers_of(worker_list.id), at=firm.at, plan="suspended")
    assert to_sample([one.ahead for one in judged], at=firm.at) == []


def test_looking_ahead_asks_no_more_than_the_verdicts(
    firm: Firm, evidence: city.Evidence, statements: list[str]
) -> None:
    evidence.clean(range(200), hours=40).screened(firm.buildings.values()).store()
    asked = []
    for size in (3, 200):
        rows = [city.worker(number, building=f"{number % 3 + 1}号") for number in range(size)]
        workers = list_workers(firm.upload(*rows).id, firm_id=firm.id)
        statements.clear()
        judged = look_ahead(workers, at=firm.at, plan=None)
        to_sample([one.ahead for one in judged], at=firm.at)
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 8


def test_the_page_of_those_to_be_sampled(firm: Firm, worker_list: WorkerList) -> None:
    confirm(firm, worker_list)
    whole = firm.client.get("/list")
    shown = text(whole)
    assert "4月22日（周五）20:00前：1" in shown
    assert "立即：2" in shown
    assert "请在4月22日（周五）20:00前采样" in shown
    assert "请在4月22日（周五）" not in row(whole, "戊五")
    for key, names in (("now", "乙二 丙三"), ("2022-04-22T20:00", "甲一"), ("2022-04-29T08:00", "")):
        page = text(firm.client.get(f"/list?sample={key}"))
        assert {name for name in ["甲一", "乙二", "丙三", "丁四", "戊五", "己六"] if name in page} == set(
            names.split()
        )
        assert f"筛选出 {len(names.split())} 人" in page
    assert "已选的期限" in page


def test_the_page_of_one_worker_says_what_his_days_are(firm: Firm, worker_list: WorkerList) -> None:
    shown = {
        worker.row: text(firm.client.get(f"/list/workers/{worker.id}"))
        for worker in workers_of(worker_list.id)
    }
    assert "核酸有效至 4月23日（周六）13:00（还有 28 小时）" in shown[2]
    assert "下次采样 请在4月22日（周五）20:00前采样" in shown[2]
    assert "凭现有证据可到岗 4月22日（周五）09:00至4月23日（周六）13:00" in shown[2]
    assert "核酸有效至 4月22日（周五）17:00（还有 8 小时）" in shown[3]
    assert "下次采样 请立即采样" in shown[3]
    assert "核酸有效至 4月21日（周四）21:00（已过 12 小时）" in shown[4]
    assert "自行解除 4月24日（周日）00:00（还有 39 小时）" in shown[5]
    assert "本系统假定" in shown[5]
    for one in shown.values():
        assert "未来 14 天" in one


def row(response: Any, name: str) -> str:
    """What the row of that worker says."""
    html = response.get_data(as_text=True)
    (found,) = [one for one in re.findall(r"<tr.*?</tr>", html, re.S) if name in one]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found))


def test_hr_reads_the_same_whichever_hidden_reason_there_is(firm: Firm, evidence: city.Evidence) -> None:
    """Same samples, another reason: the rows and the pages differ in nothing but name and number."""
    evidence.clean(range(1, 5), hours=40).screened(firm.buildings.values())
    evidence.review(firm.buildings["B3"], 1)
    evidence.code(2, "red")
    evidence.review(firm.buildings["B2"], 9)
    evidence.store()
    made = firm.upload(
        city.worker(1, name="某人", room="1", building="3号"),
        city.worker(2, name="某人", room="1"),
        city.worker(3, name="某人", room="1", building="2号"),
        city.worker(9, name="别人", room="1", building="2号"),
    )
    confirm(firm, made)
    pages = [text(firm.client.get(f"/list/workers/{worker.id}")) for worker in workers_of(made.id)[:3]]
    clocks = {page[page.index("未来 14 天") : page.index("各项结论")] for page in pages}
    assert len(clocks) == 1
    (clock,) = clocks
    assert "健康证据不符合要求" in clock
    assert "核酸有效至 4月22日（周五）17:00" in clock
    assert "仅凭核酸不能改变结论" in clock
    assert "采样期限" not in text(firm.client.get("/list")).split("核酸和采样")[0]


def test_those_to_be_sampled_as_a_file(firm: Firm, make_firm: Any, worker_list: WorkerList) -> None:
    confirm(firm, worker_list)
    address = f"/list/{worker_list.id}/sampling.xlsx"
    link = firm.client.get("/list?sample=2022-04-22T20:00").get_data(as_text=True)
    assert f'href="{address}?sample=2022-04-22T20:00"' in link
    for query, names in (
        ("", NAMES[:4]),
        ("?sample=now", NAMES[1:3]),
        ("?sample=2022-04-22T20:00", NAMES[:1]),
    ):
        answer = firm.client.get(address + query)
        assert answer.headers["Cache-Control"] == "no-store"
        rows = [row.cells for row in read_table(answer.get_data(), "x.xlsx").rows]
        assert [cells[1] for cells in rows] == list(names)
    (first,) = rows
    assert first[2].startswith("319***")
    assert list(first[6:]) == ["2022-04-23 13:00", "", "2022-04-22 20:00"]
    assert make_firm("91310115MA1K00002B").client.get(address).status_code == 404
