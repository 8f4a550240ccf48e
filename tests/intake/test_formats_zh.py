"""docs/formats-zh.md lists every column of every feed, and no word that intake does not take."""

from __future__ import annotations

import re

import pytest

from resume.intake.feeds import FEEDS
from resume.settings import ROOT

PAGE = (ROOT / "docs" / "formats-zh.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FEEDS)
def test_the_page_has_the_columns_of_the_feed(name: str) -> None:
    section = PAGE.split(f"（`{name}`）\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (\w+) \| (\S+) \| (是)? ?\|", section, re.MULTILINE)
    columns = [(column.name, column.zh, "是" if column.required else "") for column in FEEDS[name].columns]
    assert rows == columns


def test_the_optional_columns_are_those_of_the_published_format() -> None:
    optional = {column.name for feed in FEEDS.values() for column in feed.columns if not column.required}
    assert optional == {
        "supersedes",
        "unit",
        "lab",
        "site_code",
        "box_code",
        "tube_code",
        "transferred_at",
        "disinfected_at",
        "excluded",
        "cleared_at",
        "outcome",
        "until",
        "reason",
    }


@pytest.mark.parametrize("name", FEEDS)
def test_every_word_of_the_page_is_taken(name: str) -> None:
    """`code 中文（另一写法、又一写法）` in the values: each spelling reads as the code."""
    from resume.intake import feeds

    section = PAGE.split(f"（`{name}`）\n", 1)[1].split("\n## ", 1)[0]
    module = getattr(feeds, name)
    for column, values in re.findall(r"^\| (\w+) \| \S+ \| (?:是)? ?\| (.*) \|$", section, re.MULTILINE):
        choices = getattr(module, f"_{column.upper()}", None)
        if choices is None:
            continue
        for code, words in re.findall(r"([a-z_]+) ([^；]+)", values):
            for word in re.findall(r"[^（）、]+", words.replace("（仅抗原）", "")):
                assert choices[word] == code
