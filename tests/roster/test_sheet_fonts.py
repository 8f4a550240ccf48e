"""The committed coverage of the declared fonts, and that it does not depend on this machine's."""

import pytest

from resume.roster import fonts
from resume.roster.font_coverage import ranges_of
from resume.roster.fonts import missing_glyphs
from tests.tables.standard_characters import STANDARD_CHARACTERS


def test_all_standard_characters_are_printable() -> None:
    assert len(STANDARD_CHARACTERS) == 8105
    assert missing_glyphs(STANDARD_CHARACTERS) == ()


@pytest.mark.parametrize(
    ("first", "last"),
    # GB 18030-2022 level 3: the unified ideographs and extensions A to F.
    [
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF),
        (0x20000, 0x2A6DF),
        (0x2A700, 0x2B739),
        (0x2B740, 0x2B81D),
        (0x2B820, 0x2CEA1),
        (0x2CEB0, 0x2EBE0),
    ],
)
def test_whole_blocks(first: int, last: int) -> None:
    assert missing_glyphs("".join(map(chr, range(first, last + 1)))) == ()


@pytest.mark.parametrize("text", ["㛃䶮鿏𣲗𫖮𬱖𠮷𬭎𤭢", "阿卜杜拉·买买提", "JOSÉ NGUYỄN", "O'BRIEN-Smith"])
def test_names_that_print(text: str) -> None:
    assert missing_glyphs(text) == ()


def test_each_missing_character_once_in_order() -> None:
    assert missing_glyphs("王\U0002ebf0\u0645\U0002ebf0") == ("U+2EBF0", "U+0645")


def test_private_use_and_shapeless_characters_are_never_covered() -> None:
    assert missing_glyphs("\ue000\u200b\n\U000f0000") == ("U+E000", "U+200B", "U+000A", "U+F0000")


def test_ends_of_every_range_belong_to_it() -> None:
    starts, ends = fonts._ranges()
    for start, end in zip(starts, ends, strict=True):
        assert missing_glyphs(chr(start) + chr(end)) == ()
    assert all(end + 1 < start for end, start in zip(ends, starts[1:], strict=False))


def test_ranges() -> None:
    assert ranges_of({5, 1, 2, 3, 9}) == [(1, 3), (5, 5), (9, 9)]
