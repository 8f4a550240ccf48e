"""检测: antigen in the morning, PCR in the evening, written down by somebody."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section

ZONE_LEVELS = (
    ("sealed", _("封控区")),
    ("controlled", _("管控区")),
    ("precaution", _("防范区")),
)
#: From when -> zone of the plant -> one PCR within so many days: the first guideline asks for one a day
#: everywhere (S2), the second by zone (S9, S10).
INTERVALS: tuple[tuple[date | None, dict[str, int]], ...] = (
    (None, {"sealed": 1, "controlled": 1, "precaution": 1}),
    (date(2022, 5, 3), {"sealed": 1, "controlled": 2, "precaution": 5}),
)


def antigen_before_pcr(answers: Answers) -> Judged:
    """一日两测: antigen in the morning, PCR later the same day (S2)."""
    antigen, pcr = answers.text("testing", "antigen_at"), answers.text("testing", "pcr_at")
    if not antigen or not pcr:
        return Judged(None, _("填写两个时间后核对（抗原在早、核酸在晚）"))
    values = {"antigen": antigen, "pcr": pcr}
    if not (antigen < "12:00" and antigen < pcr):
        return Judged(False, _("抗原 %(antigen)s、核酸 %(pcr)s：指引要求早抗原、晚核酸", **values))
    return Judged(True, _("抗原 %(antigen)s、核酸 %(pcr)s，一日两测", **values))


def pcr_is_often_enough(answers: Answers) -> Judged:
    """PCR at least as often as the guideline in force today asks of this plant's zone (S2; from 3 May S9)."""
    every, zone = answers.number("testing", "pcr_every_days"), answers.text("testing", "zone")
    if every is None or not zone:
        return Judged(None, _("填写厂区所在区域和核酸频次后核对"))
    most = longest_interval(zone, answers.today)
    values = {"every": every, "most": most, "zone": dict(ZONE_LEVELS).get(zone, zone)}
    if every > most:
        return Judged(
            False, _("核酸每 %(every)s 天一次；厂区在%(zone)s，指引要求至少每 %(most)s 天一次", **values)
        )
    return Judged(
        True, _("核酸每 %(every)s 天一次，厂区在%(zone)s，指引要求至少每 %(most)s 天一次", **values)
    )


def longest_interval(zone: str, day: date) -> int:
    """Days within which one PCR has to be taken in a plant of that zone, by the guideline of that day."""
    table = next(table for since, table in reversed(INTERVALS) if since is None or since <= day)
    return table.get(zone, 1)


TESTING = Section(
    key="testing",
    title=_("检测"),
    lead=_("一日两测：早上抗原、晚上核酸；每日健康监测并登记。"),
    source="S2, S9",
    number=7,
    fields=(
        Field(
            "zone",
            _("厂区所在区域"),
            Kind.CHOICE,
            hint=_(
                "此前一律每天抗原、核酸各一次；5月3日起按区域：封控区抗原、核酸每天，"
                "管控区抗原每天、核酸每 2 天，防范区抗原每天、核酸 5 天内一次"
            ),
            source="S9, S10",
            choices=ZONE_LEVELS,
        ),
        Field("antigen_at", _("每日抗原时间"), Kind.TIME, source="S2", width=5),
        Field("pcr_at", _("核酸采样时间"), Kind.TIME, source="S2", width=5),
        Field(
            "pcr_every_days",
            _("核酸每几天一次"),
            Kind.NUMBER,
            source="S2, S9",
            unit=_("天"),
            least=1,
            most=14,
            width=2,
        ),
        Field("sampling_point", _("采样点位置"), source="S4", most=60),
        Field("laboratory", _("检测机构"), source=ASSUMED, most=60),
        Field("recorder", _("结果登记人"), hint=_("一人一档，当日登记"), source="S2, S39", most=50),
        Field("is_monitored", _("每日健康监测并登记：体温、症状、接触史"), Kind.TICK, source="S2"),
    ),
    checks=(
        Check("antigen_before_pcr", antigen_before_pcr, "S2", "antigen_at", is_must=False),
        Check("pcr_is_often_enough", pcr_is_often_enough, "S2, S9, S10", "pcr_every_days"),
    ),
)
