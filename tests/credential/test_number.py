from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.credential.number import (
    ALPHABET,
    BadNumber,
    check_character,
    grouped,
    is_pass_number,
    iso_7064_mod_37_36,
    parse_number,
    pass_number,
)

districts = st.from_regex(r"[0-9]{6}", fullmatch=True)
numbers = st.builds(pass_number, districts, st.integers(1, 999_999))


def test_the_check_character_is_iso_7064_mod_37_36():
    # The example of the Global Release Identifier standard, which uses the same system.
    assert iso_7064_mod_37_36("A12425GABC1234002") == "M"
    assert check_character("310115000017") == "Z"


@given(numbers)
def test_every_wrong_character_is_found(number):
    for position, right in enumerate(number):
        alphabet = ALPHABET if position == 12 else ALPHABET[:10]
        for wrong in alphabet:
            changed = number[:position] + wrong + number[position + 1 :]
            assert is_pass_number(changed) is (wrong == right)


def test_nearly_every_swap_of_neighbouring_digits_is_found():
    rng = random.Random(1)
    swaps = missed = 0
    for _ in range(2_000):
        number = pass_number(f"{rng.randrange(10**6):06d}", rng.randrange(1, 10**6))
        for position in range(11):
            left, right = number[position : position + 2]
            if left != right:
                swaps += 1
                missed += is_pass_number(number[:position] + right + left + number[position + 2 :])
    assert missed / swaps < 0.01


@given(numbers)
def test_numbers_are_read_as_people_type_them(number):
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in number)
    for typed in (
        number,
        number.lower(),
        grouped(number),
        f"  {grouped(number)} ",
        full_width,
        "-".join(number),
    ):
        assert parse_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "3101150000", "310115000017Y", "31011500001７7Z", "三一〇一一五〇〇〇〇一七Z"]
)
def test_others_are_refused(typed):
    with pytest.raises(BadNumber):
        parse_number(typed)


@pytest.mark.parametrize(
    ("district", "serial"), [("31011", 1), ("3101１5", 1), ("310115", 0), ("310115", 1_000_000)]
)
def test_no_number_without_a_district_and_a_serial(district, serial):
    with pytest.raises(BadNumber):
        pass_number(district, serial)


def test_groups_of_four():
    assert grouped("310115000017Z") == "3101 1500 0017 Z"
