"""The sources of hints and checks by their titles; the numbers are those of the domain page's list."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _

from resume.refusals import Text

_GUIDELINE_1 = _("《工业企业复工复产疫情防控指引（第一版）》2022年4月16日")
_GUIDELINE_2 = _("《工业企业复工复产疫情防控指引（第二版）》2022年5月3日")
_TITLES: dict[str, Text] = {
    "S1": _GUIDELINE_1,
    "S2": _GUIDELINE_1,
    "S3": _GUIDELINE_1,
    "S4": _GUIDELINE_1,
    "S3b": _("《生产性服务业复工复产疫情防控指引》2022年5月15日"),
    "S5": _("供货人员要求（英文公开报道，2022年4月21日）"),
    "S6": _("供货人员要求（彭博社报道，2022年4月16日）"),
    "S7": _GUIDELINE_2,
    "S8": _GUIDELINE_2,
    "S9": _GUIDELINE_2,
    "S10": _GUIDELINE_2,
    "S11": _GUIDELINE_2,
    "S14": _("重点企业“白名单”"),
    "S15": _("复工复产 50 问"),
    "S16": _("闵行区办理流程"),
    "S17": _("商贸企业复工流程"),
    "S18": _("商贸企业复工要求"),
    "S35": _("本市疫情防控新闻发布（2022年5月13日）"),
    "S39": _("实名制、一人一档要求"),
    "S48": _("闭环企业人员轮换报道（2022年5月29日）"),
    "S87": _("点式复工做法"),
}
_OWN = _("本系统设定")


def source_titles(source: str) -> str:
    """`S2, S3` -> the titles, each once; what is no published source is this system's own."""
    codes = re.findall(r"S\d+b?", source)
    titles = [str(_TITLES.get(code, _OWN)) for code in codes] or [str(_OWN)]
    return str(_("、")).join(dict.fromkeys(titles))
