"""What changed between two versions of a plan: nothing where nothing did, each changed answer by name."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from resume.plans.difference import Change, Content, changed_sections, section_changes
from resume.plans.sections import BY_KEY, SECTIONS
from resume.plans.sections.describe import Field, Kind, Paper, Rows
from tests.plans.complete import complete_sections


def _answers(field: Field) -> st.SearchStrategy[Any]:
    """Any answer a field may be kept with."""
    words: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.NUMBER: st.integers(0, 9),
        Kind.TICK: st.booleans(),
        Kind.DATE: st.dates().map(lambda day: day.isoformat()),
        Kind.TIME: st.times().map(lambda time: time.strftime("%H:%M")),
        Kind.ROW_ID: st.integers(1, 5),
        Kind.CHOICE: st.sampled_from([value for value, _ in field.choices] or ["a"]),
        Kind.SELECT: st.sampled_from([value for value, _ in field.choices] or ["a"]),
    }
    return st.none() | words.get(field.kind, st.text("甲乙丙", min_size=1, max_size=2))


def _row(rows: Rows) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({field.key: _answers(field) for field in rows.fields})


def _values(key: str) -> st.SearchStrategy[dict[str, Any]]:
    section = BY_KEY[key]
    parts = {field.key: _answers(field) for field in section.fields}
    if section.rows is not None:
        parts["rows"] = st.lists(_row(section.rows), max_size=4)
    return st.fixed_dictionaries(parts)


PLANS = st.fixed_dictionaries({section.key: _values(section.key) for section in SECTIONS})
KEYS = st.sampled_from([section.key for section in SECTIONS])
WITH_ROWS = [section.key for section in SECTIONS if section.rows is not None]


@pytest.fixture(scope="module")
def spoken() -> Flask:
    """An application that has a language and nothing else."""
    app = Flask(__name__)
    Babel(app, default_locale="zh_Hans")
    return app


@given(plan=PLANS)
def test_nothing_changed_is_nothing_said(spoken: Flask, plan: dict[str, Any]) -> None:
    with spoken.app_context():
        assert changed_sections(Content(plan), Content(deepcopy(plan))) == ()


@given(data=st.data(), key=KEYS)
def test_every_changed_answer_is_named_and_no_other(spoken: Flask, data: st.DataObject, key: str) -> None:
    section = BY_KEY[key]
    before, after = data.draw(_values(key)), data.draw(_values(key))
    after["rows"] = before.get("rows", [])
    with spoken.app_context():
        named = {change.field.key for change in section_changes(section, before, after) if change.field}

    def said(value: Any) -> Any:
        return value or None if isinstance(value, bool) else value

    differs = {one.key for one in section.fields if said(before[one.key]) != said(after[one.key])}
    assert named == differs


@given(data=st.data(), key=st.sampled_from(WITH_ROWS))
def test_rows_that_moved_have_not_changed(spoken: Flask, data: st.DataObject, key: str) -> None:
    rows = data.draw(st.lists(_row(BY_KEY[key].rows), max_size=5))  # type: ignore[arg-type]
    moved = data.draw(st.permutations(rows))
    with spoken.app_context():
        assert section_changes(BY_KEY[key], {"rows": rows}, {"rows": moved}) == ()


@given(data=st.data(), key=st.sampled_from(WITH_ROWS))
def test_as_many_rows_come_and_go_as_the_numbers_say(spoken: Flask, data: st.DataObject, key: str) -> None:
    rows = st.lists(_row(BY_KEY[key].rows), max_size=4)  # type: ignore[arg-type]
    before, after = data.draw(rows), data.draw(rows)
    with spoken.app_context():
        kinds = [change.kind for change in section_changes(BY_KEY[key], {"rows": before}, {"rows": after})]
    assert len(after) - len(before) == kinds.count(Change.ADDED) - kinds.count(Change.REMOVED)


def _transport(**changes: Any) -> dict[str, Any]:
    section = deepcopy(complete_sections()["transport"])
    section["rows"][0].update(changes)
    return section


def test_a_row_is_found_by_its_plate_and_told_in_words(words: Flask) -> None:
    before = _transport()
    after = _transport(seats=45)
    after["rows"].insert(0, {**before["rows"][0], "plate": "沪B00001", "driver": "郑师", "seats": 50,
                             "driver_phone": "13800000009", "route": "别处"})  # fmt: skip
    added, changed = sorted(
        section_changes(BY_KEY["transport"], before, after), key=lambda one: one.kind.value
    )
    assert (added.kind, "沪B00001" in added.after) == (Change.ADDED, True)
    assert (changed.row, changed.field and changed.field.key) == ("车辆 沪A12345", "seats")
    assert (changed.before[:2], changed.after[:2]) == ("40", "45")


def test_a_new_plate_on_the_same_vehicle_is_one_change(words: Flask) -> None:
    (change,) = section_changes(BY_KEY["transport"], _transport(), _transport(plate="沪A99999"))
    assert (change.kind, change.before, change.after) == (Change.CHANGED, "沪A12345", "沪A99999")


def test_a_plant_that_is_renamed_is_the_same_plant(words: Flask) -> None:
    row = {"site_id": 7, "name": "一厂", "district": "310115", "address": None}
    other = {"site_id": 8, "name": "二厂", "district": "310115", "address": None}
    swapped = [{**row, "name": "二厂"}, {**other, "name": "一厂"}]
    changes = section_changes(BY_KEY["sites"], {"rows": [row, other]}, {"rows": swapped})
    assert [(change.before, change.after) for change in changes] == [("一厂", "二厂"), ("二厂", "一厂")]


def test_sections_that_differ_come_in_the_order_of_the_plan(words: Flask) -> None:
    before, after = complete_sections(), complete_sections()
    after["lodging"]["beds"], after["firm"]["street"] = 490, "别处镇"
    changes = changed_sections(Content(before), Content(after))
    assert [change.section.key for change in changes] == ["firm", "lodging"]
    added = changed_sections(Content({}), Content({"firm": after["firm"]}))
    assert [change.section.key for change in added] == ["firm"]


def test_files_that_come_and_go_are_named(words: Flask, at: datetime) -> None:
    old, kept, new = (
        Paper(UUID(int=n), "floor_plan", f"{n}.pdf", "application/pdf", 1, "", "hr", at) for n in range(3)
    )
    (change,) = changed_sections(Content({}, (old, kept)), Content({}, (kept, new)))
    assert change.section.key == "attachments"
    assert [(one.kind, one.before, one.after) for one in change.fields] == [
        (Change.REMOVED, "0.pdf", "—"),
        (Change.ADDED, "—", "2.pdf"),
    ]
