"""The unified social credit code (统一社会信用代码, GB 32100-2015; domain.md 4.3).

Two mistakes of public samples are avoided on purpose: the check value is ``31 - sum mod 31`` with 31
written as "0" (not ``sum mod 31``), and the alphabet has no I, O, S, V, Z, so a letter's value is its place
in the alphabet (not its distance from "A").
"""

from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(0x5E)}


@dataclass(frozen=True, slots=True)
class CreditCodeError:
    """Why a text is no credit code. Codes: empty, length, alphabet, check_digit."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code whose check character is right; ``warning`` says that the organisation code inside does not fit.

    The inner check (GB 11714) only warns: it never refuses [ASSUMED, domain.md 4.3].
    """

    value: str
    warning: CreditCodeError | None = None

    @property
    def organisation_code(self) -> str:
        """Characters 9-17: the organisation's own code with its check character."""
        return self.value[8:17]


def check_character(body: str) -> str:
    """The 18th character for the first 17, all of them in ALPHABET."""
    total = sum(weight * _VALUE[character] for weight, character in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(body: str) -> str:
    """The 9th character of an organisation code for its first 8 (GB 11714; letters count from A = 10)."""
    total = sum(w * int(c, 36) for w, c in zip(_ORGANISATION_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]


def parse_credit_code(text: str) -> CreditCode | CreditCodeError:
    """Judge a code as typed: half-width, upper case and without blanks first."""
    value = "".join(text.translate(_FULL_WIDTH).split()).upper()
    if not value:
        return CreditCodeError("empty", "请填写统一社会信用代码。", "Fill in the unified social credit code.")
    if len(value) != 18:
        return CreditCodeError(
            "length",
            f"统一社会信用代码应为 18 位（现为 {len(value)} 位），请对照营业执照核对。",
            f"A unified social credit code has 18 characters (this one has {len(value)}). "
            "Compare it with the business licence.",
        )
    foreign = sorted(set(value) - _VALUE.keys())
    if foreign:
        return CreditCodeError(
            "alphabet",
            f"统一社会信用代码不使用字符 {'、'.join(foreign)}（没有 I、O、S、V、Z），请对照营业执照核对。",
            f"The code never holds {', '.join(foreign)} (there is no I, O, S, V or Z). "
            "Compare it with the business licence.",
        )
    if check_character(value[:17]) != value[17]:
        return CreditCodeError(
            "check_digit",
            "统一社会信用代码校验位不符，请对照营业执照逐位核对。",
            "The check character does not fit the code. Compare it with the business licence.",
        )
    return CreditCode(value, _organisation_warning(value[8:17]))


def _organisation_warning(organisation: str) -> CreditCodeError | None:
    if organisation_check_character(organisation[:8]) == organisation[8]:
        return None
    return CreditCodeError(
        "organisation_check_digit",
        "代码中的组织机构代码校验位不符，请留意核对（不影响提交）。",
        "The organisation code inside does not fit its own check character. "
        "Please compare it; it can be submitted.",
    )
