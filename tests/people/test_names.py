"""Names, masks, phones: domain.md 4.4, 4.6 and 5.3."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.people.masking import mask_name, mask_number, mask_phone
from resume.people.names import NameProblem, normalise_name, parse_name
from resume.people.phones import PhoneProblem, parse_phone


@pytest.mark.parametrize("dot", ["·", "•", "‧", "・", "．", "."])
def test_every_dot_becomes_u00b7(dot: str) -> None:
    assert parse_name(f"阿卜杜拉{dot}买买提") == "阿卜杜拉\u00b7买买提"
    assert parse_name(f"阿卜杜拉 {dot}\u3000买买提") == "阿卜杜拉\u00b7买买提"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  王明 ", "王明"),
        ("王　明", "王明"),
        ("王 小 明", "王小明"),
        ("王\u200b明", "王明"),
        ("𠮷野", "𠮷野"),
        ("JOHN   SMITH", "JOHN SMITH"),
        ("Jose\u0301 Diaz", "Jos\u00e9 Diaz"),
    ],
)
def test_stored_form(typed: str, stored: str) -> None:
    assert parse_name(typed) == stored


@pytest.mark.parametrize("character", "㛃䶮鿏𣲗𫖮𬱖𠮷𤭢")
def test_rare_characters_are_names(character: str) -> None:
    assert parse_name(f"王{character}") == f"王{character}"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" ", "empty"),
        ("王", "length"),
        ("𠮷", "length"),
        ("王" * 51, "length"),
        ("王\x07明", "characters"),
        ("王\ue81e", "characters"),
        ("王\U000f0000", "characters"),
        ("王\ud800", "characters"),
    ],
)
def test_refused(typed: str, code: str) -> None:
    answer = parse_name(typed)
    assert isinstance(answer, NameProblem)
    assert answer.code == code


def test_private_use_is_named() -> None:
    answer = parse_name("王\ue81e")
    assert isinstance(answer, NameProblem)
    assert "U+E81E" in answer.zh
    assert "U+E81E" in answer.en


def test_lengths_are_code_points() -> None:
    assert parse_name("𠮷" * 50) == "𠮷" * 50


@given(st.text(max_size=60))
def test_the_stored_form_is_final(text: str) -> None:
    name = normalise_name(text)
    assert normalise_name(name) == name
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王明", "王*"),
        ("王小明", "王*明"),
        ("欧阳修", "欧阳*"),
        ("欧阳娜娜", "欧阳*娜"),
        ("欧阳", "欧*"),
        ("王", "王*"),
        ("阿卜杜拉·买买提", "阿卜杜拉·**"),
        ("JOHN SMITH", "J*** S****"),
        ("", "*"),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(alphabet="ABC123", min_size=5, max_size=20))
def test_four_characters_of_a_number_stay_hidden(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert masked.count("*") >= 4


def test_masked_numbers() -> None:
    assert mask_number("310115198502290013") == "310***********0013"
    assert mask_number("H12345678") == "H****5678"
    assert mask_phone("13812345678") == "138****5678"


@pytest.mark.parametrize(
    "typed",
    ["13812345678", "+86 138-1234-5678", "0086 13812345678", "8613812345678", "１３８１２３４５６７８"],
)
def test_phone_forms(typed: str) -> None:
    assert parse_phone(typed) == "13812345678"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("12812345678", "format"),
        ("1381234567", "format"),
        ("021-12345678", "format"),
        ("1.38123E+10", "digits_destroyed"),
    ],
)
def test_phones_refused(typed: str, code: str) -> None:
    answer = parse_phone(typed)
    assert isinstance(answer, PhoneProblem)
    assert answer.code == code
