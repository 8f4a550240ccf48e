from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume.credential.payload import ELLIPSIS, NAMES_BUDGET, cut, shorten, size
from tests.credential.samples import claims_with

text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


def test_short_names_stay_whole():
    names = ("王小明", "浦江精工", "锦绣苑12号", "张江一厂")
    assert shorten(names) == names


def test_the_worker_is_served_first():
    person, firm, origin, destination = shorten(("阿卜杜拉·买买提", "浦" * 60, "锦" * 60, "张" * 60))
    assert person == "阿卜杜拉·买买提"
    assert all(name.endswith(ELLIPSIS) and len(name) > 5 for name in (firm, origin, destination))


def test_a_long_name_of_a_worker_has_fifteen_code_points():
    person = shorten(("A" * 16, "", "", ""))[0]
    assert person == "A" * 14 + ELLIPSIS


@given(st.tuples(text, text, text, text))
def test_names_fit_and_cut_ones_say_so(names):
    shortened = shorten(names)
    assert sum(map(size, shortened)) <= NAMES_BUDGET
    assert len(shortened[0]) <= 15
    for whole, kept in zip(names, shortened, strict=True):
        whole = unicodedata.normalize("NFC", whole)
        assert kept == whole or (kept.endswith(ELLIPSIS) and whole.startswith(kept[:-1]))
    assert shorten(shortened) == shortened


@given(text, st.integers(0, 60))
def test_a_cut_never_exceeds_its_limit(name, limit):
    assert size(cut(name, limit=limit)) <= limit


def test_a_combining_mark_is_not_parted_from_its_letter():
    assert cut("aaxq\u0323\u0323", limit=6) == "aax…"


@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "VIP"},
        {"number": "310115000017A"},
        {"document_type": "library_card"},
        {"last_four": "12345"},
        {"last_four": "１２"},
        {"medium": "stone"},
        {"origin_id": 2**32},
        {"schema_version": 2},
        {"cti": b"short"},
        {"iss": ""},
        {"status_idx": -1},
        {"exp": claims_with().nbf},
    ],
)
def test_impossible_claims_cannot_be_made(wrong):
    with pytest.raises(ValueError):
        claims_with(**wrong)
