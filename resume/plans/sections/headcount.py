"""人员: how many live and work in the loop, and how many arrive at once."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import Answers, Check, Field, Judged, Kind, Section


def key_posts_fit(answers: Answers) -> Judged:
    """Those on key posts are among those in the loop."""
    return _within(answers, "key_posts", _("关键岗位"))


def arrivals_fit(answers: Answers) -> Judged:
    """Those who arrive are among those in the loop."""
    return _within(answers, "arrivals", _("静止期内到岗"))


def _within(answers: Answers, field: str, what: str) -> Judged:
    part, whole = answers.number("headcount", field), answers.number("headcount", "in_loop")
    if part is None or whole is None:
        return Judged(None, _("填写人数后核对"))
    values = {"what": what, "part": part, "whole": whole}
    if part > whole:
        return Judged(False, _("%(what)s %(part)s 人，多于闭环人数 %(whole)s 人", **values))
    return Judged(True, _("%(what)s %(part)s 人 ≤ 闭环人数 %(whole)s 人", **values))


HEADCOUNT = Section(
    key="headcount",
    title=_("人员"),
    lead=_("闭环管理期间在厂区内生产和居住的人员。具体名单随花名册提交。"),
    source="S2, S16",
    fields=(
        Field(
            "in_loop",
            _("闭环人数"),
            Kind.NUMBER,
            hint=_("含本次申请返岗的人员"),
            unit=_("人"),
            least=1,
            most=200_000,
            width=5,
        ),
        Field("key_posts", _("其中关键岗位人数"), Kind.NUMBER, unit=_("人"), most=200_000, width=5),
        Field(
            "shifts",
            _("班组数"),
            Kind.NUMBER,
            hint=_("班组之间无接触交接"),
            source="S2",
            least=1,
            most=999,
            width=3,
        ),
        Field(
            "arrivals",
            _("同一静止期内最多到岗人数"),
            Kind.NUMBER,
            hint=_("新返岗人员先在静止区单独居住，与在岗人员分开"),
            source="S3",
            unit=_("人"),
            most=200_000,
            width=5,
        ),
    ),
    checks=(
        Check("key_posts_fit", key_posts_fit, "S16", "key_posts"),
        Check("arrivals_fit", arrivals_fit, "S3", "arrivals"),
    ),
)
