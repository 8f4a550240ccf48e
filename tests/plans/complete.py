"""A plan in which nothing is missing and every check is met: 460 people, 20 of them arriving at once."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from resume.plans.sections.describe import Answers, Paper


def _zone(kind: str, name: str, colour: str, people: int, capacity: int) -> dict[str, Any]:
    return {
        "kind": kind, "name": name, "colour": colour, "people": people, "capacity": capacity, "is_apart": True
    }  # fmt: skip


def _item(item: str, stock: int, unit: str, daily: int) -> dict[str, Any]:
    return {"item": item, "name": None, "stock": stock, "unit": unit, "daily": daily}


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
        "members": "孙敬管防疫，何安管安全，周记管检测",
        "officer": "孙敬",
        "officer_phone": "13800000001",
        "duty_phone": "021-60000000",
        "street_contact": "李常",
        "street_phone": "021-60000001",
    },
    "sites": {"rows": [{"site_id": None, "name": "一厂", "district": "310115", "address": "虚构路 1 号"}]},
    "headcount": {
        "in_loop": 460,
        "key_posts": 60,
        "shifts": 2,
        "arrivals": 20,
        "handover": "前一班离开并消毒 30 分钟后，后一班再进入",
        "rows": [
            {"name": "甲班", "people": 230, "leader": "冯甲", "place": "一号厂房", "hours": "8:00—20:00"},
            {"name": "乙班", "people": 230, "leader": "陈乙", "place": "一号厂房", "hours": "20:00—8:00"},
        ],
    },
    "zones": {
        "routes": "宿舍经连廊到厂房，两点一线；各区之间用围挡隔开",
        "rows": [
            _zone("gate", "东门", "green", 4, 20),
            _zone("buffer", "二号楼", "blue", 20, 40),
            _zone("lodging", "三号楼", "green", 460, 480),
            _zone("production", "一号厂房", "green", 230, 460),
            _zone("isolation", "五号楼", "yellow", 0, 10),
        ],
    },
    "lodging": {
        "rooms": 130,
        "beds": 480,
        "bathrooms": 40,
        "grouping": "同班组同楼层，每间 4 人",
        "no_outsiders": True,
    },
    "quiet": {
        "days": 2,
        "rooms": 20,
        "place": "二号楼",
        "meals": "专人送到房门口",
        "tests": "早上抗原、下午核酸",
        "keeper": "孙敬",
        "is_apart": True,
    },
    "testing": {
        "zone": "controlled",
        "antigen_at": "07:30",
        "pcr_at": "18:00",
        "pcr_every_days": 1,
        "sampling_point": "东门广场",
        "laboratory": "虚构检测所",
        "recorder": "周记",
        "is_monitored": True,
    },
    "supplies": {
        "keeper": "郑存",
        "place": "一号库",
        "waste": "专用桶收集，每天由清运单位运走",
        "rows": [
            _item("antigen", 6440, "份", 460),
            _item("masks", 12880, "只", 920),
            _item("n95", 420, "只", 30),
            _item("alcohol", 300, "升", 20),
            _item("hand_gel", 280, "瓶", 20),
            _item("thermometers", 10, "把", 0),
            _item("gowns", 140, "套", 10),
            _item("goggles", 140, "副", 10),
            _item("gloves", 1400, "双", 100),
            {**_item("other", 70, "袋", 5), "name": "医疗废物袋"},
        ],
    },
    "logistics": {
        "route": "西门货运通道，不与人员通道交叉",
        "handover_place": "西门卸货平台",
        "no_contact": "司机留在车内，货放平台，单据拍照传递",
        "crew_rule": "both",
        "handlers": "王收、李消",
        "disinfection": "外包装消毒并静置 30 分钟后入库",
        "visits": 8,
    },
    "transport": {
        "disinfection": "每趟前后由驾驶员消毒",
        "rows": [
            {
                "plate": "沪A12345",
                "seats": 40,
                "runs": None,
                "driver": "吴师",
                "driver_phone": "13800000002",
                "route": "曹路镇—东门",
                "departs_at": "07:30",
            }
        ],
    },
    "emergency": {
        "trigger": "抗原阳性或核酸异常",
        "isolation_rooms": 5,
        "transfer_contact": "郑联",
        "transfer_phone": "13800000003",
        "chain": "班组长 10 分钟内报防疫负责人，30 分钟内报街镇",
        "units": "按班组；一例阳性停该班组",
        "disinfection": "专业消杀单位进行终末消毒",
        "drill_on": "2022-04-20",
        "makeshift": None,
    },
    "safety": {
        "officer": "何安",
        "officer_phone": "13800000004",
        "inspected_on": "2022-04-19",
        "inspected_by": "虚构安全技术服务有限公司",
        "equipment": True,
        "fire": True,
        "utilities": True,
        "training": True,
        "hazards": 3,
        "hazards_closed": 3,
        "hazardous": "yes",
        "permits": "动火作业许可至 5 月 1 日，监护人何安",
    },
    "welfare": {
        "meals": "错峰两批，同向就座，设隔板",
        "seats": 240,
        "turns": 2,
        "medicine": "医务室备常用药；急病直接送医",
        "mental": "心理热线每天开通",
        "supplies": "被褥和洗漱用品每人一套",
        "going_home": None,
        "contact": "许助",
        "contact_phone": "021-60000002",
    },
    "commitment": {"is_promised": True, "signer": "钱守诚", "people": 460, "signed_on": "2022-04-21"},
    "attachments": {"delivery": "on_site", "note": "平面图和住宿由街镇现场查验，孙敬接待"},
}


def complete_sections() -> dict[str, dict[str, Any]]:
    """A fresh copy of every section's values, to be changed by a test."""
    return deepcopy(_VALUES)


def answers_with(
    *, today: date = date(2022, 4, 22), papers: tuple[Paper, ...] = (), **changes: dict[str, Any]
) -> Answers:
    """The complete plan with some fields of some sections changed: answers_with(lodging={"beds": 100})."""
    sections = complete_sections()
    for key, values in changes.items():
        sections[key].update(values)
    return Answers(sections, quiet_days=2, today=today, papers=papers)


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
