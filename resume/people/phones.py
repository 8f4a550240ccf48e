"""Mobile numbers (domain.md 4.4). Not unique: relatives share a telephone."""

import re
from dataclasses import dataclass

from resume.people.problem import Problem
from resume.people.typed_text import compact

_PREFIX = re.compile(r"^(?:\+|00)?86(?=1[0-9]{10}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]+E\+?[0-9]+")
_HYPHENS = str.maketrans("", "", "-\u2010\u2011\u2012\u2013\u2014\u2212()")


@dataclass(frozen=True, slots=True)
class PhoneProblem(Problem):
    """Why a text is no mobile number. Codes: empty, format, digits_destroyed."""


def parse_phone(text: str) -> str | PhoneProblem:
    """``+86 138-1234-5678`` -> ``13812345678``; a mainland mobile number or the reason why not."""
    phone = compact(text).translate(_HYPHENS)
    if not phone:
        return PhoneProblem("empty", "手机号码为空，请填写。", "The mobile number is empty. Fill it in.")
    if _SCIENTIFIC.fullmatch(phone):
        return PhoneProblem(
            "digits_destroyed",
            "手机号码已被 Excel 改成科学计数，请把该列设置为“文本”格式后重新填写。",
            "Excel has turned the number into scientific notation. "
            "Format the column as text, then type it again.",
        )
    phone = _PREFIX.sub("", phone)
    if not _MOBILE.fullmatch(phone):
        return PhoneProblem(
            "format",
            "手机号码应为 11 位大陆手机号（1 开头，第二位 3 至 9）。",
            "A mobile number has 11 digits, begins with 1, and its second digit is 3 to 9.",
        )
    return phone
