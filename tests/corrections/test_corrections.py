"""Changes by hand: seen before they happen, confirmed by another person, then as if a feed had said them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from resume import audit
from resume.corrections.kinds import (
    CloseReview,
    DeclareZone,
    ExcludeCase,
    MoveCase,
    SettleConflict,
    SubjectMoved,
)
from resume.corrections.operations import (
    AlreadyDecided,
    AlreadyProposed,
    ReferenceMissing,
    SamePerson,
    confirm,
    decline,
    propose,
    rehearse,
)
from resume.db import reading
from resume.evidence.buildings import read_buildings
from resume.evidence.conflicts import count_conflicts, list_conflicts
from resume.evidence.models import CaseRecord, Intake, ReviewRecord
from resume.passes.models import Pass
from tests.corrections.conftest import case, sample, say
from tests.passes.city import City

LATER = timedelta(hours=1)


def suspended(city: City) -> list[int]:
    """The buildings of suspended passes, one for each pass."""
    query = select(Pass.building_id).where(Pass.is_suspended.is_(True)).order_by(Pass.building_id)
    return list(reading().scalars(query))


def the_case() -> CaseRecord:
    return reading().scalars(select(CaseRecord).where(CaseRecord.replaced_at.is_(None))).one()


def level(building_id: int, at: datetime) -> str | None:
    return read_buildings([building_id], at=at, screening_days=7)[building_id].zone


def test_a_case_is_moved_and_both_buildings_follow(city: City, stewards, at: datetime) -> None:
    first, second = city.building_ids
    say("cases", case("C1", first, at), at=at)
    assert suspended(city) == [first, first]
    assert (level(first, at), level(second, at)) == ("sealed", None)
    move = MoveCase(the_case().id, second)

    foreseen = rehearse(move, by=stewards[0], at=at + LATER)
    assert {name: foreseen.total(name) for name in ("suspended", "healed", "lost", "gained")} == {
        "suspended": 2,
        "healed": 2,
        "lost": 2,
        "gained": 2,
    }
    assert len(foreseen.buildings) == 2
    proposed = propose(move, reference="沪疾控〔2022〕17号", by=stewards[0], at=at + LATER)
    assert suspended(city) == [first, first], "nothing changes before the second person"

    done = confirm(proposed.id, by=stewards[1], at=at + LATER)
    assert done.outcome == foreseen.to_json()
    assert suspended(city) == [second, second]
    assert (level(first, at + LATER), level(second, at + LATER)) == (None, "sealed")
    moved = the_case()
    assert (moved.case_id, moved.supersedes, moved.reported_at) == (f"C1~{proposed.id}", "C1", at)
    assert reading().scalar(select(Intake.origin).order_by(Intake.id.desc()).limit(1)) == "correction"
    actions = [entry.action for entry in audit.list_entries(before=None, action="", limit=20)]
    assert {"correction.proposed", "correction.confirmed"} <= set(actions)
    assert audit.verify().is_whole


def test_a_rehearsal_leaves_nothing_behind(city: City, stewards, at: datetime) -> None:
    say("cases", case("C1", city.building_id, at), at=at)
    before = [reading().scalar(select(func.count()).select_from(model)) for model in (Intake, CaseRecord)]
    rows = audit.verify().rows
    rehearse(ExcludeCase(the_case().id, "re_positive"), by=stewards[0], at=at + LATER)
    reading().rollback()
    after = [reading().scalar(select(func.count()).select_from(model)) for model in (Intake, CaseRecord)]
    assert (after, audit.verify().rows) == (before, rows)
    assert suspended(city) == [city.building_id] * 2


def test_one_person_alone_changes_nothing(city: City, stewards, at: datetime) -> None:
    say("cases", case("C1", city.building_id, at), at=at)
    wanted = ExcludeCase(the_case().id, "found_in_isolation")
    with pytest.raises(ReferenceMissing):
        propose(wanted, reference=" ", by=stewards[0], at=at)
    proposed = propose(wanted, reference="电话记录 12", by=stewards[0], at=at)
    with pytest.raises(SamePerson):
        confirm(proposed.id, by=stewards[0], at=at)
    with pytest.raises(AlreadyProposed):
        propose(MoveCase(the_case().id, city.building_ids[1]), reference="x", by=stewards[1], at=at)
    assert suspended(city) == [city.building_id] * 2
    confirm(proposed.id, by=stewards[1], at=at + LATER)
    assert suspended(city) == []
    with pytest.raises(AlreadyDecided):
        confirm(proposed.id, by=stewards[1], at=at + LATER)


def test_a_declined_correction_frees_its_subject(city: City, stewards, at: datetime) -> None:
    say("cases", case("C1", city.building_id, at), at=at)
    wanted = ExcludeCase(the_case().id, "corrected")
    first = propose(wanted, reference="a", by=stewards[0], at=at)
    decline(first.id, note="依据不足", by=stewards[1], at=at)
    assert suspended(city) == [city.building_id] * 2
    propose(wanted, reference="b", by=stewards[0], at=at)


def test_what_was_corrected_meanwhile_is_not_corrected_again(city: City, stewards, at: datetime) -> None:
    say("cases", case("C1", city.building_id, at), at=at)
    proposed = propose(ExcludeCase(the_case().id, "corrected"), reference="a", by=stewards[0], at=at)
    say("cases", case("C2", city.building_ids[1], at, supersedes="C1"), at=at + LATER)
    with pytest.raises(SubjectMoved):
        confirm(proposed.id, by=stewards[1], at=at + LATER)
    assert suspended(city) == [city.building_ids[1]] * 2


def test_a_conflict_waits_blocks_and_is_settled(city: City, stewards, at: datetime) -> None:
    key, sampled = city.person_keys[0], at - timedelta(hours=3)
    say("tests", sample("L1", key, sampled, source="lab"), at=at)
    assert count_conflicts() == 0
    said = sample("D1", key, sampled, source="cdc", result="pending_review")
    say("tests", said, at=at)
    assert count_conflicts() == 1
    assert suspended(city) == [city.building_id]
    (view,) = list_conflicts()
    assert {test.record_id for test in view.tests} == {"D1", "L1"}
    lab = next(test for test in view.tests if test.source == "lab")
    proposed = propose(SettleConflict(view.conflict.id, lab.id), reference="复检单 8", by=stewards[0], at=at)
    assert count_conflicts() == 1
    confirm(proposed.id, by=stewards[1], at=at + LATER)
    assert count_conflicts() == 0
    assert suspended(city) == []


def test_where_no_result_stands_the_worker_samples_again(city: City, stewards, at: datetime) -> None:
    key, sampled = city.person_keys[0], at - timedelta(hours=3)
    say("tests", sample("L1", key, sampled), sample("D1", key, sampled, result="positive"), at=at)
    (view,) = list_conflicts()
    proposed = propose(SettleConflict(view.conflict.id, 0), reference="复检单 9", by=stewards[0], at=at)
    assert json.loads(view.conflict.record_ids) == ["D1", "L1"]
    confirm(proposed.id, by=stewards[1], at=at + LATER)
    assert (count_conflicts(), suspended(city)) == (0, [])


def test_a_review_is_closed_by_hand(city: City, stewards, at: datetime) -> None:
    opened = {
        "review_id": "V1",
        "building_id": city.building_id,
        "number_key": None,
        "origin": "antigen",
        "opened_at": at - LATER,
        "cleared_at": None,
        "outcome": None,
    }
    say("reviews", opened, at=at)
    assert suspended(city) == [city.building_id] * 2
    row = reading().scalars(select(ReviewRecord)).one()
    wanted = CloseReview(row.id, "cleared", at.isoformat())
    proposed = propose(wanted, reference="复核单 3", by=stewards[0], at=at + LATER)
    confirm(proposed.id, by=stewards[1], at=at + LATER)
    assert suspended(city) == []


def test_a_level_is_declared_for_many_buildings(city: City, stewards, at: datetime) -> None:
    wanted = DeclareZone(tuple(city.building_ids), "controlled", "declared", at.isoformat(), reason="公告 5")
    proposed = propose(wanted, reference="公告 5", by=stewards[0], at=at)
    assert [level(building_id, at) for building_id in city.building_ids] == [None, None]
    confirm(proposed.id, by=stewards[1], at=at + LATER)
    assert [level(building_id, at + LATER) for building_id in city.building_ids] == ["controlled"] * 2
