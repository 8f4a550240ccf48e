"""应急处置: what happens when somebody is found positive."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section

#: One single isolation room for so many people, and never fewer than LEAST (domain.md 1.4 no. 11, assumed).
PEOPLE_A_ROOM = 100
LEAST_ROOMS = 2


def isolation_rooms_suffice(answers: Answers) -> Judged:
    """Isolation rooms >= 1 for each 100 people begun, at least 2 (assumed)."""
    rooms, people = answers.number("emergency", "isolation_rooms"), answers.number("headcount", "in_loop")
    if rooms is None or people is None:
        return Judged(None, _("填写隔离单间和闭环人数后核对"))
    needed = max(LEAST_ROOMS, -(-people // PEOPLE_A_ROOM))
    values = {"rooms": rooms, "needed": needed, "people": people}
    if rooms < needed:
        return Judged(False, _("隔离单间 %(rooms)s 间，%(people)s 人需要 %(needed)s 间", **values))
    return Judged(True, _("隔离单间 %(rooms)s 间 ≥ %(needed)s 间（每 100 人 1 间，至少 2 间）", **values))


EMERGENCY = Section(
    key="emergency",
    title=_("应急处置"),
    lead=_("发现阳性时先控制、后处置：就地隔离、通报、转运、消毒；与属地建立阳性人员转运联络通道。"),
    source="S2, S4",
    number=11,
    fields=(
        Field(
            "trigger",
            _("启动条件"),
            Kind.LINES,
            hint=_("例如：抗原阳性、核酸异常、发热"),
            source="S2",
            most=500,
        ),
        Field(
            "isolation_rooms",
            _("隔离单间数"),
            Kind.NUMBER,
            hint=_("每 100 人 1 间、至少 2 间"),
            source=ASSUMED,
            unit=_("间"),
            most=10_000,
            width=5,
        ),
        Field("transfer_contact", _("转运联系人"), hint=_("属地指定的联系人"), source="S2", most=50),
        Field("transfer_phone", _("转运联系电话"), Kind.PHONE, source=ASSUMED),
        Field("chain", _("通报顺序"), Kind.LINES, hint=_("谁在多长时间内通知谁"), source="S2, S4", most=500),
        Field(
            "units",
            _("划小管理单元"),
            Kind.LINES,
            hint=_(
                "按线、按班组或按楼层；出现一例阳性时停哪一个单元（本系统设定：一例即停该单元并暂停进人）"
            ),
            source="S35",
            most=500,
        ),
        Field("disinfection", _("终末消毒安排"), Kind.LINES, source="S2", most=500),
        Field("drill_on", _("最近一次演练日期"), Kind.DATE, is_optional=True, source="S2"),
        Field(
            "makeshift",
            _("自建隔离或方舱点"),
            Kind.LINES,
            hint=_("大型企业适用：位置和床位"),
            source="S6",
            is_optional=True,
            most=300,
        ),
    ),
    checks=(
        Check(
            "isolation_rooms_suffice",
            isolation_rooms_suffice,
            ASSUMED,
            "isolation_rooms",
            is_assumed=True,
        ),
    ),
)
