"""Names of persons: one stored form, whatever dot, blank or composition was typed (domain.md 4.6)."""

import re
from dataclasses import dataclass

from resume.people.masking import DOT
from resume.people.problem import Problem
from resume.people.typed_text import tidy, unprintable

SHORTEST, LONGEST = 2, 50  # code points

# 民委发〔2016〕33号: the separator is U+00B7. These stand for it in lists; NFKC does not bring them together.
_DOTS = str.maketrans(dict.fromkeys("\u2022\u2027\u30fb\uff0e.", DOT))
_AROUND_DOT = re.compile(rf"\s*{DOT}\s*")
# 王　明: a blank set between Han characters to align a column is no part of the name.
_HAN = "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")


@dataclass(frozen=True, slots=True)
class NameProblem(Problem):
    """Why a text is no name. Codes: empty, length, characters."""


def normalise_name(text: str) -> str:
    """The stored and compared form: NFC, U+00B7 as the dot, single spaces, none beside the dot or Han."""
    name = tidy(text)
    if len(name) == len(text) and name.isalpha():
        return name
    return _BETWEEN_HAN.sub("", _AROUND_DOT.sub(DOT, name.translate(_DOTS)))


def parse_name(text: str) -> str | NameProblem:
    """The stored form of a name of 2 to 50 code points without control or private-use characters."""
    bad = unprintable(tidy(text))
    if bad:
        points = "、".join(bad)
        return NameProblem(
            "characters",
            f"姓名含有不能使用的字符（{points}：控制字符或自造字），请用标准字符重新填写。",
            f"The name holds characters that cannot be used ({', '.join(bad)}: control or private use). "
            "Type it again in standard characters.",
        )
    name = normalise_name(text)
    if not name:
        return NameProblem("empty", "姓名为空，请填写。", "The name is empty. Fill it in.")
    if not SHORTEST <= len(name) <= LONGEST:
        return NameProblem(
            "length",
            f"姓名应为 {SHORTEST} 至 {LONGEST} 个字符（现为 {len(name)} 个）。",
            f"A name has {SHORTEST} to {LONGEST} characters (this one has {len(name)}).",
        )
    return name
