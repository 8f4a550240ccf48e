"""Makes ``printable.txt`` from the declared fonts: ``python -m resume.roster.font_coverage FONT...``.

Run by hand when a declared font changes its version, with the regular weight of Noto Sans SC (npm
@expo-google-fonts/noto-sans-sc), HanaMinA.ttf and HanaMinB.ttf (Debian fonts-hanazono) and
BabelStoneHan.ttf (Debian fonts-babelstone-han). The result is committed, so that what a list may hold does
not depend on the fonts of the machine that checks it.
"""

import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from fontTools.ttLib import TTFont

from resume.roster.fonts import COVERAGE

_NOT_PRINTED = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def ranges_of(points: Iterable[int]) -> list[tuple[int, int]]:
    """Code points -> the closed ranges they fill, ascending."""
    ranges: list[tuple[int, int]] = []
    for point in sorted(points):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1] = (ranges[-1][0], point)
        else:
            ranges.append((point, point))
    return ranges


def _cover(path: Path) -> tuple[str, set[int]]:
    font = TTFont(path, lazy=True)
    name = font["name"]
    return f"{name.getBestFullName()}, {name.getDebugName(5)}", set(font.getBestCmap())


def main(paths: list[str]) -> None:
    """Write the union of the fonts' character maps, without private use and what has no shape."""
    points: set[int] = set()
    lines = ["# Code points with a glyph in a declared font. Made by resume.roster.font_coverage from:"]
    for path in paths:
        title, covered = _cover(Path(path))
        lines.append(f"#   {title} ({len(covered)})")
        points |= covered
    kept = (point for point in points if unicodedata.category(chr(point)) not in _NOT_PRINTED)
    words = [f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in ranges_of(kept)]
    lines += [" ".join(words[start : start + 10]) for start in range(0, len(words), 10)]
    COVERAGE.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
