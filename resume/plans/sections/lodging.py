"""住宿: beds for all in the loop, and for those who have just come."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section


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


LODGING = Section(
    key="lodging",
    title=_("住宿"),
    lead=_("外来人员不得进入宿舍；同办公室、同班组人员集中住宿。新返岗人员先在静止区单独居住。"),
    source="S3",
    number=5,
    fields=(
        Field(
            "rooms", _("宿舍间数"), Kind.NUMBER, source=ASSUMED, unit=_("间"), least=1, most=100_000, width=5
        ),
        Field(
            "beds",
            _("床位数"),
            Kind.NUMBER,
            hint=_("含静止期床位"),
            source=ASSUMED,
            unit=_("张"),
            least=1,
            most=400_000,
            width=5,
        ),
        Field("bathrooms", _("卫浴间数"), Kind.NUMBER, source=ASSUMED, unit=_("间"), most=100_000, width=5),
        Field(
            "grouping",
            _("住宿编排"),
            Kind.LINES,
            hint=_("同办公室、同班组人员集中住宿，写明楼层和房间的分配办法"),
            source="S3",
            most=500,
        ),
        Field("no_outsiders", _("外来人员不进入宿舍，出入口有人值守"), Kind.TICK, source="S3"),
    ),
    checks=(Check("beds_suffice", beds_suffice, "S3", "beds"),),
)
