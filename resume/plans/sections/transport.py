"""返岗交通: from door to door, in the firm's own vehicles."""

from __future__ import annotations

from collections import Counter

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Rows, Section


def plates_differ(answers: Answers) -> Judged:
    """A vehicle is entered once."""
    plates = [row["plate"] for row in answers.rows("transport") if row.get("plate")]
    if not plates:
        return Judged(None, _("填写车牌后核对是否重复"))
    twice = [plate for plate, count in Counter(plates).items() if count > 1]
    if twice:
        return Judged(False, _("车牌重复：%(plates)s", plates="、".join(twice)))
    return Judged(True, _("车辆 %(count)s 辆，车牌各不相同", count=len(plates)))


def seats_suffice(answers: Answers) -> Judged:
    """Seats x runs >= arrivals of one quiet period (assumed). A vehicle whose runs are not said makes one."""
    arrivals = answers.number("headcount", "arrivals")
    seats = [
        row["seats"] * (row.get("runs") or 1)
        for row in answers.rows("transport")
        if row.get("seats") is not None
    ]
    if arrivals is None or not seats:
        return Judged(None, _("填写座位和到岗人数后核对"))
    values = {"seats": sum(seats), "arrivals": arrivals}
    if sum(seats) < arrivals:
        return Judged(
            False, _("座位（含多趟）%(seats)s < 到岗 %(arrivals)s 人，请说明其他人如何到岗", **values)
        )
    return Judged(True, _("座位（含多趟）%(seats)s ≥ 到岗 %(arrivals)s 人", **values))


TRANSPORT = Section(
    key="transport",
    title=_("返岗交通"),
    lead=_("返岗人员由企业“点对点”接送，从小区门口到厂区门口，途中不停留。"),
    source="S17, S87",
    number=10,
    fields=(
        Field(
            "disinfection",
            _("车辆消毒安排"),
            Kind.LINES,
            hint=_("每趟前后，由谁负责"),
            source=ASSUMED,
            most=300,
        ),
    ),
    rows=Rows(
        title=_("接送车辆"),
        noun=_("车辆"),
        fields=(
            Field(
                "plate",
                _("车牌号码"),
                Kind.PLATE,
                hint=_("例如 沪A12345，新能源 沪AD12345"),
                source=ASSUMED,
                width=10,
            ),
            Field(
                "seats", _("座位数"), Kind.NUMBER, source=ASSUMED, unit=_("座"), least=1, most=100, width=3
            ),
            Field(
                "runs",
                _("趟数"),
                Kind.NUMBER,
                hint=_("同一静止期内往返几趟，空着算一趟"),
                source=ASSUMED,
                is_optional=True,
                unit=_("趟"),
                least=1,
                most=50,
                width=3,
            ),
            Field("driver", _("驾驶员"), source=ASSUMED, most=50),
            Field("driver_phone", _("驾驶员手机"), Kind.MOBILE, source=ASSUMED),
            Field("route", _("路线"), hint=_("例如：曹路镇各小区门口—厂区东门"), source="S87", most=120),
            Field("departs_at", _("发车时间"), Kind.TIME, source=ASSUMED, width=5),
        ),
    ),
    checks=(
        Check("plates_differ", plates_differ, ASSUMED, is_assumed=True),
        Check("seats_suffice", seats_suffice, "domain 1.4(10)", is_must=False, is_assumed=True),
    ),
)
