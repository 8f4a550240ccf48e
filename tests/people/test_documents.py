"""Identity documents: domain.md 4.1 and 4.2, number by number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.people.documents import (
    Document,
    DocumentError,
    DocumentType,
    check_character,
    parse_document,
    parse_document_type,
    plausible_types,
)

T = DocumentType


def made_up(born: str = "19850228", prefix: str = "319999", sequence: str = "001") -> str:
    body = prefix + born + sequence
    return body + check_character(body)


@pytest.mark.parametrize(
    ("kind", "typed", "number", "identity", "born"),
    [
        (T.RESIDENT_ID, "11010519491231002X", "11010519491231002X", "11010519491231002X", date(1949, 12, 31)),
        (T.RESIDENT_ID, "440524188001010014", "440524188001010014", "440524188001010014", date(1880, 1, 1)),
        (
            T.RESIDENT_ID,
            " 110105 19491231 002x ",
            "11010519491231002X",
            "11010519491231002X",
            date(1949, 12, 31),
        ),
        (
            T.RESIDENT_ID,
            "１１０１０５１９４９１２３１００２ｘ",
            "11010519491231002X",
            "11010519491231002X",
            date(1949, 12, 31),
        ),
        (
            T.RESIDENT_ID,
            "\u202a11010519491231002X\u202c",
            "11010519491231002X",
            "11010519491231002X",
            date(1949, 12, 31),
        ),
        (
            T.HMT_RESIDENCE,
            "810000199408230021",
            "810000199408230021",
            "810000199408230021",
            date(1994, 8, 23),
        ),
        (
            T.HMT_RESIDENCE,
            "830000199201300022",
            "830000199201300022",
            "830000199201300022",
            date(1992, 1, 30),
        ),
        (
            T.FOREIGN_RESIDENCE,
            "911124198108030024",
            "911124198108030024",
            "911124198108030024",
            date(1981, 8, 3),
        ),
        (T.FOREIGN_RESIDENCE, "usa310099010112", "USA310099010112", "USA310099010112", None),
        (T.HK_MACAO_PERMIT, "h12345678", "H12345678", "H12345678", None),
        (T.HK_MACAO_PERMIT, "M1234567802", "M1234567802", "M12345678", None),
        (T.TAIWAN_PERMIT, "12345678", "12345678", "12345678", None),
        (T.TAIWAN_PERMIT, "1234567801(B)", "1234567801(B)", "12345678", None),
        (T.PASSPORT, "EA1234567", "EA1234567", "EA1234567", None),
        (T.PASSPORT, "ab123", "AB123", "AB123", None),
    ],
)
def test_accepted(kind: T, typed: str, number: str, identity: str, born: date | None) -> None:
    assert parse_document(kind, typed, today=date(2022, 4, 22)) == Document(kind, number, identity, born)


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (T.RESIDENT_ID, "", "empty"),
        (T.RESIDENT_ID, " \u3000 ", "empty"),
        (T.RESIDENT_ID, "110105194912310021", "check_digit"),
        (T.RESIDENT_ID, "31011519850229001X", "birth_date"),
        (T.RESIDENT_ID, "310115850229001", "obsolete_15"),
        (T.RESIDENT_ID, "1101051949123100", "format"),
        (T.RESIDENT_ID, "11010519491231X02X", "format"),
        (T.RESIDENT_ID, "１" * 19, "format"),
        (T.RESIDENT_ID, "٣" * 18, "format"),
        (T.RESIDENT_ID, "310115198502290000", "digits_destroyed"),
        (T.RESIDENT_ID, "3.10115E+17", "digits_destroyed"),
        (T.RESIDENT_ID, "810000199408230021", "wrong_type"),
        (T.RESIDENT_ID, "911124198108030024", "wrong_type"),
        (T.HMT_RESIDENCE, "11010519491231002X", "format"),
        (T.HMT_RESIDENCE, "810000199408230022", "check_digit"),
        (T.FOREIGN_RESIDENCE, "911124198108030025", "check_digit"),
        (T.FOREIGN_RESIDENCE, "US3100990101122", "format"),
        (T.HK_MACAO_PERMIT, "A12345678", "format"),
        (T.HK_MACAO_PERMIT, "H123456780", "format"),
        (T.TAIWAN_PERMIT, "1234567", "format"),
        (T.TAIWAN_PERMIT, "13812345678", "format"),
        (T.PASSPORT, "AB12", "format"),
        (T.PASSPORT, "A" * 16, "format"),
        (T.PASSPORT, "护照12345", "format"),
    ],
)
def test_refused(kind: T, typed: str, code: str) -> None:
    answer = parse_document(kind, typed)
    assert isinstance(answer, DocumentError)
    assert answer.code == code
    assert answer.zh
    assert answer.en


def test_born_today_is_accepted_and_tomorrow_is_not() -> None:
    number = made_up("20220422")
    assert isinstance(parse_document(T.RESIDENT_ID, number, today=date(2022, 4, 22)), Document)
    late = parse_document(T.RESIDENT_ID, number, today=date(2022, 4, 21))
    assert isinstance(late, DocumentError)
    assert late.code == "birth_in_future"
    assert isinstance(parse_document(T.RESIDENT_ID, number), Document)


@pytest.mark.parametrize("prefix", ["310103", "310108", "310119", "310230", "319999"])
def test_abolished_and_unissued_address_codes_are_no_error(prefix: str) -> None:
    assert isinstance(parse_document(T.RESIDENT_ID, made_up("19600101", prefix)), Document)


def test_a_number_that_really_ends_in_three_zeros() -> None:
    number = next(n for n in (made_up("19600101", sequence=f"{i}00") for i in range(10)) if n.endswith("000"))
    assert isinstance(parse_document(T.RESIDENT_ID, number), Document)


@given(
    body=st.dates(date(1900, 1, 1), date(2021, 12, 31)).map("{:319999%Y%m%d}".format),
    sequence=st.integers(0, 999).map("{:03d}".format),
    place=st.integers(0, 17),
    shift=st.integers(1, 9),
)
def test_every_change_of_one_digit_is_found(body: str, sequence: str, place: int, shift: int) -> None:
    number = made_up(body[6:], sequence=sequence)
    assert isinstance(parse_document(T.RESIDENT_ID, number), Document)
    old = number[place]
    new = str((int(old) + shift) % 10) if old != "X" else str(shift)
    assert isinstance(
        parse_document(T.RESIDENT_ID, number[:place] + new + number[place + 1 :]), DocumentError
    )


@given(st.sampled_from(DocumentType), st.text(max_size=25))
def test_any_text_gets_an_answer(kind: T, text: str) -> None:
    answer = parse_document(kind, text, today=date(2022, 4, 22))
    if isinstance(answer, Document):
        assert parse_document(kind, answer.number) == answer
        assert answer.number.startswith(answer.identity)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("居民身份证", T.RESIDENT_ID),
        ("港澳居民来往内地通行证", T.HK_MACAO_PERMIT),
        ("台湾居民来往大陆通行证", T.TAIWAN_PERMIT),
        ("港澳台居民居住证", T.HMT_RESIDENCE),
        ("外国人永久居留身份证", T.FOREIGN_RESIDENCE),
        ("护照", T.PASSPORT),
        (" passport ", T.PASSPORT),
        ("Resident_ID", T.RESIDENT_ID),
        ("驾驶证", None),
        ("", None),
    ],
)
def test_type_names(name: str, kind: T | None) -> None:
    assert parse_document_type(name) is kind


@pytest.mark.parametrize(
    ("number", "kinds"),
    [
        ("11010519491231002X", (T.RESIDENT_ID,)),
        ("810000199408230021", (T.HMT_RESIDENCE,)),
        ("911124198108030024", (T.FOREIGN_RESIDENCE,)),
        ("12345678", (T.TAIWAN_PERMIT, T.PASSPORT)),
        ("H12345678", (T.HK_MACAO_PERMIT, T.PASSPORT)),
        ("USA310099010112", (T.FOREIGN_RESIDENCE, T.PASSPORT)),
        ("?", ()),
    ],
)
def test_plausible_types(number: str, kinds: tuple[T, ...]) -> None:
    assert plausible_types(number) == kinds


def test_what_is_shown_of_a_number() -> None:
    document = parse_document(T.RESIDENT_ID, "11010519491231002X")
    assert isinstance(document, Document)
    assert document.masked == "110***********002X"
    assert document.last_four == "002X"
