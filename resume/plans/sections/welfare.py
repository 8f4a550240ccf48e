"""生活保障和员工关怀: meals, medicine, somebody to talk to, a way home."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section


def everybody_eats(answers: Answers) -> Judged:
    """Seats x turns >= people in the loop: staggered dining (S3) works out (assumed)."""
    seats, turns = answers.number("welfare", "seats"), answers.number("welfare", "turns")
    people = answers.number("headcount", "in_loop")
    if seats is None or turns is None or people is None:
        return Judged(None, _("填写餐位、批次和闭环人数后核对"))
    values = {"seats": seats, "turns": turns, "people": people}
    if seats * turns < people:
        return Judged(
            False, _("餐位 %(seats)s × %(turns)s 批 < 人数 %(people)s，请说明其他人如何用餐", **values)
        )
    return Judged(True, _("餐位 %(seats)s × %(turns)s 批 ≥ 人数 %(people)s", **values))


WELFARE = Section(
    key="welfare",
    title=_("生活保障与员工关怀"),
    lead=_("闭环期间的吃住、用药、心理和返家都有人管；错峰、同向用餐，设隔板，间距不少于 1 米。"),
    source="S1, S3",
    number=13,
    fields=(
        Field(
            "meals",
            _("供餐安排"),
            Kind.LINES,
            hint=_("错峰、同向就座、设隔板，间距不少于 1 米"),
            source="S3",
            most=500,
        ),
        Field("seats", _("餐位数"), Kind.NUMBER, source=ASSUMED, unit=_("个"), most=100_000, width=5),
        Field("turns", _("每餐批次"), Kind.NUMBER, source=ASSUMED, unit=_("批"), least=1, most=20, width=2),
        Field(
            "medicine",
            _("用药和就医"),
            Kind.LINES,
            hint=_("常用药、慢性病用药、急病送医；急救不等核酸"),
            source="S1",
            most=500,
        ),
        Field("mental", _("心理关怀"), Kind.LINES, hint=_("热线、谈心、与家人联系"), source="S3", most=500),
        Field("supplies", _("生活用品"), Kind.LINES, hint=_("被褥、洗漱、洗衣"), source=ASSUMED, most=500),
        Field(
            "going_home",
            _("轮换和返家"),
            Kind.LINES,
            hint=_("48 小时核酸阴性，进小区前加做一次抗原"),
            source="S48",
            is_optional=True,
            most=500,
        ),
        Field("contact", _("员工联系人"), hint=_("员工有事找谁"), source=ASSUMED, most=50),
        Field("contact_phone", _("员工联系电话"), Kind.PHONE, source=ASSUMED),
    ),
    checks=(Check("everybody_eats", everybody_eats, "S3", "turns", is_must=False, is_assumed=True),),
)
