"""The English catalog is in step with the sources, and complete: no text is missing, fuzzy or left over."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from resume.settings import ROOT

ENGLISH = ROOT / "translations/en/LC_MESSAGES/messages.po"
#: The marks of babel.cfg's command.
KEYWORDS = {"_": None, "_n": None, "N_": None, "gettext": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
#: Examples of Chinese plates stay as they are written on a plate.
CHINESE_BY_NATURE = {"沪"}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en", ignore_obsolete=False)


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every msgid of the sources, by babel.cfg."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = set[str]()
    for folder in ("resume", "templates"):
        for _name, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods],
            {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()},
            keywords=KEYWORDS,
            directory_filter=lambda _folder: True,
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def test_every_text_is_in_english(english: Catalog, texts: set[str]) -> None:
    assert len(texts) > 500
    assert sorted(texts - {message.id for message in english if message.string}) == []


def test_nothing_is_fuzzy_or_left_over(english: Catalog, texts: set[str]) -> None:
    assert sorted({message.id for message in english if message.id} - texts) == []
    assert [message.id for message in english if message.id and message.fuzzy] == []
    assert list(english.obsolete) == []


def test_english_fills_the_same_places(english: Catalog) -> None:
    for message in english:
        if message.id:
            assert sorted(PLACEHOLDER.findall(message.string)) == sorted(PLACEHOLDER.findall(message.id)), (
                message.id
            )


def test_english_is_english(english: Catalog) -> None:
    for message in english:
        if message.id:
            assert set(HAN.findall(message.string)) <= CHINESE_BY_NATURE, message.string
