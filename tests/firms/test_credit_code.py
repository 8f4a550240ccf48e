"""统一社会信用代码: domain.md 4.3, with the traps of public samples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.firms.credit_code import (
    ALPHABET,
    CreditCode,
    CreditCodeError,
    check_character,
    organisation_check_character,
    parse_credit_code,
)


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "11320000MB151840XJ", "91310115MA10001800", "91310115MA1000367Y"]
)
def test_valid(code: str) -> None:
    answer = parse_credit_code(code)
    assert isinstance(answer, CreditCode)
    assert answer.value == code


def test_as_typed() -> None:
    answer = parse_credit_code(" ９1350100 m000100y43 ")
    assert isinstance(answer, CreditCode)
    assert answer.value == "91350100M000100Y43"
    assert answer.organisation_code == "M000100Y4"
    assert answer.warning is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("91350100M000100Y4", "length"),
        ("91350100M000100Y4Z", "alphabet"),
        ("9135010OM000100Y43", "alphabet"),
        ("91350100M000100Y44", "check_digit"),
        # `CHARS[sum % 31]` would make this one valid.
        ("91350100M000100Y4W", "check_digit"),
    ],
)
def test_refused(typed: str, code: str) -> None:
    answer = parse_credit_code(typed)
    assert isinstance(answer, CreditCodeError)
    assert answer.code == code


def test_the_inner_code_only_warns() -> None:
    body = "91350100M000100Y5"
    answer = parse_credit_code(body + check_character(body))
    assert isinstance(answer, CreditCode)
    assert answer.warning is not None
    assert answer.warning.code == "organisation_check_digit"


def test_inner_check_of_the_source() -> None:
    assert organisation_check_character("M000100Y") == "4"


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.integers(1, 30))
def test_every_change_of_one_character_is_found(body: str, place: int, shift: int) -> None:
    code = body + check_character(body)
    assert isinstance(parse_credit_code(code), CreditCode)
    new = ALPHABET[(ALPHABET.index(code[place]) + shift) % 31]
    assert isinstance(parse_credit_code(code[:place] + new + code[place + 1 :]), CreditCodeError)


@given(st.text(max_size=22))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(parse_credit_code(text), CreditCode | CreditCodeError)
