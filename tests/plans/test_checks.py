"""Every check of every section: met, not met, not known; and what a section's state follows from."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from resume.plans.completeness import SectionState, judge, judge_all
from resume.plans.sections import BY_KEY, SECTIONS
from tests.plans.complete import answers_with

_ZONES: list[dict[str, Any]] = answers_with().sections["zones"]["rows"]
_VEHICLE: dict[str, Any] = answers_with().sections["transport"]["rows"][0]
_SITE: dict[str, Any] = answers_with().sections["sites"]["rows"][0]

_ROOMS = ("emergency", "isolation_rooms_suffice")

#: (section, check, changes, expected)
CASES: list[tuple[str, str, dict[str, dict[str, Any]], bool | None]] = [
    ("organisation", "duty_phone_is_separate", {"organisation": {"duty_phone": "13800000001"}}, False),
    ("organisation", "duty_phone_is_separate", {"organisation": {"duty_phone": None}}, None),
    ("sites", "names_differ", {"sites": {"rows": [_SITE, _SITE]}}, False),
    ("sites", "names_differ", {"sites": {"rows": []}}, None),
    ("headcount", "key_posts_fit", {"headcount": {"key_posts": 460}}, True),
    ("headcount", "key_posts_fit", {"headcount": {"key_posts": 461}}, False),
    ("headcount", "key_posts_fit", {"headcount": {"in_loop": None}}, None),
    ("headcount", "arrivals_fit", {"headcount": {"arrivals": 461}}, False),
    ("headcount", "arrivals_fit", {"headcount": {"arrivals": None}}, None),
    ("zones", "needed_zones_are_there", {"zones": {"rows": _ZONES[:-1]}}, False),
    ("zones", "needed_zones_are_there", {"zones": {"rows": []}}, False),
    ("zones", "zones_are_apart", {"zones": {"rows": [{**_ZONES[-1], "is_apart": False}]}}, False),
    ("zones", "zones_are_apart", {"zones": {"rows": []}}, None),
    ("zones", "colours_fit", {"zones": {"rows": [{**_ZONES[1], "colour": "green"}]}}, False),
    ("zones", "colours_fit", {"zones": {"rows": [{**_ZONES[4], "colour": "red"}]}}, True),
    ("zones", "colours_fit", {"zones": {"rows": []}}, None),
    ("lodging", "beds_suffice", {"lodging": {"beds": 480}}, True),
    ("lodging", "beds_suffice", {"lodging": {"beds": 479}}, False),
    ("lodging", "beds_suffice", {"headcount": {"arrivals": None}}, None),
    ("lodging", "beds_suffice", {"headcount": {"in_loop": None}}, None),
    ("lodging", "quiet_days_suffice", {"lodging": {"quiet_days": 1}}, False),
    ("lodging", "quiet_days_suffice", {"lodging": {"quiet_days": 3}}, True),
    ("lodging", "quiet_days_suffice", {"lodging": {"quiet_days": None}}, None),
    ("lodging", "quiet_rooms_suffice", {"lodging": {"quiet_rooms": 19}}, False),
    ("lodging", "quiet_rooms_suffice", {"lodging": {"quiet_rooms": None}}, None),
    ("testing", "antigen_before_pcr", {"testing": {"antigen_at": "19:00"}}, False),
    ("testing", "antigen_before_pcr", {"testing": {"pcr_at": "07:00"}}, False),
    ("testing", "antigen_before_pcr", {"testing": {"pcr_at": None}}, None),
    ("testing", "pcr_is_daily", {"testing": {"pcr_every_days": 2}}, False),
    ("testing", "pcr_is_daily", {"testing": {"pcr_every_days": None}}, None),
    ("transport", "plates_differ", {"transport": {"rows": [_VEHICLE, _VEHICLE]}}, False),
    ("transport", "plates_differ", {"transport": {"rows": []}}, None),
    ("transport", "seats_suffice", {"transport": {"rows": [{**_VEHICLE, "seats": 19}]}}, False),
    ("transport", "seats_suffice", {"transport": {"rows": []}}, None),
    (*_ROOMS, {"emergency": {"isolation_rooms": 4}}, False),
    (*_ROOMS, {"headcount": {"in_loop": 400}, "emergency": {"isolation_rooms": 4}}, True),
    (*_ROOMS, {"headcount": {"in_loop": 401}, "emergency": {"isolation_rooms": 4}}, False),
    (*_ROOMS, {"headcount": {"in_loop": 30}, "emergency": {"isolation_rooms": 1}}, False),
    (*_ROOMS, {"headcount": {"in_loop": 30}, "emergency": {"isolation_rooms": 2}}, True),
    (*_ROOMS, {"headcount": {"in_loop": None}}, None),
    ("commitment", "signer_is_legal_representative", {"commitment": {"signer": "孙敬"}}, False),
    ("commitment", "signer_is_legal_representative", {"firm": {"legal_representative": None}}, None),
    ("commitment", "date_is_not_ahead", {"commitment": {"signed_on": "2022-04-22"}}, True),
    ("commitment", "date_is_not_ahead", {"commitment": {"signed_on": "2022-04-23"}}, False),
    ("commitment", "date_is_not_ahead", {"commitment": {"signed_on": None}}, None),
]  # fmt: skip


@pytest.mark.parametrize(("section", "check", "changes", "expected"), CASES)
def test_a_check_says_met_not_met_or_not_known(
    section: str, check: str, changes: dict[str, dict[str, Any]], expected: bool | None, words: Flask
) -> None:
    view = judge(BY_KEY[section], answers_with(**changes))
    result = next(result for result in view.results if result.check.key == check)
    assert result.is_met is expected
    assert str(result.text)
    if result.check.is_must:
        assert (view.state is SectionState.DONE) is (expected is True)
    elif expected is False:
        assert result in view.failed


def test_every_check_is_met_in_the_complete_plan_and_fails_in_the_table(words: Flask) -> None:
    for view in judge_all(answers_with(), {}):
        assert view.state is SectionState.DONE, view.section.key
        assert not view.missing
        assert all(result.is_met for result in view.results)
    known = {(section.key, check.key) for section in SECTIONS for check in section.checks}
    assert {(section, check) for section, check, _, expected in CASES if expected is False} == known
    assert {(section, check) for section, check, _, expected in CASES if expected is None} >= known - {
        ("zones", "needed_zones_are_there")  # a zone that is not named is missing, whatever else is unknown
    }


def _required() -> list[tuple[str, str]]:
    return [(section.key, field.key) for section in SECTIONS for field in section.fields if field.is_required]


@pytest.mark.parametrize(("section", "field"), _required())
def test_a_required_field_left_empty_keeps_its_section_unfinished(
    section: str, field: str, words: Flask
) -> None:
    view = judge(BY_KEY[section], answers_with(**{section: {field: None}}))
    assert view.state is SectionState.STARTED
    label = next(described.label for described in BY_KEY[section].fields if described.key == field)
    assert view.missing == (label,)


def test_zero_is_an_answer_and_an_unset_tick_is_not(words: Flask) -> None:
    assert judge(BY_KEY["headcount"], answers_with(headcount={"arrivals": 0})).state is SectionState.DONE
    assert judge(BY_KEY["commitment"], answers_with(commitment={"is_promised": False})).missing


def test_a_row_that_lacks_a_field_is_named_by_its_number(words: Flask) -> None:
    rows = [_VEHICLE, {**_VEHICLE, "plate": "沪AD12345", "driver": None}]
    view = judge(BY_KEY["transport"], answers_with(transport={"rows": rows}))
    assert view.state is SectionState.STARTED
    assert [str(text) for text in view.missing] == ["第 2 个车辆：驾驶员"]


def test_nothing_saved_is_not_begun(words: Flask) -> None:
    answers = answers_with()
    answers.sections["lodging"].clear()  # type: ignore[attr-defined]
    assert judge(BY_KEY["lodging"], answers).state is SectionState.EMPTY
