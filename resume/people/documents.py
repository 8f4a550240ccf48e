"""Identity documents: the six types of the worker list, their numbers, checks and identities.

Formats after domain.md 4.1 and 4.2. A number is judged by its form alone: no register is asked, and
the address code of a resident number is not compared with today's list, since holders keep abolished
codes (310103 卢湾, 310108 闸北, ...).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import mul

from flask_babel import lazy_gettext as _

from resume.people.masking import mask_number
from resume.people.problem import Problem
from resume.people.typed_text import compact
from resume.refusals import Text


class DocumentType(StrEnum):
    """The types by the codes of formats.md; ``zh`` is the name on lists."""

    RESIDENT_ID = "resident_id"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    HMT_RESIDENCE = "hmt_residence"
    FOREIGN_RESIDENCE = "foreign_residence"
    PASSPORT = "passport"

    @property
    def zh(self) -> str:
        """The Chinese name, as formats.md writes it."""
        return _ZH[self]

    @property
    def shown(self) -> Text:
        """The name as pages say it, in the language of their reader."""
        return _SHOWN[self]


_ZH = {
    DocumentType.RESIDENT_ID: "居民身份证",
    DocumentType.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    DocumentType.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    DocumentType.HMT_RESIDENCE: "港澳台居民居住证",
    DocumentType.FOREIGN_RESIDENCE: "外国人永久居留身份证",
    DocumentType.PASSPORT: "护照",
}
_SHOWN: dict[DocumentType, Text] = {
    DocumentType.RESIDENT_ID: _("居民身份证"),
    DocumentType.HK_MACAO_PERMIT: _("港澳居民来往内地通行证"),
    DocumentType.TAIWAN_PERMIT: _("台湾居民来往大陆通行证"),
    DocumentType.HMT_RESIDENCE: _("港澳台居民居住证"),
    DocumentType.FOREIGN_RESIDENCE: _("外国人永久居留身份证"),
    DocumentType.PASSPORT: _("护照"),
}
_BY_NAME = {zh: kind for kind, zh in _ZH.items()} | {kind.value: kind for kind in DocumentType}


def parse_document_type(text: str) -> DocumentType | None:
    """The type of a Chinese name or a code of formats.md; None for anything else."""
    return _BY_NAME.get(text) or _BY_NAME.get("".join(text.split()).lower())


@dataclass(frozen=True, slots=True)
class DocumentError(Problem):
    """Why a number is not one of its type. Codes: empty, format, obsolete_15, wrong_type, check_digit,
    digits_destroyed, birth_date, birth_in_future."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document whose number has passed every check of its type.

    ``number`` is normalised (half-width, upper case, no blanks). ``identity`` is the part that stays with
    the person: what is compared, and what the blind index is made of, always together with ``type``.
    ``birth_date`` is None where the number does not carry one.
    """

    type: DocumentType
    number: str
    identity: str
    birth_date: date | None = None

    @property
    def last_four(self) -> str:
        """The characters a guard compares with the card."""
        return self.number[-4:]

    @property
    def masked(self) -> str:
        """First 3 and last 4 characters; fewer where that would show nearly all of it."""
        return mask_number(self.number)


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_HMT_PREFIXES = ("810000", "820000", "830000")
_HK_MACAO = re.compile(r"([HM][0-9]{8})(?:[0-9]{2})?")
# The card carries 8 digits; the booklet before it 8 digits and an issue number, at times with a letter.
_TAIWAN = re.compile(r"([0-9]{8})(?:[0-9]{2}|\([0-9]{2}\))?(?:[A-Z]|\([A-Z]\))?")
_OLD_RESIDENCE = re.compile(r"[A-Z]{3}[0-9]{12}")
_PASSPORT = re.compile(r"[A-Z0-9]{5,15}")
_LOST_DIGITS = re.compile(r"[0-9](?:\.[0-9]*)?E\+?[0-9]{2}")

DIGITS_DESTROYED = DocumentError(
    "digits_destroyed",
    "号码的末几位已被 Excel 改写（数字只保留 15 位）。请把该列设置为“文本”格式后重新填写原号码。",
    "Excel has overwritten the last digits (a number keeps only 15). "
    "Format the column as text, then type the number again.",
)
_EMPTY = DocumentError("empty", "证件号码为空，请填写。", "The document number is empty. Fill it in.")
_OBSOLETE = DocumentError(
    "obsolete_15",
    "15 位旧身份证号码已停用，请填写 18 位公民身份号码。",
    "15-digit resident numbers are no longer valid. Fill in the 18-character number.",
)
_CHECK_DIGIT = DocumentError(
    "check_digit",
    "证件号码校验位不符，请对照证件逐位核对。",
    "The check digit does not fit the number. Compare it with the document.",
)
_BIRTH_DATE = DocumentError(
    "birth_date",
    "号码中的出生日期不存在，请对照证件核对。",
    "The birth date inside the number does not exist. Compare it with the document.",
)
_BIRTH_FUTURE = DocumentError(
    "birth_in_future",
    "号码中的出生日期晚于今天，请对照证件核对。",
    "The birth date inside the number lies in the future. Compare it with the document.",
)


def _format(zh: str, en: str) -> DocumentError:
    return DocumentError("format", f"{zh}，请对照证件核对。", f"{en} Compare it with the document.")


def _wrong_type(actual: DocumentType) -> DocumentError:
    return DocumentError(
        "wrong_type",
        f"这个号码是{actual.zh}的号码，请更正证件类型。",
        f"This is a number of another type ({actual.value}). Correct the document type.",
    )


_Checked = Document | DocumentError


def check_character(body: str) -> str:
    """The 18th character of a 17-digit body, ISO 7064 MOD 11-2 (GB 11643)."""
    return _CHECKS[sum(map(mul, _WEIGHTS, map(int, body))) % 11]


def _eighteen(kind: DocumentType, number: str, today: date | None) -> _Checked:
    if number[17] != check_character(number[:17]):
        return DIGITS_DESTROYED if number.endswith("000") else _CHECK_DIGIT
    born = _birth_date(number[6:14])
    if born is None:
        return _BIRTH_DATE
    if today is not None and born > today:
        return _BIRTH_FUTURE
    return Document(kind, number, number, born)


@lru_cache(maxsize=50_000)  # all the days of a lifetime: a feed of a million persons has no more
def _birth_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _type_of_eighteen(number: str) -> DocumentType:
    if number.startswith("9"):
        return DocumentType.FOREIGN_RESIDENCE
    return DocumentType.HMT_RESIDENCE if number.startswith(_HMT_PREFIXES) else DocumentType.RESIDENT_ID


def _resident(number: str, today: date | None) -> _Checked:
    if len(number) == 15 and _FIFTEEN.fullmatch(number):
        return _OBSOLETE
    if not _EIGHTEEN.fullmatch(number) or number.startswith("0"):
        return _format(
            f"居民身份证号码应为 18 位（现为 {len(number)} 位），前 17 位为数字，末位为数字或 X",
            f"A resident number has 17 digits and a digit or X (this one has {len(number)} characters).",
        )
    actual = _type_of_eighteen(number)
    if actual is not DocumentType.RESIDENT_ID:
        return _wrong_type(actual)
    return _eighteen(DocumentType.RESIDENT_ID, number, today)


def _hmt(number: str, today: date | None) -> _Checked:
    if not _EIGHTEEN.fullmatch(number) or not number.startswith(_HMT_PREFIXES):
        return _format(
            "港澳台居民居住证号码应为 18 位，以 810000、820000 或 830000 开头",
            "A residence permit number has 18 characters and begins with 810000, 820000 or 830000.",
        )
    return _eighteen(DocumentType.HMT_RESIDENCE, number, today)


def _foreign(number: str, today: date | None) -> _Checked:
    """Both forms: 3 letters and 12 digits (to 2023), 18 digits beginning with 9 (issued from 2023-12-01)."""
    if _OLD_RESIDENCE.fullmatch(number):
        return Document(DocumentType.FOREIGN_RESIDENCE, number, number)
    if not _EIGHTEEN.fullmatch(number) or not number.startswith("9"):
        return _format(
            "外国人永久居留身份证号码应为 3 个字母加 12 位数字，或以 9 开头的 18 位号码",
            "A permanent residence number has 3 letters and 12 digits, or 18 characters beginning with 9.",
        )
    return _eighteen(DocumentType.FOREIGN_RESIDENCE, number, today)


def _hk_macao(number: str, _today: date | None) -> _Checked:
    found = _HK_MACAO.fullmatch(number)
    if not found:
        return _format(
            "港澳居民来往内地通行证号码应为 H 或 M 加 8 位数字（旧证 10 位）",
            "A Hong Kong or Macao permit number is H or M and 8 digits (10 on older cards).",
        )
    return Document(DocumentType.HK_MACAO_PERMIT, number, found[1])


def _taiwan(number: str, _today: date | None) -> _Checked:
    found = _TAIWAN.fullmatch(number)
    if not found:
        return _format(
            "台湾居民来往大陆通行证号码应为 8 位数字（旧证另有签发次数）",
            "A Taiwan permit number is 8 digits (older ones add the issue number).",
        )
    return Document(DocumentType.TAIWAN_PERMIT, number, found[1])


def _passport(number: str, _today: date | None) -> _Checked:
    if not _PASSPORT.fullmatch(number):
        return _format(
            "护照号码应为 5 至 15 位字母或数字",
            "A passport number is 5 to 15 letters or digits.",
        )
    return Document(DocumentType.PASSPORT, number, number)


_CHECK: dict[DocumentType, Callable[[str, date | None], _Checked]] = {
    DocumentType.RESIDENT_ID: _resident,
    DocumentType.HK_MACAO_PERMIT: _hk_macao,
    DocumentType.TAIWAN_PERMIT: _taiwan,
    DocumentType.HMT_RESIDENCE: _hmt,
    DocumentType.FOREIGN_RESIDENCE: _foreign,
    DocumentType.PASSPORT: _passport,
}


def parse_document(kind: DocumentType, text: str, *, today: date | None = None) -> Document | DocumentError:
    """Judge a number as typed. ``today`` (a date in Shanghai) refuses births after it; None asks nothing."""
    number = compact(text)
    if not number:
        return _EMPTY
    if "+" in number and _LOST_DIGITS.fullmatch(number):
        return DIGITS_DESTROYED
    return _CHECK[kind](number, today)


def plausible_types(text: str) -> tuple[DocumentType, ...]:
    """Every type that accepts this bare number: the reviews feed gives a number without its type.

    A resident number is also made of letters and digits, but too long for a passport, so it names one type;
    eight digits may be a Taiwan permit or a passport.
    """
    return tuple(kind for kind in DocumentType if isinstance(parse_document(kind, text), Document))
