"""A gate device asks: the verdict of its gate, in a gate's words, and nothing happens."""

from __future__ import annotations

import io
from datetime import datetime

from sqlalchemy import func, select

from resume.credential.number import pass_number
from resume.credential.token import parse
from resume.db import reading, transaction
from resume.gate.models import Scan
from resume.passes.reassess import Scope, reassess
from resume.roles import WORKER
from resume.web.request_log import configure_logging
from tests.api.conftest import MakeParty, is_problem
from tests.gate.conftest import Way, city_of, way, way_of
from tests.passes.city import add_case

__all__ = ["city_of", "way", "way_of"]


def test_a_token_is_green_at_its_gate_and_red_elsewhere(way: Way, party: MakeParty) -> None:
    device = party("passes:check", gate_id=way.home)
    answer = device.post("passes/check", {"token": way.token()}, key=None).get_json()
    assert (answer["verdict"], answer["code"], answer["reasons"]) == ("green", "OK", [])
    assert (answer["advice"], answer["gate"], answer["pass"]) == ("let_through", way.home, way.first().number)
    assert answer["as_of"] == "2022-04-22T09:00:00+08:00"
    assert answer["text"]["zh"]
    other = (
        party("passes:check", gate_id=way.elsewhere).post("passes/check", {"token": way.token()}).get_json()
    )
    assert (other["verdict"], other["code"]) == ("red", "WRONG_GATE")


def test_a_typed_number_is_the_same_check(way: Way, party: MakeParty) -> None:
    device = party("passes:check")
    number = way.first().number
    for gate, verdict in ((way.home, "green"), (way.plant, "amber"), (None, "green")):
        asked = {"number": f"{number[:4]} {number[4:]}".lower()} | ({} if gate is None else {"gate": gate})
        answer = device.post("passes/check", asked).get_json()
        assert (answer["verdict"], answer["gate"]) == (verdict, gate)
    with_antigen = {"number": number, "gate": way.plant, "antigen": "negative"}
    assert device.post("passes/check", with_antigen).get_json()["verdict"] != "amber"


def test_numbers_that_are_none(way: Way, party: MakeParty) -> None:
    device = party("passes:check")
    is_problem(device.post("passes/check", {"number": "310115000017A"}), 404, "bad_number")
    nobody = device.post("passes/check", {"number": pass_number("310115", 999_999)}).get_json()
    assert (nobody["verdict"], nobody["code"], nobody["pass"]) == ("red", "NOT_LISTED", None)
    garbage = device.post("passes/check", {"token": "x"}).get_json()
    assert (garbage["verdict"], garbage["pass"]) == ("red", None)


def test_a_device_checks_at_its_own_gate_and_district_alone(way: Way, party: MakeParty) -> None:
    bound = party("passes:check", gate_id=way.home)
    is_problem(bound.post("passes/check", {"token": "x", "gate": way.plant}), 404, "not_found")
    is_problem(bound.post("passes/check", {"token": "x", "gate": 999}), 404, "not_found")
    foreign = party("passes:check", district_code="310104")
    is_problem(foreign.post("passes/check", {"token": "x", "gate": way.home}), 404, "not_found")


def test_one_of_token_and_number(way: Way, party: MakeParty) -> None:
    device = party("passes:check")
    for asked in ({}, {"token": "x", "number": "y"}, {"gate": 1}):
        problem = is_problem(device.post("passes/check", asked), 422, "bad_shape")
        assert [place["code"] for place in problem["errors"]] == ["one_of"]
    for asked in (
        {"token": ""},
        {"token": None},
        {"token": "x", "gate": "1"},
        {"token": "x", "antigen": None},
    ):
        is_problem(device.post("passes/check", asked), 422, "bad_shape")


def test_health_stays_with_the_worker_and_nothing_is_logged(way: Way, party: MakeParty, at: datetime) -> None:
    log = io.StringIO()
    configure_logging(log)
    with transaction():
        add_case(way.city, at=at)
        reassess(scope=Scope(building_ids=frozenset(way.city.building_ids)), at=at, by=WORKER)
    device = party("passes:check", gate_id=way.home)
    answer = device.post("passes/check", {"token": way.token()})
    content = answer.get_json()
    assert content["verdict"] == "red"
    assert not {"POSITIVE", "REVIEW_PENDING", "CORES_PENDING", "CODE_NOT_GREEN", "CONTACT"} & set(
        content["reasons"]
    )
    assert reading().scalar(select(func.count()).select_from(Scan)) == 0
    name = parse(way.token()).claims.payload.name
    assert name not in answer.text
    assert name not in log.getvalue()
    assert way.first().number not in log.getvalue()
    assert way.token() not in log.getvalue()
