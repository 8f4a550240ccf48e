"""附件: floor plan, safety report, photographs of the lodging, sampling contract.

Here stands only whether all of it was uploaded; the files are rows of their own (`plans.models.Attachment`).
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Section

KINDS = (
    ("floor_plan", _("厂区平面图（标明分区）")),
    ("safety_report", _("安全生产检查报告")),
    ("lodging_photos", _("住宿照片")),
    ("sampling_contract", _("采样检测协议")),
    ("other", _("其他材料")),
)
#: Of KINDS those that domain.md 1.4 no. 15 names.
NEEDED = ("floor_plan", "safety_report", "lodging_photos", "sampling_contract")
UPLOADED, ON_SITE = "uploaded", "on_site"


def papers_are_there(answers: Answers) -> Judged:
    """Whoever says that all was uploaded has uploaded a file of each kind."""
    delivery = answers.text("attachments", "delivery")
    if not delivery:
        return Judged(None, _("选择提交方式后核对"))
    there = {paper.kind for paper in answers.papers}
    missing = "、".join(str(title) for kind, title in KINDS if kind in NEEDED and kind not in there)
    if not missing:
        return Judged(True, _("四类附件均已上传"))
    if delivery == UPLOADED:
        return Judged(False, _("还没有上传：%(kinds)s；或改为“部分材料现场查验”", kinds=missing))
    return Judged(
        True, _("已上传 %(count)s 份；现场查验：%(kinds)s", count=len(answers.papers), kinds=missing)
    )


def what_is_left_is_explained(answers: Answers) -> Judged:
    """What is to be seen on the spot is named."""
    if not answers.text("attachments", "delivery"):
        return Judged(None, _("选择提交方式后核对"))
    if answers.text("attachments", "delivery") == ON_SITE and not answers.text("attachments", "note"):
        return Judged(False, _("请写明哪些材料现场查验、由谁接待"))
    return Judged(True, _("提交方式已说明"))


ATTACHMENTS = Section(
    key="attachments",
    title=_("附件"),
    lead=_("上传 PDF、JPEG 或 PNG，每份不超过 10 MB，合计不超过 40 MB。照片中的拍摄地点等信息会自动去除。"),
    source="S16",
    number=15,
    fields=(
        Field(
            "delivery",
            _("提交方式"),
            Kind.CHOICE,
            source=ASSUMED,
            choices=(
                (UPLOADED, _("四类附件均随方案上传")),
                (ON_SITE, _("部分材料由街镇或园区现场查验")),
            ),
        ),
        Field(
            "note",
            _("说明"),
            Kind.LINES,
            hint=_("哪些材料现场查验、由谁接待"),
            source=ASSUMED,
            is_optional=True,
            most=500,
        ),
    ),
    checks=(
        Check("papers_are_there", papers_are_there, "domain 1.4(15)", "delivery", is_assumed=True),
        Check("what_is_left_is_explained", what_is_left_is_explained, ASSUMED, "note", is_assumed=True),
    ),
)
