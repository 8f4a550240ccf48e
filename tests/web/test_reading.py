"""The reading client finds what it says it finds: each fault put into a good page is named."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.reading import BadPage, read

GOOD = """<!DOCTYPE html><html lang="en"><head><title>Cases · X</title>
<script src="/s.js"></script></head><body>
<main><h1>Cases</h1><a href="/progress">On</a><div id="list" hx-get="/progress" hx-target="#list"></div>
<form method="post" action="/"><label for="a">A</label><input id="a" name="a">
<button>Go</button></form></main>
</body></html>"""

FAULTS = {
    'id="list"': ('id="a"', "id 'a' 2 times"),
    "<h1>Cases</h1>": ("<h2>Cases</h2>", "0 h1"),
    "<title>Cases": ("<title>X", "does not begin with"),
    'lang="en"': ('lang="zh"', "lang is 'zh'"),
    'hx-get="/progress"': ('hx-post="/progress"', "hx-post POST /progress"),
    'href="/progress"': ('href="/none"', "href GET /none"),
    'hx-target="#list"': ('hx-target="#gone"', "'#gone' is not on the page"),
    '<label for="a">A</label>': ("", "no label"),
    'src="/s.js">': (">alert(1)", "script in the markup"),
    "<main>": ('<main style="color:red">', "style in the markup"),
    "<button>": ('<button onclick="x()">', "onclick"),
    "</form>": ("</div></form>", "end-tag-too-early"),
    'action="/"': ('action="/closed"', "action POST /closed"),
    "Go</button>": ("</button>", "a button without words"),
}


def test_a_good_page_is_good(app: Flask) -> None:
    read(app, GOOD)


@pytest.mark.parametrize("part", FAULTS)
def test_each_fault_is_named(app: Flask, part: str) -> None:
    replacement, words = FAULTS[part]
    assert part in GOOD
    with pytest.raises(BadPage, match=words):
        read(app, GOOD.replace(part, replacement))


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("<p>no id</p>", "has no id"),
        ('<p id="a">1</p><p id="b">2</p>', "2 roots"),
        ('<tr id="worker-1"><td><div></td></tr>', "line"),
    ],
)
def test_a_bad_fragment_is_named(app: Flask, fragment: str, words: str) -> None:
    with pytest.raises(BadPage, match=words):
        read(app, fragment)


def test_a_row_is_a_good_fragment(app: Flask) -> None:
    read(app, '<tr id="worker-1"><td>1</td></tr>')
