"""A plan in which nothing is missing and every check is met: 460 people, 20 of them arriving at once."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from resume.plans.sections.describe import Answers

_VALUES: dict[str, dict[str, Any]] = {
    "firm": {
        "street": "曹路镇",
        "address": "上海市浦东新区虚构路 1 号",
        "legal_representative": "钱守诚",
        "industry": "汽车零部件及配件制造",
        "category": "supporting",
        "white_list": "second",
        "chain": None,
    },
    "organisation": {
        "leader": "钱守诚",
        "leader_duty": "总经理",
        "officer": "孙敬",
        "officer_phone": "13800000001",
        "duty_phone": "021-60000000",
        "street_contact": "李常",
        "street_phone": "021-60000001",
    },
    "sites": {"rows": [{"site_id": None, "name": "一厂", "district": "310115", "address": "虚构路 1 号"}]},
    "headcount": {"in_loop": 460, "key_posts": 60, "shifts": 4, "arrivals": 20},
    "zones": {
        "rows": [
            {"kind": "gate", "name": "东门", "colour": "green", "capacity": 20, "is_apart": True},
            {"kind": "buffer", "name": "二号楼", "colour": "blue", "capacity": 40, "is_apart": True},
            {"kind": "lodging", "name": "三号楼", "colour": "green", "capacity": 480, "is_apart": True},
            {"kind": "production", "name": "一号厂房", "colour": "green", "capacity": 460, "is_apart": True},
            {"kind": "isolation", "name": "五号楼", "colour": "yellow", "capacity": 10, "is_apart": True},
        ]
    },
    "lodging": {
        "rooms": 130,
        "beds": 480,
        "bathrooms": 40,
        "quiet_days": 2,
        "quiet_rooms": 20,
        "quiet_place": "二号楼",
        "quiet_meals": "专人送餐，每日抗原",
    },
    "testing": {
        "antigen_at": "07:30",
        "pcr_at": "18:00",
        "pcr_every_days": 1,
        "sampling_point": "东门广场",
        "laboratory": "虚构检测所",
        "recorder": "周记",
    },
    "transport": {
        "disinfection": "每趟前后由驾驶员消毒",
        "rows": [
            {
                "plate": "沪A12345",
                "seats": 40,
                "driver": "吴师",
                "driver_phone": "13800000002",
                "route": "曹路镇—东门 7:30",
            }
        ],
    },
    "emergency": {
        "trigger": "抗原阳性或核酸异常",
        "isolation_rooms": 5,
        "transfer_contact": "郑联",
        "transfer_phone": "13800000003",
        "chain": "班组长 10 分钟内报防疫负责人，30 分钟内报街镇",
        "drill_on": "2022-04-20",
    },
    "commitment": {"is_promised": True, "signer": "钱守诚", "signed_on": "2022-04-21"},
}


def complete_sections() -> dict[str, dict[str, Any]]:
    """A fresh copy of every section's values, to be changed by a test."""
    return deepcopy(_VALUES)


def answers_with(**changes: dict[str, Any]) -> Answers:
    """The complete plan with some fields of some sections changed: answers_with(lodging={"beds": 100})."""
    sections = complete_sections()
    for key, values in changes.items():
        sections[key].update(values)
    return Answers(sections, quiet_days=2, today=date(2022, 4, 22))


def as_typed(values: dict[str, Any]) -> dict[str, str]:
    """A section's values as a browser sends them."""
    typed: dict[str, str] = {}
    for name, value in values.items():
        if name == "rows":
            for number, row in enumerate(value):
                typed.update({f"rows-{number}-{key}": text for key, text in as_typed(row).items()})
        elif value is True:
            typed[name] = "y"
        elif value is not None and value is not False:
            typed[name] = str(value)
    return typed
