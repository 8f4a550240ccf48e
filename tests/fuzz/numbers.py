"""Numbers of documents and firms, and a second opinion on them.

The second opinion is written from the standards (GB 11643, GB 32100) in another way than the program: sums
of powers of two modulo 11, powers of three modulo 31, dates counted by hand.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

LETTERS_31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def resident_is_right(number: str, *, today: tuple[int, int, int]) -> bool:
    """GB 11643: 17 digits and a check that makes the weighted sum 1 modulo 11, and a day that was."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()) or number[0] in "09":
        return False
    if number[:6] in ("810000", "820000", "830000") or number[17] not in "0123456789X":
        return False
    values = [int(digit) for digit in number[:17]] + [10 if number[17] == "X" else int(number[17])]
    if sum(value * pow(2, 17 - place, 11) for place, value in enumerate(values)) % 11 != 1:
        return False
    return _was(number[6:14], today)


def credit_code_is_right(code: str) -> bool:
    """GB 32100: the weighted sum of all 18 characters is a multiple of 31."""
    if len(code) != 18 or any(character not in LETTERS_31 for character in code):
        return False
    total = sum(LETTERS_31.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return (total + LETTERS_31.index(code[17])) % 31 == 0


def _was(digits: str, today: tuple[int, int, int]) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if year < 1 or not 1 <= month <= 12:
        return False
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = [31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return 1 <= day <= longest and (year, month, day) <= today


def residents(count: int, seed: int) -> Iterator[str]:
    """Numbers of which about half are right, and the others nearly."""
    chance = random.Random(seed)
    for _ in range(count):
        year, month, day = chance.randrange(1900, 2026), chance.randrange(14), chance.randrange(33)
        body = f"319999{year:04d}{month:02d}{day:02d}{chance.randrange(1000):03d}"
        remainder = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body)) % 11
        yield _spoilt(body + "0123456789X"[(1 - remainder) % 11], chance, "0123456789X")


def credit_codes(count: int, seed: int) -> Iterator[str]:
    """As `residents`."""
    chance = random.Random(seed)
    for _ in range(count):
        body = "91319999" + "".join(chance.choice(LETTERS_31) for _ in range(9))
        total = sum(LETTERS_31.index(c) * pow(3, place, 31) for place, c in enumerate(body))
        yield _spoilt(body + LETTERS_31[-total % 31], chance, LETTERS_31 + "IOSVZ")


def _spoilt(number: str, chance: random.Random, alphabet: str) -> str:
    """The number as it is, with one character changed, two exchanged, one lost or one more."""
    way, place = chance.randrange(8), chance.randrange(len(number) - 1)
    if way == 0:
        return number[:place] + chance.choice(alphabet) + number[place + 1 :]
    if way == 1:
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if way == 2:
        return number[:place] + number[place + 1 :]
    return number[:place] + chance.choice(alphabet) + number[place:] if way == 3 else number
