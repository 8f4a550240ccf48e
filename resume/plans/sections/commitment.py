"""承诺书: the legal representative answers for the plan and for the list."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import Answers, Check, Field, Judged, Kind, Section


def signer_is_legal_representative(answers: Answers) -> Judged:
    """The name signed is the legal representative's of the first section (S3b, S16)."""
    signer, legal = answers.text("commitment", "signer"), answers.text("firm", "legal_representative")
    if not signer or not legal:
        return Judged(None, _("填写签名和法定代表人后核对是否一致"))
    if signer != legal:
        return Judged(False, _("签名与“企业基本信息”中的法定代表人不一致"))
    return Judged(True, _("签名人即法定代表人"))


def date_is_not_ahead(answers: Answers) -> Judged:
    """A promise is not signed tomorrow."""
    day = answers.day("commitment", "signed_on")
    if day is None:
        return Judged(None, _("填写签署日期后核对"))
    if day > answers.today:
        return Judged(False, _("签署日期晚于今天"))
    return Judged(True, _("签署日期不晚于今天"))


def people_are_in_the_loop(answers: Answers) -> Judged:
    """The promise covers the persons on its list (S16: 含涉及人员名单), who are among those in the loop.

    Whether it is the list that was uploaded, the case compares.
    """
    people, loop = answers.number("commitment", "people"), answers.number("headcount", "in_loop")
    if people is None or loop is None:
        return Judged(None, _("填写涉及人数和闭环人数后核对"))
    values = {"people": people, "loop": loop}
    if people > loop:
        return Judged(False, _("承诺涉及 %(people)s 人，多于闭环人数 %(loop)s 人", **values))
    return Judged(True, _("承诺涉及 %(people)s 人 ≤ 闭环人数 %(loop)s 人", **values))


COMMITMENT = Section(
    key="commitment",
    title=_("承诺书"),
    lead=_(
        "我单位承诺：方案内容和人员名单真实；落实疫情防控主体责任和安全生产责任；"
        "任一项不到位即停止生产；如有变化即时更正。"
    ),
    source="S2, S16",
    number=14,
    fields=(
        Field("is_promised", _("我作为法定代表人作出以上承诺"), Kind.TICK, source="S16"),
        Field("signer", _("法定代表人签名（姓名）"), source="S3b, S16", most=50),
        Field(
            "people",
            _("名单涉及人数"),
            Kind.NUMBER,
            hint=_("与随申请提交的花名册人数一致"),
            source="S16",
            unit=_("人"),
            least=1,
            most=200_000,
            width=5,
        ),
        Field("signed_on", _("签署日期"), Kind.DATE, source="S16"),
    ),
    checks=(
        Check("signer_is_legal_representative", signer_is_legal_representative, "S3b, S16", "signer"),
        Check("people_are_in_the_loop", people_are_in_the_loop, "S16", "people"),
        Check("date_is_not_ahead", date_is_not_ahead, "S16", "signed_on"),
    ),
)
