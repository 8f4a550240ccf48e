"""Base32 read as one number takes what the standard library takes, and nothing else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.credential.base32 import from_base32, to_base32
from resume.credential.cose import Malformed

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def by_the_library(text: str) -> bytes | None:
    try:
        octets = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        return None
    return octets if base64.b32encode(octets).decode().rstrip("=") == text else None


def ours(text: str) -> bytes | None:
    try:
        return from_base32(text)
    except Malformed:
        return None


@given(
    st.text(ALPHABET, max_size=40) | st.text(f"{ALPHABET}=_ +-018aé٣\n", max_size=12) | st.text(max_size=9)
)
def test_any_text(text: str) -> None:
    assert ours(text) == by_the_library(text)


@given(st.binary(max_size=500))
def test_there_and_back(octets: bytes) -> None:
    assert from_base32(to_base32(octets)) == octets


@pytest.mark.parametrize("text", ["_A", "+AAAAAAA", "A_A", "aa", "AA\n", " AA", "AB", "A", "AAA", "AAAAAA"])
def test_one_spelling(text: str) -> None:
    """Python's numbers allow signs, underscores, space and small letters; a token has one text."""
    assert ours(text) is None
