"""组织与责任: who answers for it, and the telephone that is always picked up."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section


def duty_phone_is_separate(answers: Answers) -> Judged:
    """The 24-hour line rings somewhere even when the officer sleeps: it is not his own mobile (assumed)."""
    duty, own = answers.text("organisation", "duty_phone"), answers.text("organisation", "officer_phone")
    if not duty or not own:
        return Judged(None, _("填写两个电话后核对值守电话是否另设"))
    if duty == own:
        return Judged(False, _("24 小时值守电话与防疫负责人手机相同，夜间可能无人接听"))
    return Judged(True, _("24 小时值守电话另设"))


ORGANISATION = Section(
    key="organisation",
    title=_("组织与责任"),
    lead=_("成立防控和生产工作专班，各级负责人是第一责任人；防疫工作由专人负责。"),
    source="S1, S4",
    number=2,
    fields=(
        Field("leader", _("工作专班组长"), source="S1, S4", most=50),
        Field("leader_duty", _("组长职务"), source=ASSUMED, most=40),
        Field(
            "members",
            _("专班成员和分工"),
            Kind.LINES,
            hint=_("防疫、生产、安全、后勤、物流各由谁负责"),
            source="S1, S4",
            is_optional=True,
            most=500,
        ),
        Field("officer", _("防疫负责人"), hint=_("专人负责，不兼生产调度"), source="S4", most=50),
        Field("officer_phone", _("防疫负责人手机"), Kind.MOBILE, hint=_("11 位手机号码"), source=ASSUMED),
        Field(
            "duty_phone",
            _("24 小时值守电话"),
            Kind.PHONE,
            hint=_("手机或固定电话，例如 021-60000000；门岗和审核人员随时拨打"),
            source="S4",
        ),
        Field("street_contact", _("街镇或园区联系人"), source="S15", most=50),
        Field("street_phone", _("街镇或园区联系电话"), Kind.PHONE, source=ASSUMED),
    ),
    checks=(Check("duty_phone_is_separate", duty_phone_is_separate, "S4", "duty_phone", False, True),),
)
