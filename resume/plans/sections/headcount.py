"""人员: how many live and work in the loop, and how many arrive at once."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Rows, Section


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


def teams_add_up(answers: Answers) -> Judged:
    """Teams, where they are listed, are as many as said and hold those in the loop (S2: teams do not mix)."""
    rows = answers.rows("headcount")
    shifts, people = answers.number("headcount", "shifts"), answers.number("headcount", "in_loop")
    sizes = [row["people"] for row in rows if row.get("people") is not None]
    if not rows or len(sizes) < len(rows) or shifts is None or people is None:
        return Judged(None, _("逐一列出班组后核对（可不列）"))
    values = {"rows": len(rows), "shifts": shifts, "listed": sum(sizes), "people": people}
    if len(rows) != shifts:
        return Judged(False, _("列出班组 %(rows)s 个，班组数填写为 %(shifts)s 个", **values))
    if sum(sizes) != people:
        return Judged(False, _("各班组合计 %(listed)s 人，闭环人数为 %(people)s 人", **values))
    return Judged(True, _("%(rows)s 个班组合计 %(listed)s 人，与闭环人数一致", **values))


HEADCOUNT = Section(
    key="headcount",
    title=_("人员"),
    lead=_("闭环管理期间在厂区内生产和居住的人员。具体名单随花名册提交。"),
    source="S2, S16",
    number=3,
    fields=(
        Field(
            "in_loop",
            _("闭环人数"),
            Kind.NUMBER,
            hint=_("含本次申请返岗的人员"),
            source="S16",
            unit=_("人"),
            least=1,
            most=200_000,
            width=5,
        ),
        Field(
            "key_posts",
            _("其中关键岗位人数"),
            Kind.NUMBER,
            source=ASSUMED,
            unit=_("人"),
            most=200_000,
            width=5,
        ),
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
        Field(
            "handover",
            _("班组交接办法"),
            Kind.LINES,
            hint=_("无接触交接：前一班离开并消毒后，后一班再进入"),
            source="S2",
            most=500,
        ),
    ),
    rows=Rows(
        title=_("班组"),
        noun=_("班组"),
        fields=(
            Field("name", _("班组名称"), source=ASSUMED, most=40),
            Field("people", _("班组人数"), Kind.NUMBER, source=ASSUMED, unit=_("人"), most=200_000, width=5),
            Field("leader", _("班组长"), source="S1", most=50),
            Field("place", _("生产区域"), source="S2", most=60),
            Field("hours", _("班次时间"), hint=_("例如：8:00—20:00"), source=ASSUMED, most=40),
        ),
        least=0,
        most=120,
        first=(),
    ),
    checks=(
        Check("key_posts_fit", key_posts_fit, "S16", "key_posts"),
        Check("arrivals_fit", arrivals_fit, "S3", "arrivals"),
        Check("teams_add_up", teams_add_up, "S2", is_must=False, is_assumed=True),
    ),
)
