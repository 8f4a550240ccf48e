"""Every page in both languages: what is not data is in the reader's language.

English pages are read in a pseudo-language that puts ⟦ ⟧ around every text of the catalog: Chinese outside
of them is data, or was written into the code. Chinese pages must hold no English word but those that are
said in Chinese too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask_babel import Domain
from sqlalchemy import String, Text, select

from resume.db import Base, reading
from resume.intake.feeds import FEEDS
from resume.roles import Role
from resume.roster.details import open_details
from resume.roster.models import Worker
from tests.conftest import SignIn
from tests.passes.conftest import city_of
from tests.reading import parse_page, reading_client
from tests.security.conftest import Address, Owned, owned, rules_for

__all__ = ["city_of", "owned"]

ROLES: list[Role | None] = [None, *Role]
HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[A-Za-z]{3,}")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
#: Attributes that people read or hear.
HEARD = ("alt", "title", "aria-label", "placeholder", "content", "value", "label")
#: Written so in Chinese texts: kinds of files, codes of the rules, names of protocols.
ALSO_CHINESE = {
    "pdf", "xlsx", "csv", "utf", "javascript", "pcr", "rtw", "cdc", "iso", "http", "https", "json", "excel",
    "zip", "png", "jpeg", "openapi", "api", "token", "english", "resume", *FEEDS,
}  # fmt: skip


class Pseudo:
    """The catalog of the pseudo-language."""

    def ugettext(self, text: str) -> str:
        return f"⟦{text}⟧"

    def ungettext(self, one: str, many: str, count: int) -> str:
        return f"⟦{one if count == 1 else many}⟧"


def unmarked(text: str) -> str:
    """What is left of a text without those of the catalog; one may be quoted in another."""
    text = text.replace("中文", "")  # a language is called by its own name
    while (less := MARKED.sub(" ", text)) != text:
        text = less
    return text


def words(root: Element) -> Iterator[str]:
    """Texts of a page as people read or hear them; not what is marked as being in another language."""
    yield from _words_within(root, root.get("lang"))


def _words_within(element: Element, lang: str | None) -> Iterator[str]:
    if (
        isinstance(element.tag, str)
        and element.tag not in ("script", "style", "code")
        and element.get("lang", lang) == lang
    ):
        for name in HEARD:
            is_choice = name == "value" and (element.tag != "input" or element.get("type") != "submit")
            if not is_choice and not (name == "content" and element.get("name") != "description"):
                yield element.get(name) or ""
        yield element.text or ""
        for child in element:
            yield from _words_within(child, lang)
            yield child.tail or ""


def data_of(own: Owned) -> str:
    """Every text that is kept, and what is sealed of the workers: what a page may show as it is."""
    kept: list[str] = []
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        columns = [column for column in table.columns if isinstance(column.type, (String, Text))]
        columns += [column for column in table.columns if column.type.__class__.__name__ == "JSON"]
        if columns:
            kept += [str(value) for row in reading().execute(select(*columns)) for value in row if value]
    for worker in reading().scalars(select(Worker)):
        details = open_details(worker)
        kept += [str(details), details.address]
    return " ".join(kept)


Read = Callable[[str], list[str]]


@pytest.fixture
def stray(app: Flask, owned: dict[str, Owned], sign_in: SignIn, address: Address) -> Callable[..., set[str]]:
    """`stray(role, language, find)`: what `find` finds in the pages of a role that is no data."""

    def look(role: Role | None, language: str, find: Read) -> set[str]:
        own = owned["A"]
        client = sign_in(role, **own.scopes.get(role, {})) if role else reading_client(app)
        data, found, pages = data_of(own).casefold(), set(), 0
        for rule in rules_for(app, role, "GET"):
            answer = client.get(address(rule, own.values), headers={"Accept-Language": language})
            if answer.mimetype != "text/html" or answer.status_code >= 300:
                continue
            pages += 1
            root, _faults = parse_page(answer.get_data(as_text=True))
            for text in words(root):
                found |= {f"{rule.rule}: {word}" for word in find(text) if word.casefold() not in data}
        assert pages >= 2
        return found

    return look


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_english_pages_hold_no_chinese_of_the_code(
    stray: Callable[..., set[str]], role: Role | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Domain, "get_translations", lambda _self: Pseudo())
    assert "\n".join(sorted(stray(role, "en", lambda text: HAN.findall(unmarked(text))))) == ""


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_chinese_pages_hold_no_english(stray: Callable[..., set[str]], role: Role | None) -> None:
    def find(text: str) -> list[str]:
        text = re.sub(r"\S+@\S+|https?:\S+|\{\w+\}", "", text)  # addresses and blanks are data
        return [word for word in WORD.findall(text) if word.casefold() not in ALSO_CHINESE]

    assert "\n".join(sorted(stray(role, "zh-CN", find))) == ""


def test_a_word_of_the_code_is_found() -> None:
    page = """<html lang="en"><title>⟦标题⟧</title><body><p>⟦甲：⟦乙⟧⟧ 丙 <b lang="zh-Hans">丁</b> 戊
        <img alt="己"><code>庚</code><input type="submit" value="辛"></body></html>"""
    root, _faults = parse_page(page)
    assert [one for text in words(root) for one in HAN.findall(unmarked(text))] == ["丙", "戊", "己", "辛"]
