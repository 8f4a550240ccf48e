"""静止期/缓冲期: those who have just come live apart, are fed at their door and are tested twice a day."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section


def quiet_days_suffice(answers: Answers) -> Judged:
    """The quiet period is at least the policy's (9.5 no. 5: 2 days, assumed from S3 and S18)."""
    days = answers.number("quiet", "days")
    if days is None:
        return Judged(None, _("填写静止期天数后核对（不少于 %(least)s 天）", least=answers.quiet_days))
    values = {"days": days, "least": answers.quiet_days}
    if days < answers.quiet_days:
        return Judged(False, _("静止期 %(days)s 天，少于规定的 %(least)s 天", **values))
    return Judged(True, _("静止期 %(days)s 天 ≥ 规定 %(least)s 天", **values))


def quiet_rooms_suffice(answers: Answers) -> Judged:
    """One single room for each arrival (domain.md 1.4 no. 5; assumed: the guideline says apart)."""
    rooms, arrivals = answers.number("quiet", "rooms"), answers.number("headcount", "arrivals")
    if rooms is None or arrivals is None:
        return Judged(None, _("填写静止期单间和到岗人数后核对"))
    values = {"rooms": rooms, "arrivals": arrivals}
    if rooms < arrivals:
        return Judged(
            False, _("静止期单间 %(rooms)s 间，少于到岗 %(arrivals)s 人，请说明如何分开居住", **values)
        )
    return Judged(True, _("静止期单间 %(rooms)s 间 ≥ 到岗 %(arrivals)s 人", **values))


QUIET = Section(
    key="quiet",
    title=_("静止期与缓冲期"),
    lead=_("新返岗和新入职人员先单独居住，经过静止期、检测均为阴性后再入住宿舍、进入生产区。"),
    source="S3, S9",
    number=6,
    fields=(
        Field(
            "days",
            _("静止期天数"),
            Kind.NUMBER,
            hint=_("指引要求“一定的静止期”；商贸和建筑行业为 2 天"),
            source="S3, S18",
            unit=_("天"),
            most=30,
            width=2,
        ),
        Field("rooms", _("静止期单间数"), Kind.NUMBER, source=ASSUMED, unit=_("间"), most=100_000, width=5),
        Field("place", _("静止区位置"), hint=_("与其他人员的宿舍分开"), source="S3", most=60),
        Field(
            "meals", _("静止期内的送餐安排"), Kind.LINES, hint=_("由专人送到房门口"), source=ASSUMED, most=500
        ),
        Field(
            "tests",
            _("静止期内的检测安排"),
            Kind.LINES,
            hint=_("返岗和新入职人员一日两测：早上抗原、下午核酸"),
            source="S9",
            most=500,
        ),
        Field("keeper", _("静止区负责人"), source=ASSUMED, most=50),
        Field("is_apart", _("静止期人员不与在岗人员接触，不共用通道、餐厅和卫浴"), Kind.TICK, source="S3"),
    ),
    checks=(
        Check("quiet_days_suffice", quiet_days_suffice, "S3, S18; 9.5(5)", "days", is_assumed=True),
        Check("quiet_rooms_suffice", quiet_rooms_suffice, "S3", "rooms", is_must=False, is_assumed=True),
    ),
)
