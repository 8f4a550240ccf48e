"""企业基本信息. Name, credit code and district are the register's; the rest is asked here."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.plans.sections.describe import ASSUMED, Field, Kind, Section

CATEGORIES = (
    ("city_operation", _("运行保障")),
    ("epidemic_supplies", _("防疫物资")),
    ("key_function", _("重要功能")),
    ("continuous_production", _("连续生产")),
    ("supporting", _("配套支撑")),
)
BATCHES = (
    ("none", _("未列入")),
    ("first", _("第一批")),
    ("second", _("第二批")),
    ("district", _("区级名单")),
)

FIRM = Section(
    key="firm",
    title=_("企业基本信息"),
    lead=_("名称、统一社会信用代码和所在区取自登记信息；其余由企业填写。"),
    source="S15, S16",
    number=1,
    fields=(
        Field(
            "street",
            _("所在街镇或园区"),
            hint=_("由街镇或园区先行核实并盖章上报"),
            source="S15, S16",
            most=40,
        ),
        Field("address", _("经营地址"), source="S16", most=120),
        Field(
            "legal_representative",
            _("法定代表人"),
            hint=_("法定代表人是疫情防控第一责任人，须在承诺书上签名"),
            source="S3b",
            most=50,
        ),
        Field("industry", _("所属行业"), hint=_("例如：汽车零部件及配件制造"), source="S16", most=40),
        Field("category", _("企业类别"), Kind.CHOICE, source="S15", choices=CATEGORIES),
        Field("white_list", _("列入“白名单”批次"), Kind.CHOICE, source="S14, S16", choices=BATCHES),
        Field(
            "chain",
            _("上下游关键配套企业"),
            Kind.LINES,
            hint=_("写明停产会影响谁、又依赖谁"),
            source=ASSUMED,
            is_optional=True,
            most=500,
        ),
    ),
)
