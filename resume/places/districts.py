"""The 16 districts of Shanghai by their codes of GB/T 2260 (domain.md 4.5)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.refusals import Text

#: As files and sheets write them.
DISTRICTS: dict[str, str] = {
    "310101": "黄浦区",
    "310104": "徐汇区",
    "310105": "长宁区",
    "310106": "静安区",
    "310107": "普陀区",
    "310109": "虹口区",
    "310110": "杨浦区",
    "310112": "闵行区",
    "310113": "宝山区",
    "310114": "嘉定区",
    "310115": "浦东新区",
    "310116": "金山区",
    "310117": "松江区",
    "310118": "青浦区",
    "310120": "奉贤区",
    "310151": "崇明区",
}
#: As pages say them, in the language of their reader.
DISTRICT_NAMES: dict[str, Text] = {
    "310101": _("黄浦区"),
    "310104": _("徐汇区"),
    "310105": _("长宁区"),
    "310106": _("静安区"),
    "310107": _("普陀区"),
    "310109": _("虹口区"),
    "310110": _("杨浦区"),
    "310112": _("闵行区"),
    "310113": _("宝山区"),
    "310114": _("嘉定区"),
    "310115": _("浦东新区"),
    "310116": _("金山区"),
    "310117": _("松江区"),
    "310118": _("青浦区"),
    "310120": _("奉贤区"),
    "310151": _("崇明区"),
}
_PREFIX = "上海市"
_BY_NAME = (
    {name: code for code, name in DISTRICTS.items()}
    | {name.removesuffix("区"): code for code, name in DISTRICTS.items()}
    | {"浦东": "310115"}
)


def parse_district(text: str) -> str | None:
    """The code of a district given by code or Chinese name (with or without 上海市 and 区), or None."""
    text = "".join(text.split())
    return text if text in DISTRICTS else _BY_NAME.get(text.removeprefix(_PREFIX))


def district_name(code: str | None) -> str:
    """A district in the language of the reader; the code itself where there is no such district."""
    return str(DISTRICT_NAMES.get(code or "", code or ""))
