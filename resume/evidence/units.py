"""Entrance units (单元) as people write them: 2单元, 二单元, 02, Ｂ. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_CHINESE = re.compile(r"([一二两三四五六七八九])?(十)?([一二三四五六七八九])?")
_SUFFIX = re.compile(r"(单元|单位|号门|门洞|门|号)$")


def same_unit(one: str, other: str) -> bool:
    """Whether two texts name the same unit of a building."""
    return unit_name(one) == unit_name(other)


@lru_cache(maxsize=10_000)
def unit_name(text: str) -> str:
    """第二单元, 2单元, 02 -> ``2``; ｂ单元 -> ``B``; empty stays empty."""
    name = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    name = _SUFFIX.sub("", name).removeprefix("第")
    if name.isdecimal():
        return str(int(name))
    match = _CHINESE.fullmatch(name)
    if not name or match is None or (match[1] and match[3] and not match[2]):
        return name
    tens = _DIGITS.get(match[1] or "一", 0) * 10 if match[2] else 0
    ones = _DIGITS.get(match[3] or ("" if match[2] else match[1] or ""), 0)
    return str(tens + ones)
