"""Pages of buildings, zones and screenings; what firms and reviewers read of a building, without a person."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from resume.places.register import building_ids_of
from resume.roles import Role
from tests.conftest import SignIn
from tests.evidence.test_zones import id_of, on, screened, zone
from tests.intake.feeding import case_row, good, place_row, review_row

DISTRICT = "310115"
LEFT = {"transferred_at": "2022-04-20T15:00:00+08:00"}


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.get_data(as_text=True)))


@pytest.fixture
def told(places: Flask) -> Flask:
    """P1: sealed by a positive of 20 April, screened on the 21st; lifted by the district before."""
    zone("precaution", "declared", on(4, 11, 9))
    zone("controlled", "uplift", on(4, 17, 8), on(4, 27))
    good("cases", case_row("CASE-77", **LEFT))
    screened(date(2022, 4, 21))
    return places


def test_the_building_for_the_steward(told: Flask, sign_in: SignIn) -> None:
    shown = text(sign_in(Role.STEWARD).get(f"/buildings/{id_of('P1')}"))
    for words in (
        "联洋新苑1号",
        "楼内情况不符合",
        "楼内4月20日报告有阳性，当日不计；没有新增的，4月28日0时起满7日。",
        "筛查记录到4月28日23:59失效。",
        "4月20日10:00报告阳性，上升为封控区。",
        "CASE-77",
        "没有新增的，5月5日（周四）00:00起天数已满",
        "区域封闭至4月28日（周四）00:00",
        "（三区划分）",
    ):
        assert words in shown, words


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SIGN_OFF])
def test_the_building_for_the_district_without_case_ids(told: Flask, sign_in: SignIn, role: Role) -> None:
    address = f"/buildings/{id_of('P1')}"
    shown = sign_in(role, district_code=DISTRICT).get(address)
    assert shown.status_code == 200
    assert "楼内4月20日报告有阳性" in shown.text
    assert "CASE-77" not in shown.text
    assert "三区划分" not in shown.text
    assert sign_in(role, district_code="310104").get(address).status_code == 404
    assert sign_in(role).get(address).status_code == 404


def test_the_building_in_english(told: Flask, sign_in: SignIn) -> None:
    shown = text(sign_in(Role.STEWARD).get(f"/buildings/{id_of('P1')}", headers={"Accept-Language": "en"}))
    assert "A positive was reported in the building on 20 April" in shown
    assert "Raised to sealed by a positive reported at 20 April 10:00." in shown


def test_units_count_apart(places: Flask, sign_in: SignIn) -> None:
    good("cases", case_row("C1", "P3", unit="2单元", **LEFT))
    screened(date(2022, 4, 21), "P3")
    client, address = sign_in(Role.STEWARD), f"/buildings/{id_of('P3')}"
    assert "楼内情况不符合" in text(client.get(address))
    assert "楼内情况不符合" in text(client.get(address + "?unit=二单元"))
    assert "楼内情况符合" in text(client.get(address + "?unit=1单元"))
    good("reviews", review_row("V1", "P3"))
    assert "楼内情况待查" in text(client.get(address + "?unit=1单元"))


def test_a_building_of_which_nothing_is_known(places: Flask, sign_in: SignIn) -> None:
    shown = text(sign_in(Role.STEWARD).get(f"/buildings/{id_of('P2')}"))
    assert "楼内情况待查" in shown
    assert "没有7日内的完整筛查记录" in shown
    assert "没有三区记录" in shown
    assert sign_in(Role.STEWARD).get("/buildings/999999").status_code == 404


def test_the_zones_page(told: Flask, sign_in: SignIn) -> None:
    zone("controlled", "declared", on(4, 11, 9), place="P2")
    client = sign_in(Role.STEWARD)
    counting, lacking = client.get("/zones?stage=counting"), client.get("/zones?stage=lacking")
    assert "联洋新苑1号" in text(counting)
    assert "联洋新苑2号" in text(lacking)
    assert "第6日" in text(lacking)
    screened(date(2022, 4, 17), "P2")
    assert "联洋新苑2号" in text(client.get("/zones"))
    assert "这里没有楼栋" in text(client.get("/zones?district=310104"))
    piece = client.get("/zones?stage=none&page=-3", headers={"HX-Request": "true"})
    assert piece.text.lstrip().startswith("<section")
    assert client.get("/zones?page=99999999999999999999").status_code == 200


def test_a_proposal_has_its_place_on_the_page(places: Flask, sign_in: SignIn) -> None:
    zone("controlled", "declared", on(4, 11, 9))
    screened(date(2022, 4, 17))
    shown = sign_in(Role.STEWARD).get(f"/buildings/{id_of('P1')}")
    assert f'id="proposal-{id_of("P1")}"' in shown.text
    assert "可提议下调" in shown.text
    assert "等级不会自行下调" in shown.text


def test_the_screenings_page(places: Flask, sign_in: SignIn) -> None:
    screened(date(2022, 4, 15))
    screened(date(2022, 4, 13), "P2")
    client = sign_in(Role.STEWARD)
    shown = text(client.get("/screenings"))
    assert "联洋新苑1号" in shown
    assert "4月22日（周五）23:59" in shown
    assert "联洋新苑2号" in text(client.get("/screenings?within=past"))
    assert "这段时间没有楼栋的筛查到期" in text(client.get("/screenings?district=310104"))


def test_many_buildings_are_many_pages(places: Flask, sign_in: SignIn, statements: list[str]) -> None:
    good("places", *(place_row(f"P{n}") for n in range(4, 64)))
    good(
        "screenings",
        *({"place_code": f"P{n}", "screened_on": "2022-04-15", "complete": "是"} for n in range(1, 61)),
    )
    good(
        "zones",
        *(
            {
                "place_code": f"P{n}",
                "level": "sealed",
                "kind": "declared",
                "since": "2022-04-11T09:00:00+08:00",
                "until": "",
                "reason": "",
            }
            for n in range(1, 61)
        ),
    )
    client = sign_in(Role.STEWARD)
    for address in ("/zones?stage=counting", "/screenings?within=24"):
        asked = []
        for number in (1, 2):
            statements.clear()
            shown = client.get(f"{address}&page={number}").text
            asked.append(len(statements))
            assert shown.count("联洋新苑") == (50 if number == 1 else 10)
        assert asked[0] == asked[1]
    assert len(building_ids_of([f"P{n}" for n in range(1, 64)])) == 63


def test_the_steward_finds_his_pages_in_the_navigation(app: Flask, sign_in: SignIn) -> None:
    shown = sign_in(Role.STEWARD).get("/zones").text
    assert 'href="/zones"' in shown
    assert 'href="/screenings"' in shown
