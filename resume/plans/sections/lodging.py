"""住宿与静止期: beds for all, single rooms for those who have just come."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import Answers, Check, Field, Judged, Kind, Section


def beds_suffice(answers: Answers) -> Judged:
    """Beds >= people in the loop + arrivals of one quiet period, who sleep apart (domain.md 1.4 no. 5)."""
    beds = answers.number("lodging", "beds")
    people, arrivals = answers.number("headcount", "in_loop"), answers.number("headcount", "arrivals")
    if beds is None or people is None or arrivals is None:
        return Judged(None, _("填写床位、闭环人数和到岗人数后核对"))
    values = {"beds": beds, "people": people, "arrivals": arrivals, "short": people + arrivals - beds}
    if beds < people + arrivals:
        return Judged(
            False, _("床位 %(beds)s < 人数 %(people)s + 静止期到岗 %(arrivals)s，还缺 %(short)s 张", **values)
        )
    return Judged(True, _("床位 %(beds)s ≥ 人数 %(people)s + 静止期到岗 %(arrivals)s", **values))


def quiet_days_suffice(answers: Answers) -> Judged:
    """The quiet period is at least the policy's (9.5 no. 5: 2 days, assumed from S3 and S18)."""
    days = answers.number("lodging", "quiet_days")
    if days is None:
        return Judged(None, _("填写静止期天数后核对（不少于 %(least)s 天）", least=answers.quiet_days))
    values = {"days": days, "least": answers.quiet_days}
    if days < answers.quiet_days:
        return Judged(False, _("静止期 %(days)s 天，少于规定的 %(least)s 天", **values))
    return Judged(True, _("静止期 %(days)s 天 ≥ 规定 %(least)s 天", **values))


def quiet_rooms_suffice(answers: Answers) -> Judged:
    """One single room for each arrival (domain.md 1.4 no. 5; assumed: the guideline says apart)."""
    rooms, arrivals = answers.number("lodging", "quiet_rooms"), answers.number("headcount", "arrivals")
    if rooms is None or arrivals is None:
        return Judged(None, _("填写静止期单间和到岗人数后核对"))
    values = {"rooms": rooms, "arrivals": arrivals}
    if rooms < arrivals:
        return Judged(
            False, _("静止期单间 %(rooms)s 间，少于到岗 %(arrivals)s 人，请说明如何分开居住", **values)
        )
    return Judged(True, _("静止期单间 %(rooms)s 间 ≥ 到岗 %(arrivals)s 人", **values))


LODGING = Section(
    key="lodging",
    title=_("住宿与静止期"),
    lead=_("外来人员不得进入宿舍；同办公室、同班组人员集中住宿；新返岗人员单独居住，经过静止期再入住。"),
    source="S3",
    fields=(
        Field("rooms", _("宿舍间数"), Kind.NUMBER, unit=_("间"), least=1, most=100_000, width=5),
        Field(
            "beds",
            _("床位数"),
            Kind.NUMBER,
            hint=_("含静止期床位"),
            unit=_("张"),
            least=1,
            most=400_000,
            width=5,
        ),
        Field("bathrooms", _("卫浴间数"), Kind.NUMBER, unit=_("间"), most=100_000, width=5),
        Field(
            "quiet_days",
            _("静止期天数"),
            Kind.NUMBER,
            hint=_("指引要求“一定的静止期”；商贸和建筑行业为 2 天"),
            source="S3, S18",
            unit=_("天"),
            most=30,
            width=2,
        ),
        Field("quiet_rooms", _("静止期单间数"), Kind.NUMBER, unit=_("间"), most=100_000, width=5),
        Field("quiet_place", _("静止区位置"), hint=_("与其他人员的宿舍分开"), source="S3", most=60),
        Field("quiet_meals", _("静止期内的送餐和检测安排"), Kind.LINES, most=500),
    ),
    checks=(
        Check("beds_suffice", beds_suffice, "S3", "beds"),
        Check("quiet_days_suffice", quiet_days_suffice, "S3, S18; 9.5(5)", "quiet_days", is_assumed=True),
        Check(
            "quiet_rooms_suffice", quiet_rooms_suffice, "S3", "quiet_rooms", is_must=False, is_assumed=True
        ),
    ),
)
