"""A complete plan for a firm: every section filled so that its machine checks are met."""

from __future__ import annotations

from typing import Any

from resume.demo.firms import DemoFirm
from resume.demo.words import GIVEN, SURNAMES

Sections = dict[str, dict[str, Any]]


def sections_of(firm: DemoFirm, *, signed_on: str) -> Sections:
    """Section key -> fields, as `plans.sections` keeps them, in the order in which a firm fills them in."""
    people = max(len(firm.staff), 3)
    arrivals = -(-people // 10)
    return {
        "firm": _firm(firm),
        "organisation": _organisation(firm),
        "sites": {
            "rows": [
                {
                    "site_id": None,
                    "name": name,
                    "district": firm.district_code,
                    "address": f"演示工业园{number}号",
                }
                for number, name in enumerate(firm.sites, 1)
            ]
        },
        "headcount": {
            "in_loop": people,
            "key_posts": people // 2,
            "shifts": 3 if people > 30 else 1,
            "arrivals": arrivals,
        },
        "zones": {"rows": _zones(people)},
        "lodging": {
            "rooms": -(-people // 4) + arrivals,
            "beds": people + arrivals + 8,
            "bathrooms": -(-people // 10) + 2,
            "quiet_days": 2,
            "quiet_rooms": arrivals,
            "quiet_place": "综合楼三层",
            "quiet_meals": "三餐送至房门口；每日早抗原、晚核酸，由专人登记。",
        },
        "testing": {
            "antigen_at": "07:00",
            "pcr_at": "18:30",
            "pcr_every_days": 1,
            "sampling_point": "厂区东门内广场",
            "laboratory": "演示一检",
            "recorder": _named(firm, 5),
        },
        "transport": {
            "disinfection": "每趟前后由驾驶员和安全员共同消毒并登记。",
            "rows": _vehicles(firm, arrivals),
        },
        "emergency": {
            "trigger": "抗原阳性、核酸异常、发热或咳嗽。",
            "isolation_rooms": max(2, -(-people // 100)),
            "transfer_contact": _named(firm, 7),
            "transfer_phone": "021-60000007",
            "chain": "发现后 10 分钟内报防疫负责人，30 分钟内报街镇，1 小时内报区专班。",
            "drill_on": "2022-04-10",
        },
        "commitment": {"is_promised": True, "signer": _named(firm, 1), "signed_on": signed_on},
    }


def _named(firm: DemoFirm, place: int) -> str:
    """An invented person of the firm; always the same for a place."""
    seed = sum(map(ord, firm.credit_code)) * 31 + place * 17
    return SURNAMES[seed % len(SURNAMES)] + GIVEN[seed % len(GIVEN)] + GIVEN[(seed + 7) % len(GIVEN)]


def _firm(firm: DemoFirm) -> dict[str, Any]:
    return {
        "street": "演示工业园",
        "address": "演示工业园1号",
        "legal_representative": _named(firm, 1),
        "industry": firm.industry,
        "category": "continuous_production" if len(firm.staff) > 100 else "supporting",
        "white_list": "first" if len(firm.staff) > 100 else "none",
        "chain": None,
    }


def _organisation(firm: DemoFirm) -> dict[str, Any]:
    return {
        "leader": _named(firm, 2),
        "leader_duty": "总经理",
        "officer": _named(firm, 3),
        "officer_phone": f"1690009{sum(map(ord, firm.credit_code)) % 10_000:04d}",
        "duty_phone": "021-60000000",
        "street_contact": _named(firm, 4),
        "street_phone": "021-60000001",
    }


def _zones(people: int) -> list[dict[str, Any]]:
    kinds = (
        ("gate", "东门", "green", 50),
        ("buffer", "综合楼三层", "blue", -(-people // 10)),
        ("lodging", "宿舍楼", "green", people + 20),
        ("production", "1 号厂房", "green", people),
        ("isolation", "综合楼一层西侧", "yellow", max(2, -(-people // 100))),
    )
    return [
        {"kind": kind, "name": name, "colour": colour, "capacity": capacity, "is_apart": True}
        for kind, name, colour, capacity in kinds
    ]


def _vehicles(firm: DemoFirm, arrivals: int) -> list[dict[str, Any]]:
    """Coaches of 45 for the arrivals of one quiet period; a large firm drives several runs."""
    count = min(20, -(-arrivals // 45))
    first = int(firm.credit_code[11:16]) * 20
    return [
        {
            "plate": plate(first + number),
            "seats": 45,
            "driver": _named(firm, 10 + number),
            "driver_phone": f"1690008{first + number:04d}",
            "route": "各小区门口—厂区东门，7:30 发车",
        }
        for number in range(count)
    ]


def plate(number: int) -> str:
    """An invented number plate."""
    return f"沪Z{number:05d}"
