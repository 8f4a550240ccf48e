"""A bounded sample of the campaign; `make fuzz` runs all of it."""

from __future__ import annotations

import pytest

from tests.fuzz import campaign
from tests.fuzz.attacks import ATTACKS, READ
from tests.fuzz.campaign import judge_file
from tests.fuzz.mutants import honest_csv, honest_xlsx
from tests.fuzz.result import Result


def assert_right(result: Result, tried: int) -> None:
    assert result.wrong == []
    assert result.tried >= tried


@pytest.mark.parametrize("name", ATTACKS)
def test_named_attacks(name: str) -> None:
    attack = ATTACKS[name]
    answer, fault = judge_file(attack.make(), attack.name)
    assert fault is None
    # A list of two columns that is read is no worker list.
    assert answer in attack.answers or (READ in attack.answers and answer == "missing_columns")


def test_what_mutants_are_made_from_is_honest() -> None:
    for data, name in ((honest_xlsx(), "list.xlsx"), (honest_csv().encode(), "list.csv")):
        read = campaign.read_all(data, name)
        assert (len(read.rows), read.errors) == (12, [])


def test_mutants_of_workbooks() -> None:
    assert_right(campaign.workbooks(60, seed=11), 60)


def test_mutants_of_csv() -> None:
    result = campaign.texts(300, seed=12)
    assert_right(result, 300)
    assert len(result.answers) > 3


def test_every_character_in_some_forms() -> None:
    assert_right(campaign.every_character(every=24), 3)


def test_ids_by_two_opinions() -> None:
    result = campaign.numbers(4_000, seed=13)
    assert_right(result, 4_000)
    assert min(result.answers.values()) > 500


def test_the_campaign_finds_a_lost_row(monkeypatch: pytest.MonkeyPatch) -> None:
    real = campaign.read_worker_list

    def careless(table: object, **options: object) -> object:
        read = real(table, **options)  # type: ignore[arg-type]
        read.rows.pop()
        return read

    monkeypatch.setattr(campaign, "read_worker_list", careless)
    assert judge_file(honest_csv().encode(), "list.csv")[1] == "rows without an answer: [13]"
