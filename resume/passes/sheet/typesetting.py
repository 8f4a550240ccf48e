"""Set a text into its slot: fonts per character, lines, the largest size that fits."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from resume.passes.sheet.facts import GlyphsMissing, TextTooLong
from resume.passes.sheet.layout import POINTS_PER_MM, Slot
from resume.passes.sheet.truetype import FontFile

LEADING = 1.22
_STEP = 0.5  # points by which a text shrinks
_NOT_FIRST = set("，。、；：？！）》」』”’·•%)],.;:!?")
_NOT_LAST = set("（《「『“‘([")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as drawn: font index in the family, glyph id, width in thousandths."""

    char: str
    font: int
    glyph_id: int
    width: int


@dataclass(frozen=True, slots=True)
class Line:
    """Glyphs on one baseline; x and y of its start in points from the page's bottom left."""

    glyphs: tuple[Glyph, ...]
    x: float
    y: float
    size: float


class Fonts:
    """The declared fonts: regular, bold, then fallbacks for rare characters, by path."""

    def __init__(self, regular: Path, bold: Path, fallbacks: Sequence[Path] = ()) -> None:
        self.files = tuple(FontFile(path.stem, path) for path in (regular, bold, *fallbacks))
        self._known: dict[tuple[str, bool], Glyph] = {}

    def missing(self, text: str) -> tuple[int, ...]:
        """Code points of `text` that no declared font draws."""
        return tuple(dict.fromkeys(ord(char) for char in text if self._find(char, is_bold=False) is None))

    def glyphs(self, text: str, *, is_bold: bool) -> tuple[Glyph, ...]:
        """One glyph per character. Raises GlyphsMissing naming every character without one."""
        found = [self._find(char, is_bold=is_bold) for char in text]
        if None in found:
            raise GlyphsMissing(self.missing(text))
        return tuple(glyph for glyph in found if glyph is not None)

    def _find(self, char: str, *, is_bold: bool) -> Glyph | None:
        kept = self._known.get((char, is_bold))
        if kept is not None:
            return kept
        if not _is_drawable(char):
            return None
        for index in (1 if is_bold else 0, *range(2, len(self.files))):
            font = self.files[index]
            glyph_id = font.glyph_ids.get(ord(char), 0)
            # A mapped but empty outline would print nothing: that is a missing glyph too.
            if glyph_id and (char == " " or font.record(glyph_id)):
                glyph = Glyph(char, index, glyph_id, font.advance_per_mille(glyph_id))
                return self._known.setdefault((char, is_bold), glyph)
        return None


def _is_drawable(char: str) -> bool:
    """False for controls, private use, tags and selectors: fonts draw some, of no fixed meaning.

    Unassigned to this Python's Unicode may well be a newer ideograph: the fonts decide.
    """
    point = ord(char)
    if 0xE0000 <= point < 0xE1000 or 0xFE00 <= point <= 0xFE0F:
        return False
    return unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def set_text(key: str, slot: Slot, glyphs: Sequence[Glyph], page_height: float) -> list[Line]:
    """Lines of `glyphs` in `slot`, centred in its height. Raises TextTooLong below `slot.least`."""
    width, height = slot.width * POINTS_PER_MM, slot.height * POINTS_PER_MM
    size = slot.size
    while size >= slot.least:
        lines = list(_broken(glyphs, width * 1000 / size))
        if len(lines) * size * LEADING <= height + size * (LEADING - 1):
            return _placed(slot, lines, size, page_height)
        size -= _STEP
    raise TextTooLong(key, "".join(glyph.char for glyph in glyphs))


def _placed(slot: Slot, lines: list[list[Glyph]], size: float, page_height: float) -> list[Line]:
    leading = size * LEADING
    middle = page_height - (slot.y + slot.height / 2) * POINTS_PER_MM
    # 0.38 of the size: half the height of a Chinese character above the baseline.
    first = middle - 0.38 * size + leading * (len(lines) - 1) / 2
    placed = []
    for at, line in enumerate(lines):
        x = slot.x * POINTS_PER_MM
        if slot.align == "centre":
            x += (slot.width * POINTS_PER_MM - _width(line) * size / 1000) / 2
        placed.append(Line(tuple(line), round(x, 2), round(first - at * leading, 2), size))
    return placed


def _width(glyphs: Sequence[Glyph]) -> int:
    trailing = 0
    for glyph in reversed(glyphs):
        if glyph.char != " ":
            break
        trailing += glyph.width
    return sum(glyph.width for glyph in glyphs) - trailing


def _broken(glyphs: Sequence[Glyph], limit: float) -> Iterator[list[Glyph]]:
    """Lines not wider than `limit` thousandths; a word wider than a line is broken inside."""
    line: list[Glyph] = []
    for word in _words(glyphs):
        if line and _width([*line, *word]) > limit:
            yield line
            line = []
        while _width(word) > limit and len(word) > 1:
            fits = max(1, next(n for n in range(len(word), -1, -1) if _width(word[:n]) <= limit))
            yield word[:fits]
            word = word[fits:]
        line.extend(word)
    if line:
        yield line


def _words(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """What must stay on one line: a Latin word with its space, a character with its punctuation."""
    word: list[Glyph] = []
    for glyph in glyphs:
        if word and _may_break(word[-1].char, glyph.char):
            yield word
            word = []
        word.append(glyph)
    if word:
        yield word


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NOT_FIRST or before in _NOT_LAST:
        return False
    if before == " ":
        return True
    return not (ord(before) < 0x2E80 and ord(after) < 0x2E80)
