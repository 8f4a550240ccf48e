"""物流: goods come in by a route of their own, are handed over without contact and disinfected."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section

CREW_RULES = (
    ("both", _("48 小时核酸阴性，并现场抗原检测")),
    ("either", _("48 小时核酸阴性，或 24 小时抗原阴性")),
    ("stay_in_cab", _("司乘人员不下车，不进入厂区")),
)


def crew_rule_is_the_strict_one(answers: Answers) -> Judged:
    """48 h PCR and an antigen test on the spot; the sources do not agree (S5: and; S6: or 24 h antigen)."""
    rule = answers.text("logistics", "crew_rule")
    if not rule:
        return Judged(None, _("选择司乘人员要求后核对"))
    if rule == "either":
        return Judged(False, _("公开报道对“并”还是“或”说法不一，本系统按从严提示，请说明理由"))
    return Judged(True, _("司乘人员要求符合从严口径"))


LOGISTICS = Section(
    key="logistics",
    title=_("物流"),
    lead=_("设专用通道和固定场所，人物分开；收货、卸货、入库、拆包、消毒由固定人员负责。"),
    source="S2, S4",
    number=9,
    fields=(
        Field(
            "route", _("货运路线"), Kind.LINES, hint=_("专用通道，不与人员通道交叉"), source="S2", most=500
        ),
        Field("handover_place", _("交接场所"), hint=_("固定、与生产区和生活区分开"), source="S2", most=60),
        Field(
            "no_contact",
            _("无接触交接办法"),
            Kind.LINES,
            hint=_("谁先到、货放在哪里、单据怎样传递"),
            source="S2",
            most=500,
        ),
        Field("crew_rule", _("供货司乘人员要求"), Kind.CHOICE, source="S5, S6", choices=CREW_RULES),
        Field("handlers", _("固定收货和消毒人员"), Kind.LINES, hint=_("姓名和分工"), source="S2", most=300),
        Field("disinfection", _("货物、车辆和场所消毒"), Kind.LINES, source="S2", most=500),
        Field(
            "visits",
            _("每天到货车次"),
            Kind.NUMBER,
            source=ASSUMED,
            is_optional=True,
            unit=_("车次"),
            most=10_000,
            width=5,
        ),
    ),
    checks=(
        Check(
            "crew_rule_is_the_strict_one",
            crew_rule_is_the_strict_one,
            "S5, S6",
            "crew_rule",
            is_must=False,
            is_assumed=True,
        ),
    ),
)
