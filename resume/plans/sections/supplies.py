"""防疫物资: what is in stock, what is used in a day, and so for how many days it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Beside, Check, Field, Judged, Kind, Rows, Section
from resume.refusals import Text

#: Stock for at least so many days (S3).
DAYS = 14
OTHER = "other"
ITEMS: tuple[tuple[str, Text], ...] = (
    ("antigen", _("抗原试剂")),
    ("masks", _("医用外科口罩")),
    ("n95", _("N95/KN95 口罩")),
    ("alcohol", _("酒精、消毒液")),
    ("hand_gel", _("免洗洗手液")),
    ("thermometers", _("红外测温枪")),
    ("imagers", _("热成像测温仪")),
    ("gowns", _("防护服")),
    ("goggles", _("护目镜、面屏")),
    ("gloves", _("手套")),
    (OTHER, _("其他（写明名称）")),
)
#: Of the guideline's list all but the imager, which a firm of ten people does without (assumed).
NEEDED = ("antigen", "masks", "n95", "alcohol", "hand_gel", "thermometers", "gowns", "goggles", "gloves")
_UNITS = {
    "antigen": "份",
    "masks": "只",
    "n95": "只",
    "alcohol": "升",
    "hand_gel": "瓶",
    "thermometers": "把",
    "gowns": "套",
    "goggles": "副",
    "gloves": "双",
}


def days_of_cover(row: Mapping[str, Any]) -> int | None:
    """Whole days that the stock lasts; None where nothing is used up in a day, or a number is missing."""
    stock, daily = row.get("stock"), row.get("daily")
    return None if stock is None or not daily else int(stock) // int(daily)


def row_lasts(row: Mapping[str, Any]) -> Judged:
    """One row's cover against DAYS. What is not used up (a thermometer) has to be there."""
    stock, daily = row.get("stock"), row.get("daily")
    if stock is None or daily is None:
        return Judged(None, _("填写库存和日用量后计算"))
    if daily == 0:
        if stock == 0:
            return Judged(False, _("没有库存"))
        return Judged(True, _("不按天消耗"))
    values = {"days": stock // daily, "least": DAYS, "short": DAYS * daily - stock}
    if stock < DAYS * daily:
        return Judged(False, _("够用 %(days)s 天，少于 %(least)s 天，还缺 %(short)s", **values))
    return Judged(True, _("够用 %(days)s 天", **values))


def stock_lasts(answers: Answers) -> Judged:
    """Every item lasts DAYS days or more (S3); exact: stock >= 14 x daily use."""
    rows = answers.rows("supplies")
    judged = [row_lasts(row).is_met for row in rows]
    short = [_name(row) for row, is_met in zip(rows, judged, strict=True) if is_met is False]
    if short:
        return Judged(False, _("储备不足 %(least)s 天：%(items)s", least=DAYS, items="、".join(short)))
    if not rows or None in judged:
        return Judged(None, _("填写各项库存和日用量后核对（不少于 %(least)s 天）", least=DAYS))
    least = min((days for row in rows if (days := days_of_cover(row)) is not None), default=None)
    if least is None:
        return Judged(True, _("%(count)s 项物资均有库存", count=len(rows)))
    return Judged(
        True,
        _("%(count)s 项物资均够 %(least)s 天，最少 %(days)s 天", count=len(rows), least=DAYS, days=least),
    )


def needed_items_are_there(answers: Answers) -> Judged:
    """Each item of the guideline's list is in the table (S3); which of them may be left out is assumed."""
    there = {row.get("item") for row in answers.rows("supplies")}
    missing = [str(dict(ITEMS)[item]) for item in NEEDED if item not in there]
    if missing:
        return Judged(False, _("还缺：%(items)s", items="、".join(missing)))
    return Judged(True, _("指引所列物资均已列出"))


def items_differ(answers: Answers) -> Judged:
    """An item is entered once, else its days are counted wrongly."""
    names = [_name(row) for row in answers.rows("supplies") if row.get("item")]
    if not names:
        return Judged(None, _("选择物资后核对是否重复"))
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        return Judged(False, _("物资重复：%(items)s；请合并为一项", items="、".join(twice)))
    return Judged(True, _("物资 %(count)s 项，没有重复", count=len(names)))


def others_are_named(answers: Answers) -> Judged:
    """What is not on the list says what it is."""
    others = [row for row in answers.rows("supplies") if row.get("item") == OTHER]
    nameless = sum(not row.get("name") for row in others)
    if nameless:
        return Judged(False, _("“其他”物资有 %(count)s 项没有写明名称", count=nameless))
    return Judged(True, _("“其他”物资均已写明名称") if others else _("没有“其他”物资"))


def _name(row: Mapping[str, Any]) -> str:
    if row.get("name"):
        return str(row["name"])
    return str(dict(ITEMS).get(row.get("item") or OTHER, row.get("item")))


SUPPLIES = Section(
    key="supplies",
    title=_("防疫物资"),
    lead=_("防疫物资储备不少于 14 天用量；使用过的防护用品专门收集、安全处置。"),
    source="S3",
    number=8,
    fields=(
        Field("keeper", _("物资负责人"), source=ASSUMED, most=50),
        Field("place", _("存放位置"), source=ASSUMED, most=60),
        Field(
            "waste",
            _("废弃防护用品的收集和处置"),
            Kind.LINES,
            hint=_("收集点、清运单位和时间"),
            source="S3",
            most=500,
        ),
    ),
    rows=Rows(
        title=_("物资"),
        noun=_("物资"),
        fields=(
            Field("item", _("物资名称"), Kind.SELECT, source="S3", choices=ITEMS),
            Field(
                "name",
                _("规格或其他名称"),
                hint=_("选择“其他”时填写名称"),
                source=ASSUMED,
                is_optional=True,
                most=40,
            ),
            Field("stock", _("库存"), Kind.NUMBER, source="S3", most=100_000_000, width=10),
            Field("unit", _("单位"), hint=_("例如：只、份、升"), source=ASSUMED, most=10, width=5),
            Field(
                "daily",
                _("日用量"),
                Kind.NUMBER,
                hint=_("与库存同一单位；测温枪等不按天消耗的填 0"),
                source=ASSUMED,
                most=10_000_000,
                width=10,
            ),
        ),
        first=tuple({"item": item, "unit": _UNITS[item]} for item in NEEDED),
        beside=Beside("daily", _("够用天数"), row_lasts),
    ),
    checks=(
        Check("stock_lasts", stock_lasts, "S3"),
        Check("needed_items_are_there", needed_items_are_there, "S3", is_assumed=True),
        Check("items_differ", items_differ, ASSUMED, is_assumed=True),
        Check("others_are_named", others_are_named, ASSUMED, is_assumed=True),
    ),
)
