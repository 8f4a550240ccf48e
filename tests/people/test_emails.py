"""E-mail addresses: what mail servers take, and nothing that could become a header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.people.emails import EmailProblem, mask_email, parse_email


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("hr@example.cn", "hr@example.cn"),
        (" HR.One+list@Example.CN ", "hr.one+list@example.cn"),
        ("ｈｒ＠ｅｘａｍｐｌｅ．ｃｎ", "hr@example.cn"),
        ("hr@example。cn", "hr@example.cn"),
    ],
)
def test_an_address_as_it_is_typed(typed: str, address: str) -> None:
    assert parse_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "no address",
        "a@b",
        "a@b..c",
        "a@@b.c",
        "a@c.d\nBcc: e@f.g",
        "é@c.de",
        "a@-b.cd",
        "a" * 65 + "@b.cd",
    ],
)
def test_what_is_none_is_explained(typed: str) -> None:
    found = parse_email(typed)
    assert isinstance(found, EmailProblem)
    assert found.zh
    assert found.en


@given(st.text(max_size=40))
def test_an_accepted_address_is_one_line_of_plain_characters(text: str) -> None:
    for typed in (text, f"{text}@example.cn", f"a@{text}.cn"):
        found = parse_email(typed)
        if isinstance(found, str):
            assert found.isascii()
            assert found.isprintable()
            assert not set(found) & set(' <>,;:"\\()[]')
            assert found.count("@") == 1


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("wangming@example.cn", "wa***@example.cn"),
        ("hr@example.cn", "h***@example.cn"),
        ("a@b.cn", "a***@b.cn"),
    ],
)
def test_masked_it_shows_its_beginning_and_its_domain(address: str, masked: str) -> None:
    assert mask_email(address) == masked
