"""What the list's page counts is right at once, whichever door changed a row: no kept verdict outlives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from resume.db import reading
from resume.roster import queries
from resume.roster.eligibility import summary, verdicts_of
from resume.roster.forms import Filters
from resume.roster.hr_view import view_list
from resume.roster.judgement import judgement_of
from resume.roster.models import WorkerList
from resume.staffing import operations
from resume.staffing.comparing import seen_of
from tests.roster import city
from tests.roster.conftest import HR, Firm
from tests.staffing.rows import bad_row, by_name, current_of, list_of, submitted, texts

Door = Callable[[Firm, WorkerList], UUID]


def correct(firm: Firm, made: WorkerList) -> UUID:
    kept = operations.correct_row(bad_row(made, 5).id, texts(4), firm_id=firm.id, by=HR, at=firm.at)
    assert not kept.errors
    return kept.list_id


def discard(firm: Firm, made: WorkerList) -> UUID:
    return operations.discard_row(bad_row(made, 5).id, firm_id=firm.id, by=HR, at=firm.at)


def choose(firm: Firm, made: WorkerList) -> UUID:
    worker, _details = by_name(made.id)["丙明"]
    building = firm.buildings["B2"]
    chosen = operations.choose_building(
        worker.id, building, also_same=False, firm_id=firm.id, by=HR, at=firm.at
    )
    return chosen[0]


def remove(firm: Firm, made: WorkerList) -> UUID:
    worker, _details = by_name(made.id)["甲明"]
    return operations.remove_worker(worker.id, has_left=False, firm_id=firm.id, by=HR, at=firm.at)


def move(firm: Firm, made: WorkerList) -> UUID:
    """To a house where somebody tested positive."""
    worker, _details = by_name(made.id)["甲明"]
    kept = operations.change_worker(
        worker.id,
        texts(1, name="甲明", building="3号"),
        seen=operations.version_of(worker),
        firm_id=firm.id,
        by=HR,
        at=firm.at,
    )
    return kept.list_id


def add(firm: Firm, made: WorkerList) -> UUID:
    return operations.add_worker(made.id, texts(5), firm_id=firm.id, by=HR, at=firm.at).list_id


DOORS: dict[Door, tuple[int, int, int]] = {
    correct: (3, 0, 1),
    discard: (2, 0, 1),
    choose: (3, 0, 0),
    remove: (1, 0, 1),
    move: (1, 1, 1),
    add: (3, 0, 1),
}


def rows() -> list[dict[str, Any]]:
    """Two who may come, one whose house is not known, a bad row."""
    return [
        city.worker(1, name="甲明"),
        city.worker(2, name="乙明"),
        city.worker(3, name="丙明", building="22号"),
        city.worker(4, name="丁明", phone="12"),
    ]


def healthy(firm: Firm, evidence: city.Evidence) -> None:
    evidence.clean(range(1, 6)).screened(firm.buildings.values()).case(firm.buildings["B3"], days_ago=1)
    evidence.store()


def counted(firm: Firm, list_id: UUID) -> tuple[int, int, int]:
    """As the page says it: eligible, not eligible, not known. It is the same as without anything kept."""
    reading().rollback()
    made = queries.get_list(list_id, firm_id=firm.id)
    view = view_list(made, Filters(), at=firm.at)
    anew = summary(verdicts_of(queries.workers_of(list_id), at=firm.at, plan=None))
    assert view.summary.by_outcome == anew.by_outcome
    assert view.summary.total == view.count == anew.total
    return view.summary.eligible, view.summary.not_eligible, view.summary.not_known


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_counts_of_a_preview(firm: Firm, evidence: city.Evidence, door: Door) -> None:
    healthy(firm, evidence)
    made = firm.upload(*rows())
    assert counted(firm, made.id) == (2, 0, 1)
    assert counted(firm, door(firm, made)) == DOORS[door]


@pytest.mark.parametrize("door", [choose, remove, move, add], ids=lambda door: door.__name__)
def test_counts_of_a_copy_and_of_what_was_submitted(firm: Firm, evidence: city.Evidence, door: Door) -> None:
    healthy(firm, evidence)
    made = submitted(firm, *rows())
    before = counted(firm, made.id)
    assert before == (2, 0, 1)
    copy_id = door(firm, made)
    assert copy_id != made.id
    assert counted(firm, copy_id) == DOORS[door]
    assert counted(firm, made.id) == before


def test_counts_of_a_list_that_a_second_file_was_appended_to(firm: Firm, evidence: city.Evidence) -> None:
    healthy(firm, evidence)
    current = submitted(firm, *rows())
    preview = firm.upload(city.worker(5))
    assert counted(firm, preview.id) == (1, 0, 0)
    seen = seen_of(preview, current_of(firm))
    operations.settle(preview.id, way=operations.Way.APPEND, seen=seen, firm_id=firm.id, by=HR, at=firm.at)
    assert counted(firm, preview.id) == (3, 0, 1)
    assert counted(firm, current.id) == (2, 0, 1)


def test_no_door_leaves_a_judgement_that_another_process_remembers(
    firm: Firm, evidence: city.Evidence
) -> None:
    """Another process asks by the basis: one who moves house leaves size and watermark as they are."""
    healthy(firm, evidence)
    made = firm.upload(*rows())
    kept = judgement_of(made.id, plan=None, at=firm.at)
    move(firm, made)
    reading().rollback()
    assert judgement_of(made.id, plan=None, at=firm.at).basis != kept.basis
    assert list_of(firm, made.id).revision == 1
