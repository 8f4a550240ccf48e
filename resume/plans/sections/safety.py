"""安全生产: what is checked before machines start again. Not in place means no resumption (双否决)."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section

#: An inspection before the restart is not older than this (assumed: no rule was found).
INSPECTION_DAYS = 30
_PARTS = (
    ("equipment", _("停产设备检修")),
    ("fire", _("消防和疏散")),
    ("utilities", _("水电气和特种设备")),
    ("training", _("安全教育")),
)


def safety_is_in_place(answers: Answers) -> Judged:
    """The second veto (双否决): safety at work not in place means no resumption (S2, S4)."""
    if "safety" not in answers.sections or not answers.sections["safety"]:
        return Judged(None, _("填写后核对安全生产条件"))
    open_ones = [str(title) for key, title in _PARTS if not answers.tick("safety", key)]
    if open_ones:
        return Judged(False, _("安全生产条件未到位（双否决）：%(parts)s", parts="、".join(open_ones)))
    return Judged(True, _("检修、消防、水电气和特种设备、安全教育均已到位"))


def hazards_are_closed(answers: Answers) -> Judged:
    """Every hazard that the inspection found is closed."""
    found, closed = answers.number("safety", "hazards"), answers.number("safety", "hazards_closed")
    if found is None or closed is None:
        return Judged(None, _("填写查出和整改的隐患数后核对"))
    values = {"found": found, "closed": closed, "left": found - closed}
    if closed > found:
        return Judged(False, _("已整改 %(closed)s 处，多于查出的 %(found)s 处，请核对", **values))
    if closed < found:
        return Judged(False, _("查出隐患 %(found)s 处，还有 %(left)s 处没有整改（双否决）", **values))
    return Judged(True, _("查出隐患 %(found)s 处，全部整改", **values))


def permits_are_named(answers: Answers) -> Judged:
    """Hazardous work (hot work, confined spaces, heights) names its permits."""
    has = answers.text("safety", "hazardous")
    if not has:
        return Judged(None, _("选择有无危险作业后核对"))
    if has == "yes" and not answers.text("safety", "permits"):
        return Judged(False, _("有危险作业，须写明作业许可和监护人"))
    return Judged(True, _("危险作业已写明许可") if has == "yes" else _("没有危险作业"))


def inspection_is_recent(answers: Answers) -> Judged:
    """The inspection has taken place, and not long ago (INSPECTION_DAYS, assumed)."""
    day = answers.day("safety", "inspected_on")
    if day is None:
        return Judged(None, _("填写检查日期后核对"))
    if day > answers.today:
        return Judged(False, _("检查日期晚于今天"))
    if day < answers.today - timedelta(days=INSPECTION_DAYS):
        return Judged(False, _("检查已超过 %(days)s 天，请重新检查", days=INSPECTION_DAYS))
    return Judged(True, _("检查在 %(days)s 天以内", days=INSPECTION_DAYS))


SAFETY = Section(
    key="safety",
    title=_("安全生产"),
    lead=_("双否决：疫情防控不到位不得复工，安全生产不到位不得复工。复工前由企业自查，隐患全部整改。"),
    source="S2, S4",
    number=12,
    fields=(
        Field("officer", _("安全生产负责人"), source="S2", most=50),
        Field("officer_phone", _("安全生产负责人手机"), Kind.MOBILE, source=ASSUMED),
        Field("inspected_on", _("复工前安全检查日期"), Kind.DATE, source="S2"),
        Field("inspected_by", _("检查人或检查单位"), source=ASSUMED, most=60),
        Field("equipment", _("停产设备已检修，试运行正常"), Kind.TICK, source="S2"),
        Field(
            "fire",
            _("消防设施有效，疏散通道畅通；厂房内临时住宿已符合消防要求"),
            Kind.TICK,
            source="S2",
        ),
        Field("utilities", _("水、电、气和特种设备检查合格，在检验有效期内"), Kind.TICK, source=ASSUMED),
        Field("training", _("返岗人员上岗前完成安全教育"), Kind.TICK, source=ASSUMED),
        Field("hazards", _("查出隐患"), Kind.NUMBER, source=ASSUMED, unit=_("处"), most=100_000, width=5),
        Field(
            "hazards_closed", _("已整改"), Kind.NUMBER, source=ASSUMED, unit=_("处"), most=100_000, width=5
        ),
        Field(
            "hazardous",
            _("复工后有无危险作业"),
            Kind.CHOICE,
            hint=_("动火、有限空间、高处、吊装等"),
            source=ASSUMED,
            choices=(("yes", _("有")), ("no", _("没有"))),
        ),
        Field(
            "permits",
            _("危险作业许可和监护人"),
            Kind.LINES,
            hint=_("作业名称、许可有效期、监护人"),
            source=ASSUMED,
            is_optional=True,
            most=500,
        ),
    ),
    checks=(
        Check("safety_is_in_place", safety_is_in_place, "S2, S4"),
        Check("hazards_are_closed", hazards_are_closed, "S2, S4", "hazards_closed"),
        Check("permits_are_named", permits_are_named, ASSUMED, "permits", is_assumed=True),
        Check(
            "inspection_is_recent",
            inspection_is_recent,
            ASSUMED,
            "inspected_on",
            is_must=False,
            is_assumed=True,
        ),
    ),
)
