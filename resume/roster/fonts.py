"""Which characters the pass can print: the declared fonts decide, not what the machine happens to have.

``printable.txt`` holds the code points covered by Noto Sans SC, HanaMin A and B, and BabelStone Han, and is
made by ``font_coverage``. A name with any other character is refused at upload with its code points; it is
never printed with a hole.
"""

from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path

COVERAGE = Path(__file__).with_name("printable.txt")


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """Starts and ends of the covered ranges, ascending."""
    starts, ends = [], []
    for line in COVERAGE.read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        for word in line.split():
            start, _, end = word.partition("-")
            starts.append(int(start, 16))
            ends.append(int(end or start, 16))
    return starts, ends


@lru_cache(maxsize=8192)
def is_printable(character: str) -> bool:
    """Whether a declared font has a glyph for one character."""
    starts, ends = _ranges()
    place = bisect_right(starts, ord(character)) - 1
    return place >= 0 and ord(character) <= ends[place]


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The code points (``U+2EBF0``) of ``text`` that no declared font can print, each once, in order."""
    missing = dict.fromkeys(character for character in text if not is_printable(character))
    return tuple(f"U+{ord(character):04X}" for character in missing)
