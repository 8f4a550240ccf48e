"""工作厂区, the annex of the first section: where the workers go.

Saving this section writes the firm's plants to the register.
"""

from __future__ import annotations

from collections import Counter

from flask_babel import lazy_gettext as _

from resume.places.districts import DISTRICT_NAMES
from resume.plans.sections.describe import ASSUMED, Answers, Check, Field, Judged, Kind, Rows, Section


def names_differ(answers: Answers) -> Judged:
    """A worker list names a plant by its name, so no two have the same."""
    names = [row["name"] for row in answers.rows("sites") if row.get("name")]
    if not names:
        return Judged(None, _("填写厂区名称后核对是否重名"))
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        return Judged(False, _("厂区重名：%(names)s；花名册按名称对应厂区，请改名", names="、".join(twice)))
    return Judged(True, _("厂区 %(count)s 个，名称各不相同", count=len(names)))


SITES = Section(
    key="sites",
    title=_("工作厂区"),
    lead=_("企业基本信息的附表。花名册中的“工作厂区”须与这里的名称一致；通行证写明前往的厂区。"),
    source="S16",
    number=1,
    is_annex=True,
    rows=Rows(
        title=_("厂区"),
        noun=_("厂区"),
        fields=(
            Field("site_id", "", Kind.ROW_ID),
            Field("name", _("厂区名称"), source=ASSUMED, most=40),
            Field("district", _("所在区"), Kind.SELECT, source="S16", choices=tuple(DISTRICT_NAMES.items())),
            Field("address", _("厂区地址"), source="S16", most=120),
        ),
        most=20,
    ),
    checks=(Check("names_differ", names_differ, ASSUMED, is_assumed=True),),
)
