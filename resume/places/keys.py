"""What the ways to write a name or a number have in common: keys, and the pieces names are compared by."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

MAX_KEY = 80  # characters of a key that are kept, as wide as its column

# A dash between two digits tells 27-1号 from 271号; all other signs and spaces are nothing.
_DASH = re.compile(r"(?<=\d)\s*[-‐-―−~]\s*(?=\d)")
_NOT_TEXT = re.compile(r"(?!(?<=\d)-(?=\d))[\W_]")
_COMPOUND_SUFFIX = re.compile(r"(?<=.)(?:住宅小区|小区|弄)$")
_NUMBER_SUFFIX = re.compile(r"(?:号楼|栋楼|幢楼|号|栋|幢|楼|座)$")
_LEADING = re.compile(r"^(?:第|NO)?0*(?=.)")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Half-width, in capitals, without spaces and signs."""
    folded = _DASH.sub("-", unicodedata.normalize("NFKC", text))
    return _NOT_TEXT.sub("", folded).upper()[:MAX_KEY]


@lru_cache(maxsize=50_000)
def compound_key(text: str) -> str:
    """锦绣苑（小区） and 锦绣苑 -> one key; 花木路１００弄 and 花木路 100 弄 too; of signs alone ""."""
    return _COMPOUND_SUFFIX.sub("", plain(text))


@lru_cache(maxsize=50_000)
def number_key(text: str) -> str:
    """12, １２号, 012 栋, 12号楼 -> ``12``."""
    return _LEADING.sub("", _NUMBER_SUFFIX.sub("", plain(text)))


@lru_cache(maxsize=50_000)
def pieces(key: str) -> frozenset[str]:
    """Its characters and their pairs: names are short, so pairs alone would find little."""
    return frozenset({*key, *(a + b for a, b in pairwise(key))})


def likeness(one: str, other: str) -> float:
    """How like two keys are: the Dice coefficient of their pieces, and 1.0 more where one slip lies between.

    2.0 for the same, 0.0 for nothing in common.
    """
    first, second = pieces(one), pieces(other)
    shared = len(first & second)
    if not shared:
        return 0.0
    return 2 * shared / (len(first) + len(second)) + _is_one_slip(one, other)


def _is_one_slip(one: str, other: str) -> bool:
    """Of three characters or more one is wrong, missing, too many or has changed places with the next."""
    start, shorter = 0, min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    first, second = one[start : len(one) - end], other[start : len(other) - end]
    changed = len(first) == 2 and first == second[::-1]
    return one == other or (
        shorter >= 2 and max(len(one), len(other)) >= 3 and (changed or max(len(first), len(second)) == 1)
    )
