"""Every check of every section: met, not met, not known; and what a section's state follows from."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from resume.plans.completeness import SectionState, judge, judge_all
from resume.plans.older import as_today, saves_as_today
from resume.plans.sections import BY_KEY, SECTIONS
from resume.plans.sections.describe import Kind, Paper
from resume.plans.sections.supplies import days_of_cover, row_lasts
from resume.plans.sections.testing import pcr_is_often_enough
from tests.plans.complete import answers_with, complete_sections

_ZONES: list[dict[str, Any]] = answers_with().sections["zones"]["rows"]
_VEHICLE: dict[str, Any] = answers_with().sections["transport"]["rows"][0]
_STOCK: list[dict[str, Any]] = answers_with().sections["supplies"]["rows"]
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
    ("quiet", "quiet_days_suffice", {"quiet": {"days": 1}}, False),
    ("quiet", "quiet_days_suffice", {"quiet": {"days": 2}}, True),
    ("quiet", "quiet_days_suffice", {"quiet": {"days": None}}, None),
    ("quiet", "quiet_rooms_suffice", {"quiet": {"rooms": 19}}, False),
    ("quiet", "quiet_rooms_suffice", {"quiet": {"rooms": None}}, None),
    ("testing", "antigen_before_pcr", {"testing": {"antigen_at": "19:00"}}, False),
    ("testing", "antigen_before_pcr", {"testing": {"pcr_at": "07:00"}}, False),
    ("testing", "antigen_before_pcr", {"testing": {"pcr_at": None}}, None),
    ("testing", "pcr_is_often_enough", {"testing": {"pcr_every_days": 2}}, False),
    ("testing", "pcr_is_often_enough", {"testing": {"pcr_every_days": None}}, None),
    ("supplies", "stock_lasts", {"supplies": {"rows": [*_STOCK[1:], {**_STOCK[0], "stock": 6439}]}}, False),
    ("supplies", "stock_lasts", {"supplies": {"rows": [*_STOCK[1:], {**_STOCK[0], "stock": 6440}]}}, True),
    ("supplies", "stock_lasts", {"supplies": {"rows": [*_STOCK[1:], {**_STOCK[0], "daily": None}]}}, None),
    ("supplies", "stock_lasts", {"supplies": {"rows": []}}, None),
    ("supplies", "needed_items_are_there", {"supplies": {"rows": _STOCK[1:]}}, False),
    ("supplies", "items_differ", {"supplies": {"rows": [*_STOCK, _STOCK[0]]}}, False),
    ("supplies", "items_differ", {"supplies": {"rows": []}}, None),
    ("supplies", "others_are_named", {"supplies": {"rows": [{**_STOCK[-1], "name": None}]}}, False),
    ("logistics", "crew_rule_is_the_strict_one", {"logistics": {"crew_rule": "either"}}, False),
    ("logistics", "crew_rule_is_the_strict_one", {"logistics": {"crew_rule": None}}, None),
    ("headcount", "teams_add_up", {"headcount": {"shifts": 3}}, False),
    ("headcount", "teams_add_up", {"headcount": {"in_loop": 461}}, False),
    ("headcount", "teams_add_up", {"headcount": {"rows": []}}, None),
    ("zones", "zones_hold_their_people", {"zones": {"rows": [{**_ZONES[-1], "people": 11}]}}, False),
    ("zones", "zones_hold_their_people", {"zones": {"rows": [{**_ZONES[-1], "people": None}]}}, None),
    ("zones", "buffer_holds_arrivals", {"headcount": {"arrivals": 41}}, False),
    ("zones", "buffer_holds_arrivals", {"headcount": {"arrivals": 40}}, True),
    ("zones", "buffer_holds_arrivals", {"zones": {"rows": _ZONES[2:]}}, None),
    ("safety", "safety_is_in_place", {"safety": {"fire": False}}, False),
    ("safety", "hazards_are_closed", {"safety": {"hazards_closed": 2}}, False),
    ("safety", "hazards_are_closed", {"safety": {"hazards_closed": 4}}, False),
    ("safety", "hazards_are_closed", {"safety": {"hazards": None}}, None),
    ("safety", "permits_are_named", {"safety": {"permits": None}}, False),
    ("safety", "permits_are_named", {"safety": {"permits": None, "hazardous": "no"}}, True),
    ("safety", "permits_are_named", {"safety": {"hazardous": None}}, None),
    ("safety", "inspection_is_recent", {"safety": {"inspected_on": "2022-04-23"}}, False),
    ("safety", "inspection_is_recent", {"safety": {"inspected_on": "2022-04-22"}}, True),
    ("safety", "inspection_is_recent", {"safety": {"inspected_on": "2022-03-23"}}, True),
    ("safety", "inspection_is_recent", {"safety": {"inspected_on": "2022-03-22"}}, False),
    ("safety", "inspection_is_recent", {"safety": {"inspected_on": None}}, None),
    ("welfare", "everybody_eats", {"welfare": {"seats": 230}}, True),
    ("welfare", "everybody_eats", {"welfare": {"seats": 229}}, False),
    ("welfare", "everybody_eats", {"welfare": {"turns": None}}, None),
    ("commitment", "people_are_in_the_loop", {"commitment": {"people": 461}}, False),
    ("commitment", "people_are_in_the_loop", {"commitment": {"people": None}}, None),
    ("attachments", "papers_are_there", {"attachments": {"delivery": "uploaded"}}, False),
    ("attachments", "papers_are_there", {"attachments": {"delivery": None}}, None),
    ("attachments", "what_is_left_is_explained", {"attachments": {"note": None}}, False),
    ("attachments", "what_is_left_is_explained", {"attachments": {"delivery": None}}, None),
    ("transport", "plates_differ", {"transport": {"rows": [_VEHICLE, _VEHICLE]}}, False),
    ("transport", "plates_differ", {"transport": {"rows": []}}, None),
    ("transport", "seats_suffice", {"transport": {"rows": [{**_VEHICLE, "seats": 19}]}}, False),
    ("transport", "seats_suffice", {"transport": {"rows": [{**_VEHICLE, "seats": 10, "runs": 2}]}}, True),
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
    if result.check.is_must and expected is not True:
        assert view.state is not SectionState.DONE
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
        # What is not named is missing, whatever else is unknown; ticks are missing or set.
        ("zones", "needed_zones_are_there"),
        ("supplies", "needed_items_are_there"),
        ("supplies", "others_are_named"),
        ("safety", "safety_is_in_place"),
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


@pytest.mark.parametrize(
    ("day", "zone", "most"),
    [
        (date(2022, 4, 16), "precaution", 1),
        (date(2022, 5, 2), "controlled", 1),
        (date(2022, 5, 3), "sealed", 1),
        (date(2022, 5, 3), "controlled", 2),
        (date(2022, 5, 3), "precaution", 5),
        (date(2022, 5, 3), "nowhere", 1),
    ],
)
def test_the_pcr_is_as_often_as_the_guideline_of_the_day_asks(
    day: date, zone: str, most: int, words: Flask
) -> None:
    for every in (1, most, most + 1):
        answers = answers_with(today=day, testing={"zone": zone, "pcr_every_days": every})
        assert pcr_is_often_enough(answers).is_met is (every <= most)


@given(stock=st.integers(0, 10**8), daily=st.integers(0, 10**7))
def test_days_of_cover_are_whole_days_and_the_bound_is_exact(stock: int, daily: int) -> None:
    app = Flask(__name__)
    Babel(app, default_locale="zh_Hans")
    with app.app_context():
        row = {"stock": stock, "daily": daily}
        days, lasts = days_of_cover(row), row_lasts(row).is_met
    if daily == 0:
        assert days is None
        assert lasts is (stock > 0)
    else:
        assert days is not None
        assert days * daily <= stock < (days + 1) * daily
        assert lasts is (days >= 14) is (stock >= 14 * daily)


def test_who_says_that_all_is_uploaded_has_uploaded_each_kind(words: Flask) -> None:
    papers = tuple(
        Paper(uuid4(), kind, f"{kind}.pdf", "application/pdf", 1, "0" * 64, "hr", datetime.now(UTC))
        for kind in ("floor_plan", "safety_report", "lodging_photos", "sampling_contract")
    )
    changes = {"attachments": {"delivery": "uploaded"}}
    assert judge(BY_KEY["attachments"], answers_with(papers=papers, **changes)).state is SectionState.DONE
    view = judge(BY_KEY["attachments"], answers_with(papers=papers[1:], **changes))
    assert view.state is SectionState.WRONG
    assert "厂区平面图" in view.failed[0].text


def test_each_question_says_where_it_comes_from_and_there_are_fifteen_parts() -> None:
    assert sorted({section.number for section in SECTIONS}) == list(range(1, 16))
    assert [section.key for section in SECTIONS if section.number == 1] == ["firm", "sites"]
    for section in SECTIONS:
        fields = [*section.fields, *(section.rows.fields if section.rows else ())]
        assert all(field.source or field.kind is Kind.ROW_ID for field in fields), section.key
        keys = [field.key for field in section.fields]
        assert len(keys) == len(set(keys))
        assert all(check.field is None or check.field in keys for check in section.checks), section.key
        for check in section.checks:
            assert check.source
            assert check.is_assumed or check.source.startswith("S"), check.key


def test_each_answer_is_kept_by_its_kind(words: Flask) -> None:
    """The complete plan is JSON as `Kind` says, and survives it."""
    sections = complete_sections()
    assert json.loads(json.dumps(sections)) == sections
    for section in SECTIONS:
        values = sections[section.key]
        assert set(values) == {field.key for field in section.fields} | ({"rows"} if section.rows else set())
        pairs = [(field, values[field.key]) for field in section.fields]
        for row in values.get("rows", ()):
            assert section.rows is not None
            pairs += [(field, row[field.key]) for field in section.rows.fields]
        for field, value in pairs:
            if value is None:
                assert not field.is_required, field.key
            elif field.kind is Kind.NUMBER:
                assert type(value) is int, field.key
            elif field.kind is Kind.TICK:
                assert type(value) is bool, field.key
            else:
                assert isinstance(value, str), field.key
                assert not field.choices or value in dict(field.choices), field.key


def test_answers_kept_by_an_older_version_are_where_they_are_asked_for_today(words: Flask) -> None:
    sections = complete_sections()
    quiet = sections.pop("quiet")
    old = {"quiet_days": 3, "quiet_rooms": 20, "quiet_place": "二号楼", "quiet_meals": "送到门口"}
    sections["lodging"] |= old
    today = as_today(sections)
    assert today["quiet"] == {"days": 3, "rooms": 20, "place": "二号楼", "meals": "送到门口"}
    assert not set(old) & set(today["lodging"])
    assert sections["lodging"]["quiet_days"] == 3  # what was submitted is not touched
    assert as_today(today) == today
    # What was answered in the new place stays.
    assert as_today(sections | {"quiet": quiet})["quiet"] == quiet
    assert saves_as_today(sections, {"lodging": "mark"}) == {"lodging": "mark", "quiet": "mark"}
