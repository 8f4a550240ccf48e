"""Sealed values open at their own place and nowhere else."""

from __future__ import annotations

import hmac
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.sealing import KEY_FILE, Sealer, Unsealable, load_sealer, make_keys

SEALER = Sealer(keys={1: b"k" * 32, 2: b"q" * 32}, current=1, index_key=b"i" * 32)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=8))
def test_what_was_sealed_comes_back(value: object) -> None:
    assert SEALER.open(SEALER.seal(value, place="worker:sealed:1"), place="worker:sealed:1") == value


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealed = SEALER.seal("甲", place="worker:sealed:1")
    with pytest.raises(Unsealable):
        SEALER.open(sealed, place="worker:sealed:2")


def test_every_flipped_bit_is_found() -> None:
    sealed = SEALER.seal("甲", place="p")
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(Unsealable):
            SEALER.open(bytes(changed), place="p")


def test_an_older_key_still_opens_and_the_new_one_seals() -> None:
    newer = Sealer(keys=SEALER.keys, current=2, index_key=SEALER.index_key)
    assert newer.open(SEALER.seal("甲", place="p"), place="p") == "甲"
    assert newer.seal("甲", place="p")[0] == 2


def test_equal_texts_have_equal_indexes_only_within_a_kind() -> None:
    assert SEALER.index("a", "x") == SEALER.index("a", "x")
    assert SEALER.index("a", "x") != SEALER.index("b", "x")
    assert len(SEALER.index("a", "x")) == 16


def test_keys_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    assert make_keys(tmp_path)
    first = load_sealer(tmp_path)
    assert not make_keys(tmp_path)
    assert load_sealer(tmp_path) == first
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_the_index_is_an_hmac() -> None:
    """Made from states that hold the key already, but nothing else than HMAC-SHA-256."""
    sealer = Sealer(keys={1: bytes(32)}, current=1, index_key=bytes(range(32)))
    wanted = hmac.digest(bytes(range(32)), "person\x00文".encode(), "sha256")[:16]
    assert sealer.index("person", "文") == sealer.index("person", "文") == wanted
