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
        "sites": {"rows": _sites(firm)},
        "organisation": _organisation(firm),
        "headcount": headcount(firm),
        "zones": _zones(people, arrivals),
        "lodging": {
            "rooms": -(-people // 4) + arrivals,
            "beds": people + arrivals + 8,
            "bathrooms": -(-people // 10) + 2,
            "grouping": "同班组同楼层集中住宿，每间 4 人；房间表张贴在楼层入口。",
            "no_outsiders": True,
        },
        "quiet": {
            "days": 2,
            "rooms": arrivals,
            "place": "综合楼三层",
            "meals": "三餐由专人送至房门口，餐盒单独收集。",
            "tests": "每日早上抗原、下午核酸，由专人登记；两日均阴性后转入宿舍。",
            "keeper": _named(firm, 6),
            "is_apart": True,
        },
        "testing": {
            "zone": "controlled",
            "antigen_at": "07:00",
            "pcr_at": "18:30",
            "pcr_every_days": 1,
            "sampling_point": "厂区东门内广场",
            "laboratory": "演示一检",
            "recorder": _named(firm, 5),
            "is_monitored": True,
        },
        "supplies": _supplies(firm, people),
        "logistics": _logistics(firm),
        "transport": {
            "disinfection": "每趟前后由驾驶员和安全员共同消毒并登记。",
            "rows": _vehicles(firm, arrivals),
        },
        "emergency": _emergency(firm, people),
        "safety": _safety(firm),
        "welfare": _welfare(firm, people),
        "commitment": {
            "is_promised": True,
            "signer": _named(firm, 1),
            "people": people,
            "signed_on": signed_on,
        },
        "attachments": {
            "delivery": "on_site",
            "note": "其余材料由街镇上门核实时查看，由防疫负责人接待。",
        },
    }


def headcount(firm: DemoFirm, *, shifts: int | None = None) -> dict[str, Any]:
    """People and their teams: as many as `shifts`, or one for about 60 people."""
    people = max(len(firm.staff), 3)
    count = min(people, shifts or (1 if people <= 30 else min(24, max(3, people // 60))))
    sizes = [people // count + (number < people % count) for number in range(count)]
    return {
        "in_loop": people,
        "key_posts": people // 2,
        "shifts": count,
        "arrivals": -(-people // 10),
        "handover": "前一班撤离、场地消毒 30 分钟后，后一班再进入；交接记录放在班组信箱。",
        "rows": [
            {
                "name": f"{number}班",
                "people": size,
                "leader": _named(firm, 40 + number),
                "place": "1 号厂房",
                "hours": "20:00—8:00" if number % 2 == 0 and count > 1 else "8:00—20:00",
            }
            for number, size in enumerate(sizes, 1)
        ],
    }


def _sites(firm: DemoFirm) -> list[dict[str, Any]]:
    return [
        {"site_id": None, "name": name, "district": firm.district_code, "address": f"演示工业园{number}号"}
        for number, name in enumerate(firm.sites, 1)
    ]


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
        "members": f"{_named(firm, 3)}：防疫；{_named(firm, 8)}：安全生产；{_named(firm, 9)}：后勤和物资",
        "officer": _named(firm, 3),
        "officer_phone": f"1690009{sum(map(ord, firm.credit_code)) % 10_000:04d}",
        "duty_phone": "021-60000000",
        "street_contact": _named(firm, 4),
        "street_phone": "021-60000001",
    }


def _zones(people: int, arrivals: int) -> dict[str, Any]:
    at_work, isolation = -(-people // 2), max(2, -(-people // 100))
    kinds = (
        ("gate", "东门", "green", 4, 50),
        ("buffer", "综合楼三层", "blue", arrivals, arrivals),
        ("lodging", "宿舍楼", "green", people, people + 20),
        ("production", "1 号厂房", "green", at_work, people),
        ("office", "办公楼二层", "green", -(-people // 20), -(-people // 10) + 4),
        ("isolation", "综合楼一层西侧", "yellow", 0, isolation),
    )
    return {
        "routes": "宿舍楼经东侧连廊到 1 号厂房，两点一线；各区以 2 米围挡隔开，通道单向。",
        "rows": [
            {
                "kind": kind,
                "name": name,
                "colour": colour,
                "people": inside,
                "capacity": capacity,
                "is_apart": True,
            }
            for kind, name, colour, inside, capacity in kinds
        ],
    }


def _supplies(firm: DemoFirm, people: int) -> dict[str, Any]:
    """Stock for 14 to 20 days, by what so many people use."""
    few, days = -(-people // 50), 14 + sum(map(ord, firm.credit_code)) % 7
    uses = (
        ("antigen", "份", people),
        ("masks", "只", people * 2),
        ("n95", "只", few * 4),
        ("alcohol", "升", few * 3),
        ("hand_gel", "瓶", few * 2),
        ("thermometers", "把", 0),
        ("gowns", "套", few * 2),
        ("goggles", "副", few),
        ("gloves", "双", few * 10),
    )
    return {
        "keeper": _named(firm, 9),
        "place": "综合楼一层物资库",
        "waste": "各楼层设专用收集桶，每日由清运单位收运并登记。",
        "rows": [
            {
                "item": item,
                "name": None,
                "stock": daily * (days + number) if daily else few + 2,
                "unit": unit,
                "daily": daily,
            }
            for number, (item, unit, daily) in enumerate(uses)
        ],
    }


def _logistics(firm: DemoFirm) -> dict[str, Any]:
    return {
        "route": "西门货运通道至卸货平台，单向行驶，不与人员通道交叉。",
        "handover_place": "西门卸货平台",
        "no_contact": "司机不下车；货物卸到平台，我方人员待车辆离开后收货，单据拍照传递。",
        "crew_rule": "both",
        "handlers": f"{_named(firm, 30)}收货，{_named(firm, 31)}消毒",
        "disinfection": "外包装全面喷洒，静置 30 分钟后入库；平台每两小时消毒一次。",
        "visits": 6,
    }


def _emergency(firm: DemoFirm, people: int) -> dict[str, Any]:
    return {
        "trigger": "抗原阳性、核酸异常、发热或咳嗽。",
        "isolation_rooms": max(2, -(-people // 100)),
        "transfer_contact": _named(firm, 7),
        "transfer_phone": "021-60000007",
        "chain": "发现后 10 分钟内报防疫负责人，30 分钟内报街镇，1 小时内报区专班。",
        "units": "按班组划小单元；出现一例阳性，该班组停产、所在楼层静止，暂停人员进厂。",
        "disinfection": "由专业消杀单位终末消毒，通风 2 小时、采样合格后恢复。",
        "drill_on": "2022-04-10",
        "makeshift": None,
    }


def _safety(firm: DemoFirm) -> dict[str, Any]:
    has = firm.credit_code[12] in "02468"
    return {
        "officer": _named(firm, 8),
        "officer_phone": f"1690007{sum(map(ord, firm.credit_code)) % 10_000:04d}",
        "inspected_on": "2022-04-08",
        "inspected_by": "演示安全技术服务站",
        "equipment": True,
        "fire": True,
        "utilities": True,
        "training": True,
        "hazards": 3,
        "hazards_closed": 3,
        "hazardous": "yes" if has else "no",
        "permits": f"动火作业许可至 5 月 8 日，监护人{_named(firm, 8)}" if has else None,
    }


def _welfare(firm: DemoFirm, people: int) -> dict[str, Any]:
    return {
        "meals": "按班组错峰三批，同向就座，设隔板，间距 1 米以上；静止区送餐。",
        "seats": -(-people // 3),
        "turns": 3,
        "medicine": "医务室备常用药，慢性病用药每周代配；急病直接送医，不等核酸结果。",
        "mental": "每天 19:00 至 21:00 心理热线；每层设安静通话室，便于与家人联系。",
        "supplies": "被褥、洗漱用品每人一套，洗衣房分时段使用。",
        "going_home": "每 14 天可申请轮换，持 48 小时核酸阴性、进小区前加做一次抗原。",
        "contact": _named(firm, 32),
        "contact_phone": "021-60000002",
    }


def _vehicles(firm: DemoFirm, arrivals: int) -> list[dict[str, Any]]:
    """Coaches of 45 for the arrivals of one quiet period; a large firm drives several runs."""
    count = min(20, -(-arrivals // 45))
    first = _first_plate(firm)
    return [
        {
            "plate": plate(first + number),
            "seats": 45,
            "driver": _named(firm, 10 + number),
            "driver_phone": f"1690008{first + number:04d}",
            "runs": -(-arrivals // (45 * count)),
            "route": "各小区门口—厂区东门",
            "departs_at": "07:30",
        }
        for number in range(count)
    ]


def first_plate(firm: DemoFirm) -> str:
    """The plate of the firm's first coach, which drives every run."""
    return plate(_first_plate(firm))


def _first_plate(firm: DemoFirm) -> int:
    return int(firm.credit_code[11:16]) * 20


def plate(number: int) -> str:
    """An invented number plate."""
    return f"沪Z{number:05d}"
