"""The 16 districts of Shanghai by their codes of GB/T 2260 (domain.md 4.5)."""

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
