"""Pass numbers: six digits of the district, six of the serial, one check character.

The check character is ISO/IEC 7064 MOD 37,36 over the twelve digits: it finds every single wrong
character and all but about six in a thousand swaps of neighbours, which is what goes wrong when a
guard types a number.
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_SERIAL = 999_999

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_FORMATTED = re.compile(r"[0-9]{12}[0-9A-Z]")
_SEPARATORS = re.compile(r"[\s\-‐-―·.]+")


class BadNumber(ValueError):
    """Not a pass number; the message says which rule it breaks."""


def check_character(digits: str) -> str:
    """ISO/IEC 7064 MOD 37,36 of `digits` (twelve decimal digits)."""
    if not _TWELVE_DIGITS.fullmatch(digits):
        raise BadNumber("a pass number has twelve digits before its check character")
    return iso_7064_mod_37_36(digits)


def iso_7064_mod_37_36(text: str) -> str:
    """The check character of a text over 0-9A-Z (ISO/IEC 7064, hybrid system MOD 37,36)."""
    product = 36
    for character in text:
        total = (product + ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def pass_number(district_code: str, serial: int) -> str:
    """`pass_number("310115", 17)` -> `"310115000017Z"`.

    Raises `BadNumber` when the district code is not six digits or the serial not in 1..999999.
    """
    if not re.fullmatch(r"[0-9]{6}", district_code):
        raise BadNumber("a district code has six digits")
    if not 1 <= serial <= MAX_SERIAL:
        raise BadNumber(f"a serial is between 1 and {MAX_SERIAL}")
    digits = f"{district_code}{serial:06d}"
    return digits + check_character(digits)


def is_pass_number(text: str) -> bool:
    """True for the stored form only: thirteen ASCII characters with the right check character."""
    return _FORMATTED.fullmatch(text) is not None and check_character(text[:12]) == text[12]


def parse_number(typed: str) -> str:
    """The stored form of a number as people type it.

    Spaces, hyphens, lower case and full-width characters are forgiven; a wrong check character is
    not. Raises `BadNumber`.
    """
    text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()
    if not _FORMATTED.fullmatch(text):
        raise BadNumber("a pass number has twelve digits and one check character")
    if not is_pass_number(text):
        raise BadNumber("the check character does not fit the digits: one of them is mistyped")
    return text


def grouped(number: str) -> str:
    """The number as it is printed, in groups of four: `3101 1500 0017 Z`."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
