"""分区: the factory divided into areas that are physically apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Rows, Section

KINDS = (
    ("gate", _("厂门")),
    ("buffer", _("静止区（缓冲观察）")),
    ("lodging", _("生活区")),
    ("production", _("生产区")),
    ("office", _("办公区")),
    ("isolation", _("隔离区")),
)
#: The four colours of the guideline of 3 May and what each means (S8, S11).
COLOURS = (
    ("green", _("绿区：正常生产和生活")),
    ("blue", _("蓝区：新到人员静止观察")),
    ("yellow", _("黄区：密接、次密接隔离")),
    ("red", _("红区：发现感染者")),
)
COLOUR_NAMES = {"green": _("绿区"), "blue": _("蓝区"), "yellow": _("黄区"), "red": _("红区")}
NEEDED = ("gate", "buffer", "lodging", "production", "isolation")
_FITTING = {
    "buffer": ("blue",),
    "isolation": ("yellow", "red"),
    "lodging": ("green",),
    "production": ("green",),
}


def needed_zones_are_there(answers: Answers) -> Judged:
    """Gate, buffer, living, production and isolation areas are each named (S2, S3, S8)."""
    there = {row.get("kind") for row in answers.rows("zones")}
    missing = [str(title) for key, title in KINDS if key in NEEDED and key not in there]
    if missing:
        return Judged(False, _("还缺：%(zones)s", zones="、".join(missing)))
    return Judged(True, _("厂门、静止区、生活区、生产区、隔离区均已划分"))


def zones_are_apart(answers: Answers) -> Judged:
    """Every area is physically separated from the others (S2)."""
    rows = answers.rows("zones")
    if not rows:
        return Judged(None, _("填写分区后核对是否物理隔断"))
    open_ones = [
        str(row.get("name") or number) for number, row in enumerate(rows, 1) if not row.get("is_apart")
    ]
    if open_ones:
        return Judged(False, _("没有物理隔断：%(zones)s", zones="、".join(open_ones)))
    return Judged(True, _("各区之间均有物理隔断"))


def colours_fit(answers: Answers) -> Judged:
    """New arrivals in blue, isolation in yellow or red, living and production in green (S8, S11)."""
    rows = [row for row in answers.rows("zones") if row.get("kind") and row.get("colour")]
    if not rows:
        return Judged(None, _("选择颜色后核对"))
    wrong = [row for row in rows if row["colour"] not in _FITTING.get(row["kind"], (row["colour"],))]
    if wrong:
        names = "、".join(map(_name, wrong))
        return Judged(
            False, _("颜色与用途不符：%(zones)s（静止区蓝、隔离区黄、生活区和生产区绿）", zones=names)
        )
    return Judged(True, _("颜色与用途相符"))


def zones_hold_their_people(answers: Answers) -> Judged:
    """In no area are more people than it holds (the numbers are assumed)."""
    rows = answers.rows("zones")
    if not rows or any(row.get("people") is None or row.get("capacity") is None for row in rows):
        return Judged(None, _("填写各区人数和可容纳人数后核对"))
    full = [row for row in rows if row["people"] > row["capacity"]]
    if full:
        names = "、".join(f"{_name(row)} {row['people']} > {row['capacity']}" for row in full)
        return Judged(False, _("人数超过可容纳人数：%(zones)s", zones=names))
    return Judged(True, _("各区人数均不超过可容纳人数"))


def _name(row: Mapping[str, Any]) -> str:
    return str(row.get("name") or dict(KINDS).get(row.get("kind") or "", ""))


def buffer_holds_arrivals(answers: Answers) -> Judged:
    """The blue area holds the arrivals of one quiet period (S8; the number is assumed)."""
    arrivals = answers.number("headcount", "arrivals")
    sizes = [row.get("capacity") for row in answers.rows("zones") if row.get("kind") == "buffer"]
    if arrivals is None or not sizes or None in sizes:
        return Judged(None, _("填写静止区可容纳人数和到岗人数后核对"))
    values = {"room": sum(size for size in sizes if size is not None), "arrivals": arrivals}
    if values["room"] < arrivals:
        return Judged(False, _("静止区可容纳 %(room)s 人 < 到岗 %(arrivals)s 人", **values))
    return Judged(True, _("静止区可容纳 %(room)s 人 ≥ 到岗 %(arrivals)s 人", **values))


ZONES = Section(
    key="zones",
    title=_("分区"),
    lead=_("场所分区分类管理：厂门、生产、办公、生活、隔离和静止区各自独立，人员“两点一线”。"),
    source="S1, S2, S8",
    number=4,
    fields=(
        Field(
            "routes",
            _("人员路线和隔断方式"),
            Kind.LINES,
            hint=_("“两点一线”：宿舍到车间怎样走，各区之间用什么隔开"),
            source="S1, S2",
            most=500,
        ),
    ),
    rows=Rows(
        title=_("分区"),
        noun=_("分区"),
        fields=(
            Field("kind", _("用途"), Kind.SELECT, source="S1, S2", choices=KINDS),
            Field("name", _("名称和位置"), hint=_("例如：1 号厂房一层"), source="S2", most=60),
            Field("colour", _("颜色"), Kind.SELECT, source="S8, S11", choices=COLOURS),
            Field(
                "people",
                _("在区人数"),
                Kind.NUMBER,
                hint=_("同一时间在这里的最多人数；平时空置的填 0"),
                source=ASSUMED,
                unit=_("人"),
                most=200_000,
                width=5,
            ),
            Field(
                "capacity", _("可容纳人数"), Kind.NUMBER, source=ASSUMED, unit=_("人"), most=200_000, width=5
            ),
            Field("is_apart", _("与其他区有物理隔断"), Kind.TICK, source="S2", is_optional=True),
        ),
        first=tuple({"kind": kind} for kind in NEEDED),
    ),
    checks=(
        Check("needed_zones_are_there", needed_zones_are_there, "S2, S3, S8"),
        Check("zones_are_apart", zones_are_apart, "S2"),
        Check("colours_fit", colours_fit, "S8, S11", is_must=False),
        Check("zones_hold_their_people", zones_hold_their_people, ASSUMED, is_assumed=True),
        Check("buffer_holds_arrivals", buffer_holds_arrivals, "S8", is_must=False, is_assumed=True),
    ),
)
