"""检测: antigen in the morning, PCR in the evening, written down by somebody."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import Answers, Check, Field, Judged, Kind, Section


def antigen_before_pcr(answers: Answers) -> Judged:
    """一日两测: antigen in the morning, PCR later the same day (S2)."""
    antigen, pcr = answers.text("testing", "antigen_at"), answers.text("testing", "pcr_at")
    if not antigen or not pcr:
        return Judged(None, _("填写两个时间后核对（抗原在早、核酸在晚）"))
    values = {"antigen": antigen, "pcr": pcr}
    if not (antigen < "12:00" and antigen < pcr):
        return Judged(False, _("抗原 %(antigen)s、核酸 %(pcr)s：指引要求早抗原、晚核酸", **values))
    return Judged(True, _("抗原 %(antigen)s、核酸 %(pcr)s，一日两测", **values))


def pcr_is_daily(answers: Answers) -> Judged:
    """PCR every day (S2); from 3 May 2022 less often is possible by the zone of the plant (S9, S10)."""
    every = answers.number("testing", "pcr_every_days")
    if every is None:
        return Judged(None, _("填写核酸频次后核对"))
    if every > 1:
        return Judged(
            False, _("核酸每 %(every)s 天一次；第一版指引要求每天一次，由审核人员判断", every=every)
        )
    return Judged(True, _("核酸每天一次"))


TESTING = Section(
    key="testing",
    title=_("检测"),
    lead=_("一日两测：早上抗原、晚上核酸；每日健康监测并登记。"),
    source="S2",
    fields=(
        Field("antigen_at", _("每日抗原时间"), Kind.TIME, source="S2", width=5),
        Field("pcr_at", _("核酸采样时间"), Kind.TIME, source="S2", width=5),
        Field("pcr_every_days", _("核酸每几天一次"), Kind.NUMBER, unit=_("天"), least=1, most=14, width=2),
        Field("sampling_point", _("采样点位置"), most=60),
        Field("laboratory", _("检测机构"), most=60),
        Field("recorder", _("结果登记人"), hint=_("一人一档，当日登记"), source="S2, S39", most=50),
    ),
    checks=(
        Check("antigen_before_pcr", antigen_before_pcr, "S2", "antigen_at", is_must=False),
        Check("pcr_is_daily", pcr_is_daily, "S2, S9", "pcr_every_days", is_must=False),
    ),
)
